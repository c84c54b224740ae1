"""Needles at a rate: ramp, corrected speed, PI.

Purpose: everything that MODE_RUN asks of the needle motor. Owns: RATE_SET_CHZ (the ramp), LEAD and
the averages and the correction of the observed speed, TRIM_*.

The back-EMF speed is quick but a few percent off (resistance, magnet, sense gain); the tachometer
is exact but a revolution late. Both are averaged over the same last revolution; their difference is
the correction. It is bounded, so a tachometer that goes silent cannot make the motor run away;
safety judges the disagreement.

Under hard load the voltage is exhausted for a part of every stroke; what the PI then cannot give
is missing from the mean. The lead raises the goal, pulse by pulse and by at most an eighth, until
the tachometer's rate over whole revolutions is the one that was asked.
"""

from firmware.control.speed_controller import control
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

_PULSE_DELTA = const(19)
_RATE_CHZ = const(20)
_GRANT_RATE_CHZ = const(30)
_RATE_SET_CHZ = const(46)
_BACK_EMF_CHZ = const(48)
_LEAD = const(100)
_TRIM_SUM_CHZ = const(101)
_TRIM_TICKS = const(102)
_TRIM_SUMS = const(103)
_TRIM_COUNTS = const(107)
_TRIM_AT = const(111)
_TRIM_FILLED = const(112)
_TRIM_CHZ = const(113)
_INTEGRAL = const(114)
_GOAL_CHZ = const(123)
_SPEED_CHZ = const(124)
_LIMIT_MA = const(125)

_RATE_MIN_CHZ = const(2500)
_RATE_MAX_CHZ = const(15_000)
# 125 Hz in 100 ms; 2 pi 1250 / s^2 * 7.3e-8 kgm2 = 0.57 mNm, 107 mA on top of the load.
_RAMP_CHZ_PER_MS = const(125)
# The supervisor counts a peak from 1.5 A. The limit is set by voltage, so a winding 10 % below
# its nominal resistance draws 1.48 A.
_CURRENT_LIMIT_MA = const(1400)
_SILENT_TICKS = const(80)  # no pulse for this long: a stall, nothing to correct by
_TACH_PER_REVOLUTION = const(4)
_TRIM_SHIFT = const(2)  # a quarter of the difference per pulse: 1 % is left after four revolutions
_TRIM_SHARE_SHIFT = const(3)  # bounded by an eighth of the rate ...
_TRIM_BOUND_CHZ = const(300)  # ... and 3 Hz
_LEAD_SHIFT = const(4)  # a sixteenth of the error per pulse: 40 ms at 100 Hz
_LEAD_BOUND = const(2)  # sixteenths of the rate: 15 000 * 2 is far below 2^30


@micropython.viper
def begin(words):  # type: (Words) -> None
    """Start from standstill."""
    w = ptr32(words)
    w[_RATE_SET_CHZ] = _RAMP_CHZ_PER_MS  # the ramp begins here, the motor with the next tick
    w[_LEAD] = 0
    w[_INTEGRAL] = 0  # no memory of an earlier load
    _reset_trim(words)


@micropython.viper
def _reset_trim(words):  # type: (Words) -> None
    """Forget averages and correction."""
    w = ptr32(words)
    w[_TRIM_SUM_CHZ] = 0
    w[_TRIM_TICKS] = 0
    w[_TRIM_AT] = 0
    w[_TRIM_FILLED] = 0
    w[_TRIM_CHZ] = 0


@micropython.viper
def drive(words):  # type: (Words) -> None
    """One tick towards GRANT_RATE_CHZ, 2500..15 000; outside of it the nearer end."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    goal_chz = w[_GRANT_RATE_CHZ]
    if goal_chz < _RATE_MIN_CHZ:
        goal_chz = _RATE_MIN_CHZ
    elif goal_chz > _RATE_MAX_CHZ:
        goal_chz = _RATE_MAX_CHZ
    set_chz = w[_RATE_SET_CHZ]
    if set_chz < goal_chz:
        set_chz += _RAMP_CHZ_PER_MS
        if set_chz > goal_chz:
            set_chz = goal_chz
    elif set_chz > goal_chz:
        set_chz -= _RAMP_CHZ_PER_MS
        if set_chz < goal_chz:
            set_chz = goal_chz
    w[_RATE_SET_CHZ] = set_chz
    speed_chz = ((w[_BACK_EMF_CHZ] + half) & mask) - half
    trim_chz = ((w[_TRIM_CHZ] + half) & mask) - half
    lead = ((w[_LEAD] + half) & mask) - half
    # Of the interval since the last pulse: 81 ticks (a longer silence ends it) * 24 000 < 2^21.
    sum_chz = (((w[_TRIM_SUM_CHZ] + half) & mask) - half) + speed_chz
    ticks = w[_TRIM_TICKS] + 1
    w[_TRIM_SUM_CHZ] = sum_chz
    w[_TRIM_TICKS] = ticks
    if w[_PULSE_DELTA] != 0:
        rate_chz = w[_RATE_CHZ]
        sums = _TRIM_SUMS
        counts = _TRIM_COUNTS
        at = w[_TRIM_AT]
        w[_TRIM_AT] = (at + 1) & 3
        w[sums + at] = sum_chz
        w[counts + at] = ticks
        w[_TRIM_SUM_CHZ] = 0
        w[_TRIM_TICKS] = 0
        if w[_TRIM_FILLED] < _TACH_PER_REVOLUTION:
            # The interval before the first pulse is not a whole one.
            w[_TRIM_FILLED] = w[_TRIM_FILLED] + 1
        else:
            ticks = w[counts] + w[counts + 1] + w[counts + 2] + w[counts + 3]
            sum_chz = w[sums] + w[sums + 1] + w[sums + 2] + w[sums + 3]
            observed_chz = (((sum_chz + half) & mask) - half) // ticks
            trim_chz += (rate_chz - observed_chz - trim_chz) >> _TRIM_SHIFT
            bound_chz = (rate_chz >> _TRIM_SHARE_SHIFT) + _TRIM_BOUND_CHZ
            if trim_chz > bound_chz:
                trim_chz = bound_chz
            elif trim_chz < -bound_chz:
                trim_chz = -bound_chz
            w[_TRIM_CHZ] = trim_chz
        if set_chz == goal_chz:
            lead += set_chz - rate_chz
            bound = set_chz * _LEAD_BOUND
            if lead > bound:
                lead = bound
            elif lead < -bound:
                lead = -bound
            w[_LEAD] = lead
    elif ticks > _SILENT_TICKS:
        _reset_trim(words)
        trim_chz = 0
    w[_GOAL_CHZ] = set_chz + (lead >> _LEAD_SHIFT)
    w[_SPEED_CHZ] = speed_chz + trim_chz
    w[_LIMIT_MA] = _CURRENT_LIMIT_MA
    control(words)
