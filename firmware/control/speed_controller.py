"""Speed of the needle motor: PI on the observed speed, with the back-EMF of the goal fed forward.

Purpose: goal and observed speed in, duty out, once per millisecond, whatever the rail's voltage is
at the moment. Owns: the integral, and with the bridge DUTY_OUT, BRIDGE and DRIVING.
Because the observed speed is V - I R over ke, a load's current reaches the output one tick after
it flows; that is the load compensation. The integral waits while the output is held back, be it by
the rail or by a current limit (anti-windup).

The output never asks for a current whose sign the observer could not tell: it drives, lets the
motor run at its own back-EMF, or brakes with 400 mV and more below it.

Gains, as volts per volt of back-EMF: the motor is a lag of 7.8 ms, measuring and output cost
1.5 ms, so a proportional gain of 4.5 crosses over at 560 rad/s with 45 degrees left; the integral
takes 7 ms.
"""

from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

_BRIDGE = const(33)
_DUTY_OUT = const(34)
_DRIVING = const(47)
_RAIL_MV = const(83)
_MV_SCALE = const(88)
_RESISTANCE_MOHM = const(92)
_EMF_MV = const(94)
_INTEGRAL = const(114)
_GOAL_CHZ = const(123)
_SPEED_CHZ = const(124)
_LIMIT_MA = const(125)

_BRIDGE_DRIVE = const(1)
_PWM_TOP = const(5000)
_SHIFT = const(8)
_PROPORTIONAL = const(387)  # 4.5 * 0.336 mV per chz * 2^8
_PER_TICK = const(54)  # of the integral: a seventh of it
_ERROR_MAX_CHZ = const(20_000)  # 20 000 * 387 < 2^23
_BRAKE_GAP_MV = const(400)
_DISBELIEF_MV = const(200)  # 6 Hz; the correction of a healthy pen is below it
_RAIL_MAX_MV = const(6000)


@micropython.viper
def reset(words):  # type: (Words) -> None
    """Start afresh: no memory of an earlier load."""
    ptr32(words)[_INTEGRAL] = 0


@micropython.viper
def control(words):  # type: (Words) -> None
    """Drive towards GOAL_CHZ, where the motor turns at SPEED_CHZ now.

    The voltage stays within what drives LIMIT_MA through the winding.
    """
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    goal_chz = ((w[_GOAL_CHZ] + half) & mask) - half
    speed_chz = ((w[_SPEED_CHZ] + half) & mask) - half
    error_chz = goal_chz - speed_chz
    if error_chz > _ERROR_MAX_CHZ:
        error_chz = _ERROR_MAX_CHZ
    elif error_chz < -_ERROR_MAX_CHZ:
        error_chz = -_ERROR_MAX_CHZ
    integral = ((w[_INTEGRAL] + half) & mask) - half
    integral += error_chz * _PER_TICK
    mv_scale = w[_MV_SCALE]
    voltage_mv = (goal_chz * mv_scale >> 16) + (error_chz * _PROPORTIONAL + integral >> _SHIFT)
    # From here on as if the goal were forwards.
    sense = 1
    if goal_chz < 0:
        sense = -1
    voltage_mv *= sense
    emf_mv = (((w[_EMF_MV] + half) & mask) - half) * sense
    held = 0
    if voltage_mv < emf_mv:
        # Below its back-EMF the motor is left alone, or braked by a gap that the observer sees.
        # A current sense that is stuck lets the observer believe in any back-EMF; the corrected
        # speed, which the tachometer has a say in, does not follow it everywhere.
        low_mv = (speed_chz * mv_scale >> 16) * sense + _DISBELIEF_MV
        if low_mv > emf_mv:
            low_mv = emf_mv
        if voltage_mv < low_mv - _BRAKE_GAP_MV:
            low_mv -= _BRAKE_GAP_MV
        # Braking may short the winding, but not turn it round.
        if low_mv < 0:
            low_mv = 0
        if voltage_mv < low_mv:
            voltage_mv = low_mv
            held = -sense
    else:
        # 3000 mA * 6000 mOhm < 2^25
        high_mv = emf_mv + w[_LIMIT_MA] * w[_RESISTANCE_MOHM] // 1000
        if voltage_mv > high_mv:
            voltage_mv = high_mv
            if voltage_mv < 0:
                voltage_mv = 0
            held = sense
    # 6000 mV * 5000 counts = 3e7
    duty = voltage_mv * sense * _PWM_TOP // w[_RAIL_MV]
    if duty > _PWM_TOP:
        duty = _PWM_TOP
        held += 1
    elif duty < -_PWM_TOP:
        duty = -_PWM_TOP
        held -= 1
    w[_DUTY_OUT] = duty
    w[_BRIDGE] = _BRIDGE_DRIVE
    w[_DRIVING] = 1
    # Wind the integral only where it still moves the output, or back from the limit.
    most = int(_RAIL_MAX_MV) << _SHIFT
    if held * error_chz <= 0 and -most < integral and integral < most:
        w[_INTEGRAL] = integral
