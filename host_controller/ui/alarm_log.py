"""The alarms that stand and the log of this visit's; one for all windows.

A warning that flickers is held for a moment, so that it can be read. What the pen does not latch
itself (a reason to stop, a problem of this program) stands until somebody has seen it or the pen
is armed again. Owns the log, what was seen and whether tones are muted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from host_controller import errors
from host_controller.ui.alarms import Alarm, Pressed, standing, urgency
from host_controller.ui.desk import View
from protocol.texts import PRIORITY_HIGH

HELD_S = 3.0  # an alarm is shown at least this long
KEPT = 200


@dataclass
class Row:
    """One alarm of the visit, from when to when."""

    alarm: Alarm
    since: datetime
    until: datetime | None = None
    seen: bool = False


class AlarmLog:
    """Feed it with `take`; pages show `current` and `rows`, and look at `version`."""

    def __init__(self) -> None:
        self.rows: list[Row] = []  # oldest first
        self.current: tuple[Alarm, ...] = ()
        self.version = 0  # changes whenever something to show has changed
        self.muted = False
        self._open: dict[str, Row] = {}
        self._shown_s: dict[str, float] = {}  # when it was there last
        self._seen: set[str] = set()
        self._rested_s = 0.0  # when the pen was last heard at rest
        self._old_stop: str | None = None  # a reason of before this visit

    def begin_visit(self) -> None:
        """A new client: the log begins again with what still stands."""
        self.rows = list(self._open.values())
        self.muted = False
        self.version += 1

    def take(
        self,
        view: View,
        pressed: Pressed,
        problems: Iterable[errors.PenError],
        now_s: float,
        now: datetime,
    ) -> None:
        """What stands now; called several times a second."""
        fresh = self._fresh(view, pressed, problems, now_s)
        found = {alarm.number: alarm for alarm in fresh}
        self._seen &= found.keys()
        for number, alarm in found.items():
            self._shown_s[number] = now_s
            had = self._open.get(number)
            if had is not None and had.alarm.priority == alarm.priority:
                had.alarm = alarm
                continue
            if had is not None:
                had.until = now
            self._open[number] = Row(alarm, now)
            self.rows = [*self.rows, self._open[number]][-KEPT:]
            self.version += 1
        for number in [n for n in self._open if n not in found]:
            if now_s - self._shown_s[number] >= HELD_S:
                self._open.pop(number).until = now
                self.version += 1
        shown = (row.alarm for row in self._open.values() if row.alarm.number not in self._seen)
        current = tuple(sorted(shown, key=lambda alarm: (urgency(alarm), alarm.number)))
        if current != self.current:
            self.current = current
            self.version += 1

    def _fresh(
        self,
        view: View,
        pressed: Pressed,
        problems: Iterable[errors.PenError],
        now_s: float,
    ) -> list[Alarm]:
        """What stands, without the pen's reason to stop from before this program was there."""
        if view.reading is not None and not view.moving:
            self._rested_s = view.heard_s
        found = standing(view, pressed._replace(rested_s=self._rested_s), problems, now_s)
        if self._old_stop is None and view.reading is not None:
            self._old_stop = next((a.number for a in found if a.number[0] == "S"), "")
        if view.reading is not None and (view.armed or view.moving):
            self._old_stop = ""
        return [alarm for alarm in found if alarm.number != self._old_stop]

    def see(self, number: str) -> None:
        """Somebody has read it; what the pen latches or measures stays until it is over."""
        if number in self._open and can_be_seen(self._open[number].alarm):
            self._seen.add(number)
            self._open[number].seen = True
            self.current = tuple(alarm for alarm in self.current if alarm.number != number)
            self.version += 1

    def mute(self, muted: bool) -> None:
        """Tones off or on; high ones cannot be muted."""
        self.muted = muted
        self.version += 1

    @property
    def tone(self) -> str:
        """Priority that sounds now, "" for silence."""
        first = next(iter(self.current), None)
        if first is None or (self.muted and first.priority != PRIORITY_HIGH):
            return ""
        return first.priority


def can_be_seen(alarm: Alarm) -> bool:
    """Whether reading it is enough: not for what still holds on the pen, nor for high ones."""
    return alarm.priority != PRIORITY_HIGH and alarm.number[0] in "SE"
