"""Fills a database with very many treatments, chained and indexed as the store would. No state."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from host_controller.records import chain, kinds, schema
from host_controller.records.chain import Entry, Head
from host_controller.records.index_rows import Put, operations
from host_controller.records.store import Store
from tests.host_controller.records.made_up import DAY, ZONES, treatment

EACH_CLIENT = 5  # sessions of a course
BATCH = 1000  # sessions in one transaction
WRITER = "abcdef-000001"
# What the index is made of; samples and stops would make the database larger, not the question.
INDEXED = (kinds.BEGIN, kinds.CARTRIDGE_USED, kinds.ZONE_END, kinds.END)


def client_of(number: int, sessions: int) -> str:
    """Whose session `number` is: courses run side by side, weeks apart."""
    return f"C-{number % max(1, sessions // EACH_CLIENT):06d}"


def _entries(first: int, end: int, sessions: int, head: Head) -> Iterator[Entry]:
    for number in range(first, end):
        at = DAY + timedelta(minutes=20 * number)
        zones = ZONES[: 1 + number % 3]
        fields = {"client": client_of(number, sessions), "session_id": number + 1}
        for entry in treatment(f"r{number:06d}", at, samples=0, zones=zones, **fields):
            if entry["type"] in INDEXED:
                line, head = chain.seal(entry, head)
                yield json.loads(line)


def fill(stores: Sequence[Store], first: int, end: int, sessions: int, head: Head | None) -> Head:
    """Add sessions `first` to `end` of `sessions` to each store; returns the head of the chain."""
    last = head or Head(WRITER, 0, chain.FIRST)
    for at in range(first, end, BATCH):
        entries = list(_entries(at, min(at + BATCH, end), sessions, last))
        for store in stores:
            _batch(store, entries, last.number == 0)
        last = chain.head_of(entries[-1])
    return last


def _batch(store: Store, entries: list[Entry], new: bool) -> None:
    rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}
    for entry in entries:
        for operation in operations(entry):
            if isinstance(operation, Put):
                key = tuple(operation.values[name] for name in operation.key)
                rows.setdefault(operation.table, {})[key] = operation.values
            else:
                rows["session"][(operation.record_id,)].update(operation.values)
    head = chain.head_of(entries[-1])
    lines = [
        {
            "writer": entry["writer"],
            "number": entry["number"],
            "record_id": entry["record_id"],
            "type": entry["type"],
            "line": chain.canonical(entry).decode(),
        }
        for entry in entries
    ]
    with store.engine.begin() as connection:
        connection.execute(insert(schema.entry), lines)
        for table, values in rows.items():
            connection.execute(insert(schema.metadata.tables[table]), list(values.values()))
        if new:
            connection.execute(insert(schema.writer), head._asdict())
        else:
            connection.execute(schema.writer.update().values(number=head.number, hash=head.hash))
