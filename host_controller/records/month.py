"""Questions about a month: its sessions, then by their numbers what happened in them.

Records without an end of their own are apart: what they lack stands in their samples alone, so
whoever asks has to read them whole. Owns no state.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, Select, select

from host_controller.records import schema
from host_controller.records.queries import ask
from host_controller.records.store import Store

UNCLOSED = ("interrupted", "open")
PAGE = 100  # records asked for at a time: few enough for every database to go by the index

Span = tuple[str, str]  # first moment and the one after the last, as entries write them


def sessions(span: Span, simulated: bool) -> Select[Any]:
    """Sessions begun in a span: how they ended, whether they were early."""
    table = schema.session
    wanted = select(table.c.record_id, table.c.outcome, table.c.early_reason).where(
        table.c.begun >= span[0], table.c.begun < span[1]
    )
    if not simulated:
        wanted = wanted.where(table.c.simulated == "", table.c.demo == 0)
    return wanted.order_by(table.c.begun)


def zones(record_ids: Sequence[str]) -> Select[Any]:
    """Treated zones of some records, once for each time they were entered."""
    table = schema.zone
    return select(table.c.record_id, table.c.zone).where(
        table.c.record_id.in_(record_ids), table.c.runs > 0
    )


def events(record_ids: Sequence[str]) -> Select[Any]:
    """Stops, faults and overrides of some records."""
    table = schema.event
    what = (table.c.record_id, table.c.kind, table.c.zone, table.c.field, table.c.word)
    return select(*what).where(table.c.record_id.in_(record_ids))


def in_pages(store: Store, of: Any, record_ids: Sequence[str]) -> Iterator[Row[Any]]:
    """The rows of `zones` or `events` for any number of records; raises DatabaseAway."""
    for at in range(0, len(record_ids), PAGE):
        yield from ask(store, of(record_ids[at : at + PAGE]))
