"""Speed of the depth stage over a move: start, ramp up, cruise, ramp down, stop.

Purpose: how many half steps belong into this millisecond. Owns: speed, distance left, the fraction.
The stepper starts and stops without a ramp up to 700 half steps/s and follows up to 2200. Starting
and stopping at 300 leaves it ringing little enough to land within a half step; acceleration falls
from 32 000 to 15 000 half steps/s2 as the speed takes its share of the torque. 2.5 mm take 190 ms.
"""

from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

_STEPS_LEFT = const(194)
_STEP_SPEED = const(195)
_STEP_TOP = const(196)
_STEP_FRACTION = const(197)
_RAMP_STEPS = const(198)

_START_PER_S = const(300)
_GAIN = const(35)  # speed change per ms at standstill ...
_FALL = const(100)  # ... and one less for every 100 half steps/s


@micropython.viper
def start(words, half_steps, top_per_s):  # type: (Words, int, int) -> None
    """Begin a move of `half_steps` (0..1000) at up to `top_per_s` (300..2000)."""
    w = ptr32(words)
    w[_STEPS_LEFT] = int(half_steps)
    w[_STEP_TOP] = int(top_per_s)
    w[_STEP_SPEED] = _START_PER_S
    w[_STEP_FRACTION] = 0
    w[_RAMP_STEPS] = 0


@micropython.viper
def advance(words) -> int:  # type: ignore[no-untyped-def]
    """Return the half steps for the coming millisecond, 0..2."""
    w = ptr32(words)
    left = w[_STEPS_LEFT]
    if left == 0:
        return 0
    speed = w[_STEP_SPEED]
    top = w[_STEP_TOP]
    ramp = w[_RAMP_STEPS]
    change = 0
    if left <= ramp or speed > top:
        change = speed // _FALL - _GAIN
        speed += change
        if speed < _START_PER_S:
            speed = _START_PER_S
    elif speed < top:
        change = _GAIN - speed // _FALL
        speed += change
        if speed > top:
            speed = top
    w[_STEP_SPEED] = speed
    fraction = w[_STEP_FRACTION] + speed
    count = fraction // 1000
    if count > left:
        count = left
    w[_STEP_FRACTION] = fraction - count * 1000
    w[_STEPS_LEFT] = left - count
    if change > 0:
        w[_RAMP_STEPS] = ramp + count
    elif change < 0:
        w[_RAMP_STEPS] = ramp - count if ramp > count else 0
    return int(count)
