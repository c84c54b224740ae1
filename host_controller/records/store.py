"""The one store of treatments: takes sealed entries over and keeps the index of them.

Entries of a writer are taken in their order, without gap, in one transaction with the index rows
that follow from them; taking the same ones again changes nothing. Owns the engine.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from host_controller.records import chain, database, schema
from host_controller.records.chain import Entry, Head
from host_controller.records.home import Home, home
from host_controller.records.index_rows import Operation, Put, operations
from host_controller.records.views import SessionRecord

BATCH = 2000  # entries in one transaction

Read = Callable[[int], Sequence[Entry]]


class Forked(Exception):
    """Database and spool hold different entries under one number, or one of them lost some."""


class Store:
    """The database of a home. `Store.open` brings its tables up to date."""

    def __init__(self, home: Home, engine: Engine) -> None:
        self.home = home
        self.engine = engine

    @classmethod
    def open(cls, where: Home | None = None) -> "Store":
        """Open the store; raises DatabaseAway, DatabaseNewer or RecordUnwritable."""
        chosen = where or home()
        return cls(chosen, database.open_database(chosen))

    def close(self) -> None:
        """Let go of the connections."""
        self.engine.dispose()

    def reading(self) -> Connection:
        """A connection to ask questions on; use it in a `with`."""
        return self.engine.connect()

    def session(self, record_id: str) -> SessionRecord:
        """A record as its readers see it; raises NoSuchRecord, RecordBroken, DatabaseAway."""
        from host_controller.records.reading import session

        return session(self, record_id)

    def sessions(self, since: datetime, until: datetime) -> Iterator[SessionRecord]:
        """Records begun in [since, until), oldest first."""
        from host_controller.records.reading import sessions

        return sessions(self, since, until)

    def heads(self) -> dict[str, Head]:
        """The head of each chain the database holds."""
        with database.told(self.home), self.reading() as connection:
            rows = connection.execute(select(schema.writer)).all()
        return {row.writer: Head(row.writer, row.number, row.hash) for row in rows}

    def take(self, writer: str, read: Read) -> Head | None:
        """Take over what the database lacks of chain `writer`; returns the confirmed head.

        `read(number)` gives its entries from `number` on, or more of them. It is called once the
        chain is locked in the database, so that two programs of a computer cannot overtake each
        other. None when it gave another chain's.
        Raises Forked, DatabaseAway.
        """
        while True:
            with database.told(self.home):
                head, more = self._take_some(writer, read)
            if not more:
                return head

    def _take_some(self, writer: str, read: Read) -> tuple[Head | None, bool]:
        with self.engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
            _lock(connection, writer)
            table = schema.writer
            row = connection.execute(select(table).where(table.c.writer == writer)).first()
            have = Head(writer, row.number, row.hash) if row else Head(writer, 0, chain.FIRST)
            entries = list(read(have.number))
            if not entries or entries[0]["writer"] != writer:
                return None, False
            new = _following(entries, have)
            batch = new[:BATCH]
            if batch:
                have = chain.head_of(batch[-1])
                _insert(connection, batch)
                _set_head(connection, have, first=row is None)
            return have, len(new) > len(batch)

    def holds(self, entry: Entry) -> bool:
        """Whether this very entry is in the database."""
        table = schema.entry
        wanted = (table.c.writer == entry["writer"]) & (table.c.number == entry["number"])
        with database.told(self.home), self.reading() as connection:
            line = connection.execute(select(table.c.line).where(wanted)).scalar()
        return line is not None and line.encode() == chain.canonical(entry)


def _lock(connection: Connection, writer: str) -> None:
    """One program at a time appends to a chain; on SQLite the transaction itself sees to it."""
    if connection.dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(writer.encode()).digest()[:8], "big", signed=True)
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def _following(entries: Sequence[Entry], have: Head) -> list[Entry]:
    """The entries after `have`; raises Forked when they do not go on from it."""
    first, last = entries[0]["number"], entries[-1]["number"]
    if not first - 1 <= have.number <= last:
        raise Forked
    if have.number >= first:
        known = entries[have.number - first]
        if chain.head_of(known) != have:
            raise Forked
    new = list(entries[have.number - first + 1 :])
    if new and new[0]["previous"] != have.hash:
        raise Forked
    return new


def _insert(connection: Connection, entries: Sequence[Entry]) -> None:
    rows = [
        {
            "writer": entry["writer"],
            "number": entry["number"],
            "record_id": entry.get("record_id", ""),
            "type": entry["type"],
            "line": chain.canonical(entry).decode("ascii"),
        }
        for entry in entries
    ]
    connection.execute(insert(schema.entry), rows)
    for entry in entries:
        for operation in operations(entry):
            _apply(connection, operation)


def _apply(connection: Connection, operation: Operation) -> None:
    if isinstance(operation, Put):
        table = schema.metadata.tables[operation.table]
        connection.execute(_insert_new(connection, table), operation.values)
        return
    session = schema.session
    wanted = session.c.record_id == operation.record_id
    guarded = session.c[operation.guard] < operation.order
    connection.execute(update(session).where(wanted, guarded).values(operation.values))


def _insert_new(connection: Connection, table: Table) -> Any:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def _set_head(connection: Connection, head: Head, first: bool) -> None:
    table = schema.writer
    if first:
        connection.execute(insert(table), head._asdict())
    else:
        wanted = table.c.writer == head.writer
        connection.execute(update(table).where(wanted).values(number=head.number, hash=head.hash))
