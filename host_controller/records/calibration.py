"""When a pen has to be compared with gauges again. Pure.

No source names an interval for pens of this kind; ours is decision 22. A pen that nobody is known
to have calibrated is due.
"""

from datetime import date, timedelta
from typing import NamedTuple

INTERVAL_DAYS = 365
INTERVAL_MS = 50 * 3_600_000  # 50 h of running needles: wear of bearing and spring
SOON_DAYS = 30

NEVER, OVERDUE, SOON, GOOD = "never", "overdue", "soon", "good"


class CalibrationDue(NamedTuple):
    """How a pen stands; `day` is the last day on which it is still good, None where never done."""

    state: str
    day: date | None
    left_ms: int  # of needle time, negative when it is over


def due(done: date | None, needles_ms: int, today: date) -> CalibrationDue:
    """`needles_ms`: needle time since `done`, or of the pen's life where it never was."""
    if done is None:
        return CalibrationDue(NEVER, None, 0)
    day, left_ms = done + timedelta(INTERVAL_DAYS), INTERVAL_MS - needles_ms
    if today > day or left_ms < 0:
        return CalibrationDue(OVERDUE, day, left_ms)
    near = (day - today).days <= SOON_DAYS or left_ms * 10 <= INTERVAL_MS
    return CalibrationDue(SOON if near else GOOD, day, left_ms)
