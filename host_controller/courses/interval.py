"""Has the skin had its rest? The library's interval per zone against what the client had before.

Counted per zone, whatever the zone was treated for, because it is the skin that heals. Zones that
share skin count for each other. A session that was broken off counts as well. Pure.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from host_controller.courses.history import History, SessionSummary
from host_controller.library.skin import share_skin
from host_controller.planning.basis import EARLY_REASONS
from host_controller.planning.failures import TooEarly

INTERVAL_USUAL_DAYS = 28


class Rest(NamedTuple):
    """One zone that would be treated before its interval is over."""

    zone: str
    begun: datetime
    record_id: str
    interval_days: int

    @property
    def last(self) -> date:
        """Day of the last session, where this computer is."""
        return self.begun.astimezone().date()

    @property
    def due(self) -> date:
        """First day on which the interval is over."""
        return self.last + timedelta(days=self.interval_days)

    def days_since(self, today: date) -> int:
        """Days since the last session; negative when the records are of a later day."""
        return (today - self.last).days


def day_of(session: SessionSummary) -> date:
    """The day of a session where this computer is."""
    return session.begun.astimezone().date()


def last_treated(history: History, zone: str) -> SessionSummary | None:
    """The newest session in which the skin of `zone` was touched."""
    touched = [
        session
        for session in history.sessions
        if any(share_skin(zone, done.zone) for done in session.treated_zones)
    ]
    return max(touched, key=lambda session: session.begun, default=None)


def too_early(history: History, intervals: Mapping[str, int], today: date) -> tuple[Rest, ...]:
    """Zones whose interval is not over on `today`, the one that is due last first.

    `intervals` is days by zone. A session dated after today is never over: either the clock is
    wrong now, or it was then.
    """
    found = []
    for zone, days in intervals.items():
        session = last_treated(history, zone)
        if session is None:
            continue
        rest = Rest(zone, session.begun, session.record_id, days)
        if today < rest.due:
            found.append(rest)
    return tuple(sorted(found, key=lambda rest: (-rest.due.toordinal(), rest.zone)))


def must_have_rested(
    history: History,
    intervals: Mapping[str, int],
    early_reason: str,
    today: date,
    planned_at: datetime | None,
) -> None:
    """Raise TooEarly where a zone's interval is not over and no reason was given.

    A reason excuses the sessions that were known when it was given, at `planned_at`. A plan that
    is used again is early anew.
    """
    if not history.known and not early_reason:
        raise TooEarly(
            f"Nobody can say how long the skin of {history.client} has rested.",
            cause="The database of records cannot be reached now.",
            next_step="Mend that, or plan it with a reason that somebody stands for: "
            f"--early {'|'.join(EARLY_REASONS)}; the treatment is recorded all the same.",
        )
    rests = too_early(history, intervals, today)
    if early_reason and planned_at is not None:
        rests = tuple(rest for rest in rests if rest.begun > planned_at)
    if not rests:
        return
    raise TooEarly(
        f"{history.client} is due on {rests[0].due}, today is {today}.",
        lines=[
            f"{rest.zone}: treated on {rest.last} ({rest.days_since(today)} days ago), "
            f"{rest.interval_days} days are asked for"
            for rest in rests
        ],
        next_step=f"Wait, or plan it with a reason: --early {'|'.join(EARLY_REASONS)}",
    )
