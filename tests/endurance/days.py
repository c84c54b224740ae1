"""Fourteen days without a restart, on CPython: nine sessions a day, and every clock wraps.

Idle time is not lived through: at standstill bench and pen are moved on by whole periods of the
microsecond clock (2^30 us, 18 minutes), which the pen cannot tell from living through them, and its
own milliseconds by as much. Sessions, and the last minutes before the milliseconds wrap (2^30 ms,
12.4 days), are run in full. Owns the bench of one run.
"""

from dataclasses import dataclass
from typing import Any

from tests.endurance.working_day import WorkingDay
from tests.fault_injection.bed import CLOCK_US, PULSES, Bed
from tests.system.harness import BenchPen

DAYS = 14.0
RUN_MS = 2000
IDLE_MS = 2000
SHORT_MS = 300
PERIOD_US = 1 << 30
WRAP_MS = 1 << 30
PERIODS = 9  # between two sessions, nine of which make a day: 2.7 hours
BEFORE_WRAP_MS = 8000  # then a session begins, and the clock wraps in it
DAY_MS = 86_400_000
SMALL = 1 << 30  # integers that the board holds without taking heap
CLOCK_OFF_S = 3  # whole seconds at both ends; 1100 moves are rounded by 0.8 ms each


@dataclass
class Days:
    """What so many days came to."""

    days: float = 0.0
    sessions: int = 0
    runs: int = 0
    mishaps: int = 0
    lived_ms: int = 0
    wraps_us: int = 0
    wraps_ms: int = 0
    clock_off_s: int = 0  # the pen's date against the host's, at worst
    ended: str = ""

    @property
    def note(self) -> str:
        """In words."""
        return (
            f"cpython: {self.sessions} sessions, {self.runs} runs, {self.mishaps} mishaps, "
            f"{self.lived_ms / 3_600_000:.1f} h of it run in full, idle time skipped in periods "
            f"of the microsecond clock; {self.wraps_us} and {self.wraps_ms} wraps; "
            f"date off by at most {self.clock_off_s} s"
        )


class _Life:
    """One pen for all the days."""

    def __init__(self, pen: BenchPen, found: Days, start_ms: int) -> None:
        self.pen = pen
        self.found = found
        self.day = WorkingDay(pen)
        self.app: Any = pen.bench.twin.app  # type: ignore[attr-defined]
        if start_ms:
            self.app.readings.t_ms = start_ms

    def once(self) -> None:
        """A session, a look, hours that nobody lives through."""
        before_ms = self.app.readings.t_ms
        before_us = self._pen_us()
        self.day.session(RUN_MS, IDLE_MS)
        self._count(before_ms, before_us)
        self._look()
        for _ in range(PERIODS):
            left_ms = WRAP_MS - self.app.readings.t_ms
            if left_ms <= PERIOD_US // 1000 + BEFORE_WRAP_MS:
                self._live_up_to_the_wrap(left_ms)
                return
            self._move_on()

    def _pen_us(self) -> int:
        bench = self.pen.bench
        return bench.plant.t_us - bench._boot_us

    def _live_up_to_the_wrap(self, left_ms: int) -> None:
        if left_ms > BEFORE_WRAP_MS:
            before_us = self._pen_us()
            self.pen.bench.advance(left_ms - BEFORE_WRAP_MS)
            self._count(self.app.readings.t_ms, before_us)
            self.pen.connect()

    def _move_on(self) -> None:
        """18 minutes at once."""
        ms = PERIOD_US // 1000
        self.app.readings.t_ms += ms
        self.day.skipped_ms += ms
        self.found.wraps_us += 1
        self.pen.bench.advance(20)  # the main loop sees it

    def _count(self, before_ms: int, before_us: int) -> None:
        self.found.wraps_us += self._pen_us() // PERIOD_US - before_us // PERIOD_US
        self.found.wraps_ms += self.app.readings.t_ms < before_ms

    def _look(self) -> None:
        """No exception, no large number, the right date."""
        app, found = self.app, self.found
        found.sessions, found.runs, found.mishaps = (
            self.day.sessions,
            self.day.runs,
            self.day.mishaps,
        )
        if app.statistics.errors:
            raise AssertionError(app.statistics.last_error)
        if self.pen.bench.firmware_error:
            raise AssertionError(self.pen.bench.firmware_error)
        large = [f"{where} = {value}" for where, value in integers(app) if abs(value) > SMALL]
        if large:
            raise AssertionError(f"beyond 30 bits: {', '.join(large)}")
        off_s = abs(app.wall_clock.unix_s() - int(self.day.now.timestamp()))
        found.clock_off_s = max(found.clock_off_s, off_s)
        if off_s > CLOCK_OFF_S:
            raise AssertionError(f"the pen's date is off by {off_s} s")
        found.lived_ms = self.pen.bench.now_ms
        found.days = (found.lived_ms + self.day.skipped_ms) / DAY_MS


def integers(app: Any) -> list[tuple[str, int]]:
    """Every integer that the firmware's objects hold, but dates and ids, with its path."""
    found: list[tuple[str, int]] = []
    seen: set[int] = set()
    left: list[tuple[str, Any]] = [("app", app)]
    while left:
        path, thing = left.pop()
        if id(thing) in seen or any(word in path for word in NO_COUNTERS):
            continue
        seen.add(id(thing))
        for name, value in vars(thing).items():
            here = f"{path}.{name}"
            if isinstance(value, int):
                found.append((here, value))
            elif type(value).__module__.startswith(("firmware", "protocol")) and hasattr(
                value, "__dict__"
            ):
                left.append((here, value))
    words = app.readings.words
    found += [(f"words[{number}]", words[number]) for number in range(len(words))]
    return [one for one in found if not one[0].endswith(NO_COUNTERS)]


# Dates since 1970, the session's own number and nonces have 32 bits; the board holds them outside
# the tick. The board's ports belong to the bench.
NO_COUNTERS = (".board", "_set_s", "session_id", "_nonce", "_wires")


def live_for(days: float, start_ms: int = 0, sessions: int = 1 << 30) -> Days:
    """Live until `days` have passed, or so many sessions."""
    found = Days()
    with BenchPen(seed=14) as pen:
        life = _Life(pen, found, start_ms)
        while found.days < days and not found.ended and found.sessions < sessions:
            try:
                life.once()
            except Exception as error:
                found.ended = f"session {life.day.sessions}: {type(error).__name__}: {error}"
    return found


def through_wraps(count: int, first_ms: int = 400, step_ms: int = 97) -> int:
    """A pen each whose microseconds (and count of tachometer pulses) wrap at another moment of a
    session, the first at `first_ms` after its start; how many wraps there were. Raises what goes
    wrong.
    """
    wraps = 0
    for number in range(count):
        wrap_ms = first_ms + number * step_ms
        with Bed(seed=1 + number, clock_us=CLOCK_US - wrap_ms * 1000, pulses=PULSES - 150) as pen:
            life = _Life(pen, Days(), 0)
            life.day.session(SHORT_MS, 0)
            life._look()
            wraps += pen.plant.t_us - pen.bench._boot_us >= PERIOD_US
    return wraps
