"""Speed of the needle motor: PI on the observed speed, with the back-EMF of the goal fed forward.

Purpose: goal and observed speed in, voltage out, once per millisecond. Owns: the integral.
Because the observed speed is V - I R over ke, a load's current reaches the output one tick after
it flows; that is the load compensation. The integral waits while the output is held back, be it by
the rail or by a current limit (anti-windup).

The output never asks for a current whose sign the observer could not tell: it drives, lets the
motor run at its own back-EMF, or brakes with 400 mV and more below it.

Gains, as volts per volt of back-EMF: the motor is a lag of 7.8 ms, measuring and output cost
1.5 ms, so a proportional gain of 4.5 crosses over at 560 rad/s with 45 degrees left; the integral
takes 7 ms.
"""

from firmware.control.motor_observer import BRAKE_GAP_MV
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.control.motor_observer import MotorObserver
    from firmware.drivers.motor_bridge import MotorBridge

_SHIFT = const(8)
_PROPORTIONAL = const(387)  # 4.5 * 0.336 mV per chz * 2^8
_INTEGRAL = const(54)  # a seventh of it per tick
_ERROR_MAX_CHZ = const(20_000)  # 20 000 * 258 < 2^23
_DISBELIEF_MV = const(200)  # 6 Hz; the correction of a healthy pen is below it
_INTEGRAL_MAX = const(6000 << 8)  # mV * 2^8: the whole rail


class SpeedController:
    """PI controller of one motor."""

    def __init__(self, observer: "MotorObserver", bridge: "MotorBridge") -> None:
        self._observer = observer
        self._bridge = bridge
        self._integral = 0  # mV * 2^8

    def reset(self) -> None:
        """Start afresh: no memory of an earlier load."""
        self._integral = 0

    def step(self, goal_chz: int, speed_chz: int, current_limit_ma: int) -> None:
        """Drive towards `goal_chz` (signed, to +-20000), which turns at `speed_chz` now.

        The voltage stays within what drives `current_limit_ma` (1..3000) through the winding.
        """
        observer = self._observer
        error_chz = goal_chz - speed_chz
        if error_chz > _ERROR_MAX_CHZ:
            error_chz = _ERROR_MAX_CHZ
        elif error_chz < -_ERROR_MAX_CHZ:
            error_chz = -_ERROR_MAX_CHZ
        integral = self._integral + error_chz * _INTEGRAL
        mv_scale = observer.mv_scale
        voltage_mv = (goal_chz * mv_scale >> 16) + (error_chz * _PROPORTIONAL + integral >> _SHIFT)
        # From here on as if the goal were forwards.
        sense = 1 if goal_chz >= 0 else -1
        voltage_mv *= sense
        emf_mv = observer.emf_mv * sense
        held = 0
        if voltage_mv < emf_mv:
            asked_mv = voltage_mv
            voltage_mv = self._brake_mv(asked_mv, emf_mv, (speed_chz * mv_scale >> 16) * sense)
            if voltage_mv != asked_mv:
                held = -sense
        else:
            # 3000 mA * 6000 mOhm < 2^25
            high_mv = emf_mv + current_limit_ma * observer.resistance_mohm // 1000
            if voltage_mv > high_mv:
                voltage_mv = high_mv if high_mv > 0 else 0
                held = sense
        self._bridge.drive_mv(voltage_mv * sense)
        held += self._bridge.limited
        # Wind the integral only where it still moves the output, or back from the limit.
        if held * error_chz <= 0 and -_INTEGRAL_MAX < integral < _INTEGRAL_MAX:
            self._integral = integral

    def _brake_mv(self, voltage_mv: int, emf_mv: int, corrected_mv: int) -> int:
        """Return what is put out instead of a voltage below the back-EMF."""
        # A current sense that is stuck lets the observer believe in any back-EMF; the corrected
        # speed, which the tachometer has a say in, does not follow it everywhere.
        low_mv = min(emf_mv, corrected_mv + _DISBELIEF_MV)
        if voltage_mv < low_mv - BRAKE_GAP_MV:
            low_mv -= BRAKE_GAP_MV
        # Braking may short the winding, but not turn it round.
        return max(low_mv, voltage_mv, 0)
