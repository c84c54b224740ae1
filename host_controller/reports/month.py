"""A month's quality report from the index: the same figures as reading every record, at once.

Records that were interrupted are read whole; they are few. Owns no state.
"""

from collections import Counter
from datetime import UTC, date, datetime

from host_controller.records import month as index
from host_controller.records.courses_due import text_of
from host_controller.records.failures import BadPeriod
from host_controller.records.queries import ask
from host_controller.records.store import Store
from host_controller.reports.quality import WANTED, Quality, quality


def month_of(text: str) -> tuple[datetime, datetime]:
    """[first moment of a month, first of the next) in UTC; raises BadPeriod."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise BadPeriod(f"{text!r} is no month.", next_step="Write it as 2026-11.") from error
    year, following = first.year + first.month // 12, first.month % 12 + 1
    return (
        datetime(first.year, first.month, 1, tzinfo=UTC),
        datetime(year, following, 1, tzinfo=UTC),
    )


def month_quality(store: Store, month: str, simulated: bool = False) -> Quality:
    """The figures of `month` (2026-11); raises BadPeriod, DatabaseAway, RecordBroken."""
    begin, end = month_of(month)
    rows = ask(store, index.sessions((text_of(begin), text_of(end)), simulated))
    unclosed = [row.record_id for row in rows if row.outcome in index.UNCLOSED]
    read = quality(month, (store.session(record_id) for record_id in unclosed), simulated)
    closed = [row for row in rows if row.outcome not in index.UNCLOSED]
    closed_ids = [row.record_id for row in closed]
    outcomes, early = Counter(read.outcomes), Counter(read.early)
    outcomes.update(row.outcome for row in closed)
    early.update(row.early_reason for row in closed if row.early_reason)
    overrides, faults = Counter(read.overrides), Counter(read.faults)
    stops, changed = Counter(read.hard_stops), set()
    for row in index.in_pages(store, index.events, closed_ids):
        if row.kind == "override":
            overrides[f"{row.zone}, {row.field}: {row.word}"] += 1
            changed.add((row.record_id, row.zone))
        elif row.kind == "fault":
            faults[row.word] += 1
        elif row.word not in WANTED:
            stops[row.word] += 1
    found = index.in_pages(store, index.zones, closed_ids)
    treated = {(row.record_id, row.zone) for row in found}
    return Quality(
        month,
        sessions=len(rows),
        zones=read.zones + len(treated),
        in_library=read.in_library + len(treated - changed),
        overrides=dict(overrides.most_common()),
        hard_stops=dict(stops.most_common()),
        faults=dict(faults.most_common()),
        early=dict(early.most_common()),
        outcomes=dict(outcomes.most_common()),
    )
