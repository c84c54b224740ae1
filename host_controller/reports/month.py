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
    span = (text_of(begin), text_of(end))
    unclosed = [row.record_id for row in ask(store, index.unclosed(span, simulated))]
    read = quality(month, (store.session(record_id) for record_id in unclosed), simulated)
    outcomes, early = Counter(read.outcomes), Counter(read.early)
    for row in ask(store, index.ends(span, simulated)):
        outcomes[row.outcome] += row.number
        if row.early_reason:
            early[row.early_reason] += row.number
    overrides, faults = Counter(read.overrides), Counter(read.faults)
    stops = Counter(read.hard_stops)
    for row in ask(store, index.events(span, simulated)):
        if row.kind == "override":
            overrides[f"{row.zone}, {row.field}: {row.word}"] += row.number
        elif row.kind == "fault":
            faults[row.word] += row.number
        elif row.word not in WANTED:
            stops[row.word] += row.number
    (treated,) = ask(store, index.zones(span, simulated))
    return Quality(
        month,
        sessions=outcomes.total(),
        zones=read.zones + treated.treated,
        in_library=read.in_library + treated.treated - treated.changed,
        overrides=dict(overrides.most_common()),
        hard_stops=dict(stops.most_common()),
        faults=dict(faults.most_common()),
        early=dict(early.most_common()),
        outcomes=dict(outcomes.most_common()),
    )
