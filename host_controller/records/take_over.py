"""Brings the chains of another database into this one, as when a clinic moves to PostgreSQL.

Chains keep names, numbers and hashes; taking them over again takes what is new. Owns no state.
"""

from collections.abc import Sequence

from sqlalchemy import select

from host_controller import errors
from host_controller.records import chain, database, schema
from host_controller.records.chain import Entry
from host_controller.records.store import Forked, Store


def _entries(source: Store, writer: str) -> Sequence[Entry]:
    table = schema.entry
    wanted = select(table.c.number, table.c.line).where(table.c.writer == writer)
    with database.told(source.home), source.reading() as connection:
        rows = connection.execute(wanted.order_by(table.c.number)).all()
    entries = []
    for row in rows:
        entry = chain.opened(row.line.encode())
        if entry is None:
            raise errors.RecordBroken(f"Entry {row.number} of chain {writer} was changed.")
        entries.append(entry)
    return entries


def take_over(source: Store, store: Store) -> int:
    """Take over every chain of `source`; returns how many entries were new.

    Raises RecordBroken where a chain does not hold or differs from what `store` has of it.
    """
    before = sum(head.number for head in store.heads().values())
    known = store.heads()
    for writer in sorted(source.heads()):
        entries = _entries(source, writer)
        have = known.get(writer)
        if not entries or (have is not None and have.number >= entries[-1]["number"]):
            continue
        try:
            store.take(writer, lambda _, entries=entries: entries)  # type: ignore[misc]
        except Forked as error:
            raise errors.RecordBroken(
                f"Chain {writer} does not go on from what this database has of it.",
                cause="Entries are missing in it, or one of the two was changed.",
            ) from error
    return sum(head.number for head in store.heads().values()) - before
