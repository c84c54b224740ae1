"""The next session of a course: when, which zones, and with what the last one was done. Pure.

A repetition asks for the values of last time; the library of today decides about them like about
any other plan, so what has become too much since is refused and not carried over.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from host_controller.courses import progress
from host_controller.courses.history import History, SessionSummary, ZoneSummary
from host_controller.courses.interval import INTERVAL_USUAL_DAYS, day_of, last_treated
from host_controller.library.library import Library
from host_controller.planning.proposal import Request


class Following(NamedTuple):
    """A proposal for the next session of a concern."""

    concern: str
    after: str  # record id of the last session
    sessions: int  # had so far, for this concern
    last: date
    due: date
    zones: tuple[ZoneSummary, ...]  # as last time, without those that no needle touched
    remark: str


class Due(NamedTuple):
    """One line of the list of who is due."""

    client: str
    concern: str
    last: date
    due: date

    def overdue_days(self, today: date) -> int:
        """Days since the day it was due; negative before it."""
        return (today - self.due).days


def interval_days(library: Library, concern: str, zones: Iterable[str]) -> int:
    """The longest interval of a concern's zones; the usual one where the library has none."""
    known = [library.entries[key] for key in library.entries if key[0] == concern]
    days = [entry.interval_days for entry in known if entry.zone in set(zones)]
    return max(days, default=INTERVAL_USUAL_DAYS)


def last_of(history: History, concern: str) -> SessionSummary | None:
    """The newest session for a concern in which a needle touched skin."""
    sessions = [s for s in history.sessions if s.concern == concern and s.treated_zones]
    return max(sessions, key=lambda session: session.begun, default=None)


def following(history: History, library: Library, concern: str) -> Following | None:
    """What the next session would be; None when there was none for this concern."""
    last = last_of(history, concern)
    if last is None:
        return None
    zones = last.treated_zones
    day = day_of(last)
    due = day + timedelta(days=interval_days(library, concern, (zone.zone for zone in zones)))
    for zone in zones:  # skin that was treated for something else since has to rest as well
        other = last_treated(history, zone.zone)
        if other is not None:
            rest = interval_days(library, concern, (zone.zone,))
            due = max(due, day_of(other) + timedelta(days=rest))
    count = sum(s.concern == concern and bool(s.treated_zones) for s in history.sessions)
    return Following(
        concern, last.record_id, count, day, due, zones, _remark(last, history, concern)
    )


def _remark(last: SessionSummary, history: History, concern: str) -> str:
    graded = progress.of(history, concern)
    if last.outcome != "complete":
        return f"The last session was not finished ({last.outcome})."
    if graded.change is not None and graded.change < 0:
        return "The grade is worse than at the beginning: look before you go on."
    if graded.unchanged >= 3:
        return f"The grade is the same for {graded.unchanged} scores: ask whether to go on."
    return ""


def repeat(
    client: str, session: SessionSummary, *, early_reason: str = "", fitzpatrick: str = ""
) -> Request:
    """A request for the same again: zones, depths, rates, areas and cartridge of `session`.

    Passes and dose are the library's: what was done last time says when it was enough, not what
    was meant.
    """
    changes: list[tuple[str, str, int]] = []
    for zone in session.treated_zones:
        changes += [
            (zone.zone, "depth", zone.depth_um),
            (zone.zone, "rate", zone.rate_chz),
            (zone.zone, "area", zone.area_mm2),
        ]
    return Request(
        client=client,
        concern=session.concern,
        zones=tuple(zone.zone for zone in session.treated_zones),
        fitzpatrick=fitzpatrick,
        pins=session.pins,
        early_reason=early_reason,
        changes=tuple(changes),
    )


def due_list(
    sessions: Iterable[tuple[str, SessionSummary]], library: Library, today: date, ahead_days: int
) -> list[Due]:
    """Clients whose next session is due by `ahead_days` from today, the longest overdue first.

    `sessions` are (client, session); of each client and concern the newest one counts.
    """
    newest: dict[tuple[str, str], SessionSummary] = {}
    for client, session in sessions:
        if not session.concern or not session.treated_zones:
            continue
        key = (client, session.concern)
        if key not in newest or session.begun > newest[key].begun:
            newest[key] = session
    found = []
    for (client, concern), session in newest.items():
        zones = (zone.zone for zone in session.treated_zones)
        last = day_of(session)
        due = last + timedelta(days=interval_days(library, concern, zones))
        if due <= today + timedelta(days=ahead_days):
            found.append(Due(client, concern, last, due))
    return sorted(found, key=lambda row: (row.due, row.client, row.concern))
