"""Changes somebody could make to the tables behind the program's back, drawn at random.

Each works on an open transaction, which is rolled back afterwards, so that one database serves
thousands. Cutting off an end is done thoroughly: heads and index are made to fit.
"""

import random
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from host_controller.records import chain, schema
from host_controller.records.chain import Head

TABLES = (schema.entry, schema.writer, *schema.INDEX)
KINDS = ("flip", "delete", "exchange", "forge", "double", "truncate")


class Tamper(NamedTuple):
    """What was done; `places` are what the first break may be called."""

    table: str
    kind: str
    what: str
    places: tuple[str, ...]


def open_to_changes(connection: Connection) -> None:
    """Take away the database's own guard, as somebody with its password could."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE entry DISABLE TRIGGER ALL"))
    else:
        connection.execute(text("DROP TRIGGER entry_no_update"))
        connection.execute(text("DROP TRIGGER entry_no_delete"))


def _keys(table: Table) -> list[str]:
    return [column.name for column in table.primary_key.columns]


def _where(table: Table, row: dict[str, Any]) -> Any:
    condition = table.c[_keys(table)[0]] == row[_keys(table)[0]]
    for name in _keys(table)[1:]:
        condition &= table.c[name] == row[name]
    return condition


def place(table: Table, row: dict[str, Any]) -> str:
    """What verify calls this row."""
    if table is schema.entry:
        return f"entry {row['number']} of chain {row['writer']}"
    if table is schema.writer:
        return f"chain {row['writer']}"
    key = ", ".join(str(row[name]) for name in _keys(table))
    return f"row {key} of the index {table.name}"


def _names(table: Table, row: dict[str, Any]) -> tuple[str, ...]:
    """The row, or the chain that it stands in or was put into."""
    return (
        (place(table, row), f"chain {row['writer']}") if "writer" in row else (place(table, row),)
    )


def _rows(connection: Connection, table: Table) -> list[dict[str, Any]]:
    ordered = select(table).order_by(*(table.c[name] for name in _keys(table)))
    return [dict(row) for row in connection.execute(ordered).mappings()]


def _changed(rng: random.Random, value: Any) -> Any:
    if isinstance(value, int):
        return value + rng.choice((-1, 1, 7, 1 << rng.randrange(12)))
    if not value:
        return rng.choice("xyz")
    at = rng.randrange(len(value))
    other = rng.choice([c for c in '0123456789abcdefXYZ{}",: ' if c != value[at]])
    return value[:at] + other + value[at + 1 :]


def _flip(rng: random.Random, connection: Connection, table: Table) -> Tamper:
    row = rng.choice(_rows(connection, table))
    name = rng.choice(list(row))
    fresh = {name: _changed(rng, row[name])}
    connection.execute(update(table).where(_where(table, row)).values(fresh))
    places = (*_names(table, row), *_names(table, row | fresh))
    return Tamper(table.name, "flip", f"{name} {row[name]!r:.40}", places)


def _delete(rng: random.Random, connection: Connection, table: Table) -> Tamper:
    row = rng.choice(_rows(connection, table))
    connection.execute(delete(table).where(_where(table, row)))
    return Tamper(table.name, "delete", place(table, row), (place(table, row),))


def _exchange(rng: random.Random, connection: Connection, table: Table) -> Tamper:
    rows = _rows(connection, table)
    if len(rows) < 2:
        return _delete(rng, connection, table)
    for _ in range(50):
        one, two = rng.sample(rows, 2)
        rest = [name for name in one if name not in _keys(table)]
        if any(one[name] != two[name] for name in rest):
            break
    else:
        return _delete(rng, connection, table)
    for row, other in ((one, two), (two, one)):
        values = {name: other[name] for name in rest}
        connection.execute(update(table).where(_where(table, row)).values(values))
    places = (place(table, one), place(table, two))
    return Tamper(table.name, "exchange", " and ".join(places), places)


def _double(rng: random.Random, connection: Connection, table: Table) -> Tamper:
    row = rng.choice(_rows(connection, table))
    key = rng.choice(_keys(table))
    copy = row | {key: _changed(rng, row[key])}
    connection.execute(insert(table).values(copy))
    return Tamper(
        table.name, "double", place(table, copy), (*_names(table, copy), *_names(table, row))
    )


def _forge(rng: random.Random, connection: Connection, _table: Table) -> Tamper:
    """Rewrite an entry so that its own hash is right."""
    table = schema.entry
    row = rng.choice(_rows(connection, table))
    entry = chain.opened(row["line"].encode())
    assert entry is not None
    head = Head(entry["writer"], entry["number"] - 1, entry["previous"])
    fields = {k: v for k, v in entry.items() if k not in ("hash", "previous")}
    line, _ = chain.seal({**fields, "forged": rng.randrange(1000)}, head)
    connection.execute(update(table).where(_where(table, row)).values(line=line.decode()))
    following = place(table, row | {"number": row["number"] + 1})
    head_place = f"chain {row['writer']}"
    return Tamper("entry", "forge", place(table, row), (place(table, row), following, head_place))


def _truncate(rng: random.Random, connection: Connection, _table: Table) -> Tamper:
    """Cut the end of a chain off and make heads and index fit what is left."""
    entry, writer = schema.entry, schema.writer
    names = connection.execute(select(writer.c.writer).order_by(writer.c.writer)).scalars().all()
    name = rng.choice(list(names))
    last = connection.execute(select(func.max(entry.c.number)).where(entry.c.writer == name))
    end = int(last.scalar_one())
    keep = end - rng.randint(1, min(end, 40))
    cut = (entry.c.writer == name) & (entry.c.number > keep)
    records = connection.execute(select(entry.c.record_id).where(cut).distinct()).scalars().all()
    connection.execute(delete(entry).where(cut))
    if keep:
        mine = (entry.c.writer == name) & (entry.c.number == keep)
        line = connection.execute(select(entry.c.line).where(mine)).scalar_one()
        head = chain.head_of(chain.opened(line.encode()) or {})
        fresh = {"number": head.number, "hash": head.hash}
        connection.execute(update(writer).where(writer.c.writer == name).values(fresh))
    else:
        connection.execute(delete(writer).where(writer.c.writer == name))
    for table in (schema.session, schema.zone, schema.cartridge):
        connection.execute(delete(table).where(table.c.record_id.in_(records)))
    first = keep + 1
    places = (f"entry {first} of chain {name}", f"entries {first}-")
    return Tamper("entry", "truncate", f"{end - keep} of chain {name}", places)


_DONE_BY = {
    "flip": _flip,
    "delete": _delete,
    "exchange": _exchange,
    "double": _double,
    "forge": _forge,
    "truncate": _truncate,
}


def tamper(rng: random.Random, connection: Connection, kind: str, table: Table) -> Tamper | None:
    """Do it; None when the database did not let it be done (a key that is there already)."""
    point = connection.begin_nested()
    try:
        done = _DONE_BY[kind](rng, connection, table)
    except DBAPIError:
        point.rollback()
        return None
    point.commit()
    return done
