"""Speed of the depth stage over a move: start, ramp up, cruise, ramp down, stop.

Purpose: how many half steps belong into this millisecond. Owns: speed, distance left, the fraction.
The stepper starts and stops without a ramp up to 700 half steps/s and follows up to 2200. Starting
and stopping at 300 leaves it ringing little enough to land within a half step; acceleration falls
from 32 000 to 15 000 half steps/s2 as the speed takes its share of the torque. 2.5 mm take 190 ms.
"""

from protocol.interpreter import const

START_PER_S = const(300)
TOP_PER_S = const(2000)
_GAIN = const(35)  # speed change per ms at standstill ...
_FALL = const(100)  # ... and one less for every 100 half steps/s


class StepProfile:
    """One move at a time."""

    def __init__(self) -> None:
        self.remaining = 0  # half steps
        self.speed_per_s = START_PER_S
        self._top_per_s = TOP_PER_S
        self._fraction = 0  # thousandths of a half step
        self.ramp_steps = 0  # made while speeding up: as many are needed to slow down again

    def start(self, half_steps: int, top_per_s: int) -> None:
        """Begin a move of `half_steps` (0..1000) at up to `top_per_s` (300..2000)."""
        self.remaining = half_steps
        self._top_per_s = top_per_s
        self.speed_per_s = START_PER_S
        self._fraction = 0
        self.ramp_steps = 0

    def limit(self, top_per_s: int) -> None:
        """Go on at no more than `top_per_s`; the speed falls along the ramp."""
        self._top_per_s = top_per_s

    def extend(self, half_steps: int) -> None:
        """Let the move under way end `half_steps` (0..1000) from here."""
        self.remaining = half_steps

    def advance(self) -> int:
        """Return the half steps for the coming millisecond, 0..2."""
        remaining = self.remaining
        if remaining == 0:
            return 0
        speed = self.speed_per_s
        change = 0
        if remaining <= self.ramp_steps or speed > self._top_per_s:
            change = speed // _FALL - _GAIN
            speed = max(speed + change, START_PER_S)
            self.speed_per_s = speed
        elif speed < self._top_per_s:
            change = _GAIN - speed // _FALL
            speed = min(speed + change, self._top_per_s)
            self.speed_per_s = speed
        fraction = self._fraction + speed
        count = min(fraction // 1000, remaining)
        self._fraction = fraction - count * 1000
        self.remaining = remaining - count
        if change > 0:
            self.ramp_steps += count
        elif change < 0:
            self.ramp_steps = max(self.ramp_steps - count, 0)
        return count
