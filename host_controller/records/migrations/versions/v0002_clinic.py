"""What the clinic's views ask for: stops, faults and overrides by month, calibrations, pens."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql, sqlite

revision = "0002"
down_revision = "0001"

_BATCH = 1000
_ENTRY = sa.table("entry", *map(sa.column, ("writer", "number", "record_id", "type", "line")))
_ZONE = sa.table("zone", *map(sa.column, ("record_id", "number", "runs")))


def _text(name: str, length: int) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length), nullable=False, server_default="")


def _number(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="0")


def _key(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def upgrade() -> None:
    """Make the tables and fill them from the entries that are there."""
    op.add_column("zone", _number("runs"))
    event = op.create_table(
        "event",
        _key("record_id", sa.String(32)),
        _key("number", sa.Integer()),
        _key("part", sa.Integer()),
        _text("kind", 8),
        _text("zone", 24),
        _text("field", 8),
        _text("word", 32),
    )
    op.create_table(
        "calibration",
        _key("writer", sa.String(13)),
        _key("number", sa.Integer()),
        _text("pen", 32),
        _text("done", 32),
        _text("done_by", 16),
        _number("depth_error_um"),
        _number("rate_error_ppt"),
    )
    op.create_index("calibration_of_pen", "calibration", ["pen", "done"])
    op.create_index("session_of_pen_by_time", "session", ["pen", "begun"])
    connection = op.get_bind()
    for lines in _entries(connection):
        rows = {
            (row["record_id"], row["number"], row["part"]): row
            for line in lines
            for row in _events(line)
        }
        if rows:
            connection.execute(_insert_new(connection, event), list(rows.values()))
        runs = [
            {"of": line["record_id"], "at": line["number"], "runs": line["runs"]}
            for line in lines
            if line["type"] == "zone end"
        ]
        if runs:
            wanted = (_ZONE.c.record_id == sa.bindparam("of")) & (
                _ZONE.c.number == sa.bindparam("at")
            )
            connection.execute(sa.update(_ZONE).where(wanted), runs)


def _insert_new(connection: Any, table: sa.Table) -> Any:
    maker = postgresql if connection.dialect.name == "postgresql" else sqlite
    return maker.insert(table).on_conflict_do_nothing()


def _entries(connection: Any) -> Iterator[list[dict[str, Any]]]:
    """Entries that count, in batches; lines that are no JSON are left to `verify`."""
    place = sa.tuple_(_ENTRY.c.writer, _ENTRY.c.number)
    counted = _ENTRY.c.type.in_(("begin", "stop", "fault", "zone end"))
    after = ("", 0)
    while True:
        wanted = sa.select(_ENTRY.c.writer, _ENTRY.c.number, _ENTRY.c.line).where(
            counted, place > sa.tuple_(*map(sa.literal, after))
        )
        rows = connection.execute(wanted.order_by(*place.clauses).limit(_BATCH)).all()
        if not rows:
            return
        after = (rows[-1].writer, rows[-1].number)
        yield [entry for row in rows if (entry := _read(row.line)) is not None]


def _read(line: str) -> dict[str, Any] | None:
    """The entry, with the fields that are used here; None for one that somebody has changed."""
    try:
        entry: dict[str, Any] = json.loads(line)
        list(_events(entry))
        return {"runs": 0} | entry
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _events(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    base = {"record_id": entry["record_id"], "number": entry["number"], "part": 0, "field": ""}
    if entry["type"] == "stop":
        yield {**base, "kind": "stop", "zone": entry["zone"], "word": entry["reason"]}
    elif entry["type"] == "fault":
        yield {**base, "kind": "fault", "zone": entry.get("zone", ""), "word": entry["fault"]}
    elif entry["type"] == "begin":
        for part, (zone, field, reason) in enumerate(_overrides(entry)):
            yield {**base, "part": part, "kind": "override", "zone": zone, "field": field,
                   "word": reason}  # fmt: skip


def _overrides(begin: dict[str, Any]) -> list[tuple[str, str, str]]:
    planning = begin.get("planning") or {}
    if planning.get("library_id"):
        rows = planning.get("deviations") or []
        return [(row["zone"], row["field"], row["reason"]) for row in rows]
    zones = (begin.get("plan") or {}).get("zones") or []
    return [(row["zone"], "depth", row["override"]) for row in zones if row["override"]]
