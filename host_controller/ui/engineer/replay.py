"""A recording played again into the plots: old readings at their own pace, or faster.

Talks with no pen: STOP and the frame stay with the one that is connected. Owns the position.
"""

import itertools
from pathlib import Path

from host_controller import errors, telemetry_csv
from host_controller.replies import Reading

SPEEDS = (1, 4, 16, 0)  # 0: all at once
_WRAP = 1 << 30
LATE_MS = 1000  # the answer to a question may overtake a reading
GAP_MS = 2000  # a longer silence, or a pen that started anew, is not waited for


def load(path: Path) -> list[Reading]:
    """Readings of a file; raises UsageError."""
    try:
        with path.open(encoding="ascii", newline="") as file:
            return telemetry_csv.parse(file, path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise errors.UsageError(
            f"{path.name} cannot be read.",
            cause=f"{error}.",
            next_step="Choose a recording from the list.",
        ) from error


class Replay:
    """One recording; `due` gives what is to be shown at a time of the wall's steady clock."""

    def __init__(self, name: str, readings: list[Reading], now_s: float) -> None:
        self.name = name
        self.readings = readings
        self._at_ms = _moments(readings)
        self._next = 0
        self._played_ms = 0.0
        self._speed = SPEEDS[0]
        self._since_s = now_s

    @property
    def length_ms(self) -> int:
        """From the first reading to the last."""
        return self._at_ms[-1] if self._at_ms else 0

    @property
    def played_ms(self) -> int:
        """Where it is."""
        return min(round(self._played_ms), self.length_ms)

    @property
    def ended(self) -> bool:
        """Whether the last reading has been given."""
        return self._next >= len(self.readings)

    @property
    def speed(self) -> int:
        """How many times as quick as it was; 0: all at once."""
        return self._speed

    def set_speed(self, speed: int, now_s: float) -> None:
        """Go on at another speed from here."""
        self._move_to(now_s)
        self._speed = speed

    def wait(self, now_s: float) -> None:
        """Stand still until now: the picture is paused."""
        self._since_s = now_s

    def due(self, now_s: float) -> list[Reading]:
        """Readings whose time has come since the last call, oldest first."""
        self._move_to(now_s)
        first, at_ms = self._next, self._at_ms
        while self._next < len(at_ms) and at_ms[self._next] <= self._played_ms:
            self._next += 1
        return self.readings[first : self._next]

    def _move_to(self, now_s: float) -> None:
        passed_ms = (now_s - self._since_s) * 1000
        self._since_s = now_s
        self._played_ms += passed_ms * self._speed
        if not self._speed:
            self._played_ms = float(self.length_ms)


def _moments(readings: list[Reading]) -> list[int]:
    """When each reading comes, from 0; gaps are shortened to GAP_MS."""
    found: list[int] = []
    at_ms = 0
    for before, reading in itertools.pairwise(readings):
        found.append(at_ms)
        step_ms = (reading.t_ms - before.t_ms) % _WRAP
        if step_ms < _WRAP - LATE_MS:
            at_ms += min(step_ms, GAP_MS)
    return [*found, at_ms] if readings else []
