"""Needles at a rate: ramp, corrected speed, PI.

Purpose: everything that MODE_RUN asks of the needle motor. Owns: RATE_SET_CHZ (the ramp) and LEAD.
Under hard load the voltage is exhausted for a part of every stroke; what the PI then cannot give
is missing from the mean. The lead raises the goal, pulse by pulse and by at most an eighth, until
the tachometer's rate over whole revolutions is the one that was asked.
"""

from firmware.control.rate_trim import pulse as trim_pulse
from firmware.control.rate_trim import reset as trim_reset
from firmware.control.speed_controller import control
from firmware.control.speed_controller import reset as controller_reset
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
_TRIM_CHZ = const(113)
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
_LEAD_SHIFT = const(4)  # a sixteenth of the error per pulse: 40 ms at 100 Hz
_LEAD_BOUND = const(2)  # sixteenths of the rate: 15 000 * 2 is far below 2^30


@micropython.viper
def begin(words):  # type: (Words) -> None
    """Start from standstill."""
    w = ptr32(words)
    w[_RATE_SET_CHZ] = 0
    w[_LEAD] = 0
    trim_reset(words)
    controller_reset(words)


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
    w[_TRIM_SUM_CHZ] = (((w[_TRIM_SUM_CHZ] + half) & mask) - half) + speed_chz
    w[_TRIM_TICKS] = w[_TRIM_TICKS] + 1
    lead = ((w[_LEAD] + half) & mask) - half
    if w[_PULSE_DELTA] != 0:
        trim_pulse(words)
        if set_chz == goal_chz:
            lead += set_chz - w[_RATE_CHZ]
            bound = set_chz * _LEAD_BOUND
            if lead > bound:
                lead = bound
            elif lead < -bound:
                lead = -bound
            w[_LEAD] = lead
    elif w[_TRIM_TICKS] > _SILENT_TICKS:
        trim_reset(words)
    w[_GOAL_CHZ] = set_chz + (lead >> _LEAD_SHIFT)
    w[_SPEED_CHZ] = speed_chz + (((w[_TRIM_CHZ] + half) & mask) - half)
    w[_LIMIT_MA] = _CURRENT_LIMIT_MA
    control(words)
