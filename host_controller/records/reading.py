"""Reads whole records out of the store. Owns no state."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from host_controller import errors
from host_controller.records import kinds, queries
from host_controller.records.chain import Entry
from host_controller.records.session_view import session_record
from host_controller.records.store import Store
from host_controller.records.views import SessionRecord


def find(store: Store, text: str) -> str:
    """The one record whose id begins with `text`; raises NoSuchRecord."""
    found = [row.record_id for row in queries.ask(store, queries.begun_with(text))]
    if text in found:
        return text
    if len(found) == 1:
        return str(found[0])
    if not found:
        raise errors.NoSuchRecord(f"There is no record {text!r}.")
    raise errors.NoSuchRecord(
        f"{len(found)} records begin with {text!r}.",
        cause="The id is not complete.",
        lines=sorted(found)[:10],
        next_step="Give more of the id.",
    )


def _pen_log(store: Store, begin: Entry) -> list[dict[str, Any]]:
    rows = queries.ask(store, queries.pen_events_of(begin["pen"], begin["session_id"]))
    return [{"number": row.number, **json.loads(row.body)} for row in rows if row.log == "usage"]


def session(store: Store, record_id: str) -> SessionRecord:
    """A record; raises NoSuchRecord, RecordBroken, DatabaseAway."""
    entries = queries.entries(store, record_id)
    begin = next((entry for entry in entries if entry["type"] == kinds.BEGIN), None)
    if begin is None:
        raise errors.NoSuchRecord(f"The beginning of record {record_id} is not in the database.")
    return session_record(entries, _pen_log(store, begin))


def sessions(store: Store, since: datetime, until: datetime) -> Iterator[SessionRecord]:
    """Records begun in [since, until), oldest first."""
    ends = [moment.astimezone(UTC).isoformat(timespec="milliseconds") for moment in (since, until)]
    for row in queries.ask(store, queries.between(*ends)):
        yield session(store, row.record_id)
