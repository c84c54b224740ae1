"""The newest treated session of each client and concern: who may be due. Owns no state.

A session in which no needle touched skin neither begins a rest nor hides the session before it.
Asked by time, newest first: what counts is near its due day, so few rows are looked at.
"""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, exists, or_, select

from host_controller.courses.history import SessionSummary
from host_controller.records import queries, schema
from host_controller.records.store import Store


def text_of(moment: datetime) -> str:
    """A moment as entries write it; these sort as they are."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def day_begins(day: date) -> datetime:
    """The first moment of a day where this computer is."""
    return datetime.combine(day, time()).astimezone()


def _treated(session: FromClause, simulated: bool) -> ColumnElement[bool]:
    zone = schema.zone
    touched = exists().where(
        zone.c.record_id == session.c.record_id,
        or_(zone.c.punctures_per_cm2 > 0, zone.c.contact_ms > 0),
    )
    real = session.c.demo == 0
    return real & touched if simulated else real & (session.c.simulated == "") & touched


def last_treated(
    since: str, until: str, count: int | None, *, concern: str = "", simulated: bool = False
) -> Select[Any]:
    """Sessions begun in [since, until) that none of the client's for this concern followed."""
    table = schema.session
    later = table.alias("later")
    followed = exists().where(
        later.c.client == table.c.client,
        later.c.begun > table.c.begun,
        later.c.concern == table.c.concern,
        _treated(later, simulated),
    )
    wanted = select(table).where(
        table.c.begun >= since,
        table.c.begun < until,
        table.c.client != "",
        table.c.concern == concern if concern else table.c.concern != "",
        _treated(table, simulated),
        ~followed,
    )
    return wanted.order_by(table.c.begun.desc()).limit(count)


def last_sessions(
    store: Store,
    since: datetime,
    until: datetime | None = None,
    count: int | None = None,
    *,
    concern: str = "",
    simulated: bool = False,
) -> list[tuple[str, SessionSummary]]:
    """(client, session) of the newest treated sessions, the newest first; raises DatabaseAway."""
    end = text_of(until) if until else "~"  # sorts after every moment
    wanted = last_treated(text_of(since), end, count, concern=concern, simulated=simulated)
    rows = queries.ask(store, wanted)
    found = zip(rows, queries.summaries(store, rows), strict=True)
    return [(str(row.client), session) for row, session in found]
