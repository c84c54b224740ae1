"""Hours of treatments on unix MicroPython: whether the heap of the board grows or breaks up.

Every millisecond is run, none is skipped. Owns the interpreter of one measurement.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hardware.simulator.twin_micropython import MicropythonTwin
from tests.endurance.working_day import WorkingDay
from tests.system.harness import BenchPen

RUN_MS = 40_000
IDLE_MS = 30_000
HOUR_MS = 3_600_000


@dataclass
class Look:
    """The heap at standstill after a collection."""

    used: int
    largest: int  # piece that can be had


@dataclass
class Hours:
    """What so many simulated hours came to."""

    hours: float = 0.0
    sessions: int = 0
    runs: int = 0
    mishaps: int = 0
    errors: int = 0  # exceptions that the firmware caught
    ended: str = ""  # why it ended early
    looks: list[Look] = field(default_factory=list)

    @property
    def note(self) -> str:
        """In words."""
        return (
            f"micropython at the board's heap, every millisecond run: {self.sessions} sessions, "
            f"{self.runs} runs, {self.mishaps} mishaps"
        )

    def _third(self, number: int) -> list[Look]:
        size = len(self.looks) // 3
        return self.looks[size * number : size * (number + 1)]

    @property
    def growth(self) -> int:
        """Bytes by which the least in use has grown from the first to the last third."""
        first, last = self._third(0), self._third(2)
        return min(one.used for one in last) - min(one.used for one in first)

    @property
    def largest(self) -> int:
        """The smallest of the largest pieces in the last third."""
        return min(one.largest for one in self._third(2))


def treat_for(
    hours: float,
    program: Path | None = None,
    seed: int = 1,
    tell: Callable[[Hours], None] | None = None,
    run_ms: int = RUN_MS,
) -> Hours:
    """Treat one client after the other; `tell` is called after each."""
    found = Hours()
    twin = MicropythonTwin(program, script=("-m", "tests.endurance.heap_probe"))
    with BenchPen(twin, seed=seed) as pen:
        day = WorkingDay(pen, seed)
        while found.hours < hours and not found.ended:
            try:
                day.session(run_ms, IDLE_MS)
            except Exception as error:
                found.ended = f"session {day.sessions}: {type(error).__name__}: {error}"
            if twin.error:
                found.ended = twin.error
            found.hours = pen.bench.now_ms / HOUR_MS
            found.sessions, found.runs, found.mishaps = day.sessions, day.runs, day.mishaps
            _take_looks(twin, found)
            if tell is not None:
                tell(found)
    return found


def _take_looks(twin: MicropythonTwin, found: Hours) -> None:
    while twin._stderr:
        line = twin._stderr.popleft()
        words = line.split()
        if words[:1] != ["heap"]:
            found.ended = line
            return
        used, largest, found.errors = (int(word) for word in words[1:])
        found.looks.append(Look(used, largest))
