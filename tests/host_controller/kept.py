"""What was recorded in this test's data folder, read as `pen records` would."""

from typing import Any

from sqlalchemy import select

from host_controller.cli.records_desk import opened
from host_controller.records import chain, kinds, schema
from host_controller.records.verify import verify


def entries() -> list[dict[str, Any]]:
    """All entries in order, but for those that begin a chain."""
    table = schema.entry
    with opened() as store, store.reading() as connection:
        rows = connection.execute(select(table.c.line).order_by(table.c.writer, table.c.number))
        found = [chain.opened(row.line.encode()) for row in rows]
    return [entry for entry in found if entry and entry["type"] != kinds.CHAIN_BEGINS]


def kind_names(*without: str) -> list[str]:
    """The kinds of all entries, in order, `without` some."""
    return [entry["type"] for entry in entries() if entry["type"] not in without]


def broken() -> list[str]:
    """What `pen records verify` finds."""
    with opened() as store:
        return [f"{found.place}: {found.reason}" for found in verify(store).breaks]
