"""Needles at a rate: ramp, corrected speed, PI.

Purpose: everything that MODE_RUN asks of the needle motor. Owns: the ramp and the lead.
Under hard load the voltage is exhausted for a part of every stroke; what the PI then cannot give
is missing from the mean. The lead raises the goal, pulse by pulse and by at most an eighth, until
the tachometer's rate over whole revolutions is the one that was asked.
"""

from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.control.motor_observer import MotorObserver
    from firmware.control.rate_trim import RateTrim
    from firmware.control.speed_controller import SpeedController
    from firmware.readings import Readings

RATE_MIN_CHZ = const(2500)
RATE_MAX_CHZ = const(15_000)
# 125 Hz in 100 ms; 2 pi 1250 / s^2 * 7.3e-8 kgm2 = 0.57 mNm, 107 mA on top of the load.
_RAMP_CHZ_PER_MS = const(125)
# The supervisor counts a peak from 1.5 A. The limit is set by voltage, so a winding 10 % below
# its nominal resistance draws 1.48 A.
_CURRENT_LIMIT_MA = const(1400)
_SILENT_TICKS = const(80)  # no pulse for this long: a stall, nothing to correct by
_LEAD_SHIFT = const(4)  # a sixteenth of the error per pulse: 40 ms at 100 Hz
_LEAD_BOUND = const(2)  # sixteenths of the rate: 15 000 * 2 is far below 2^30


class NeedleDrive:
    """Rate control; `begin` once, then `step` every tick."""

    def __init__(
        self,
        readings: "Readings",
        observer: "MotorObserver",
        trim: "RateTrim",
        controller: "SpeedController",
    ) -> None:
        self._readings = readings
        self._observer = observer
        self._trim = trim
        self._controller = controller
        self.set_chz = 0  # after the ramp
        self._lead = 0
        self._lead_chz = 0

    def begin(self) -> None:
        """Start from standstill."""
        self.set_chz = 0
        self._lead = 0
        self._lead_chz = 0
        self._trim.reset()
        self._controller.reset()

    def step(self, goal_chz: int) -> None:
        """Drive towards `goal_chz`, 2500..15 000; outside of it the nearer end."""
        goal_chz = min(max(goal_chz, RATE_MIN_CHZ), RATE_MAX_CHZ)
        set_chz = self.set_chz
        if set_chz < goal_chz:
            set_chz = min(set_chz + _RAMP_CHZ_PER_MS, goal_chz)
            self.set_chz = set_chz
        elif set_chz > goal_chz:
            set_chz = max(set_chz - _RAMP_CHZ_PER_MS, goal_chz)
            self.set_chz = set_chz
        speed_chz = self._observer.speed_chz
        trim = self._trim
        trim.sum_chz += speed_chz
        trim.ticks += 1
        readings = self._readings
        if readings.pulse_delta:
            trim.pulse(readings.rate_chz)
            if set_chz == goal_chz:
                self._lead_by(set_chz, readings.rate_chz)
        elif trim.ticks > _SILENT_TICKS:
            trim.reset()
        speed_chz += trim.correction_chz
        self._controller.step(set_chz + self._lead_chz, speed_chz, _CURRENT_LIMIT_MA)

    def _lead_by(self, set_chz: int, rate_chz: int) -> None:
        lead = self._lead + set_chz - rate_chz
        bound = set_chz * _LEAD_BOUND
        lead = min(max(lead, -bound), bound)
        self._lead = lead
        self._lead_chz = lead >> _LEAD_SHIFT
