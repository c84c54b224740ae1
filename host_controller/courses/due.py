"""Which sessions to ask for when it has to be known who is due in a span of days. Pure.

The day somebody is due is their last session plus an interval of the library, so a span of due
days is a span of last sessions: the longest interval before its begin to the shortest before its
end. What lies in it for another interval drops out afterwards.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from host_controller.courses.following import Due, due_list
from host_controller.courses.history import SessionSummary
from host_controller.courses.interval import INTERVAL_USUAL_DAYS
from host_controller.library.library import Library

LOOK_BACK_DAYS = 400  # who was not seen for longer is no longer in a course
SOON_DAYS = 7

OVERDUE, DUE, RESTING = STATES = ("overdue", "due", "resting")


class Span(NamedTuple):
    """Days from `first` up to and without `end`."""

    first: date
    end: date

    def holds(self, day: date) -> bool:
        """Whether `day` lies in it."""
        return self.first <= day < self.end


def due_days(state: str, today: date) -> Span:
    """The due days that make somebody overdue, due (today or within a week) or resting."""
    if state == OVERDUE:
        return Span(today - timedelta(LOOK_BACK_DAYS), today)
    if state == DUE:
        return Span(today, today + timedelta(SOON_DAYS + 1))
    return Span(today + timedelta(SOON_DAYS + 1), today + timedelta(LOOK_BACK_DAYS))


def treated_days(due: Span, library: Library, today: date) -> Span:
    """Days of a last session whose due day may lie in `due`."""
    intervals = {entry.interval_days for entry in library.entries.values()}
    intervals.add(INTERVAL_USUAL_DAYS)
    first = due.first - timedelta(max(intervals))
    return Span(first, min(due.end - timedelta(min(intervals)), today + timedelta(1)))


def within(
    sessions: Iterable[tuple[str, SessionSummary]], library: Library, today: date, due: Span
) -> list[Due]:
    """Who is due in `due`, the one whose day is nearest to today first."""
    ahead = (due.end - today).days
    rows = [row for row in due_list(sessions, library, today, ahead) if due.holds(row.due)]
    return sorted(rows, key=lambda row: (abs((row.due - today).days), row.client, row.concern))
