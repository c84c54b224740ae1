"""Fast cut-offs: what must stop the needles within milliseconds, looked at in every tick.

One `if` per hazard; each counts the milliseconds for which its limit has been passed and trips its
fault when the time of `limits.py` is full. In RUNNING one look over all of them comes first: while
everything is inside, which is nearly always, nothing is counted and the tick stays short.
Nothing here can start anything: all it does is `trip`. Owns these counters and what was granted.
"""

from firmware.safety.limits import (
    CURRENT_CODE_DEAD,
    CURRENT_CODE_RAIL,
    CURRENT_DEFAULT_MA,
    CURRENT_PEAK_MA,
    CURRENT_PEAK_MS,
    CURRENT_SENSOR_MS,
    CURRENT_START_BLANK_MS,
    DEPTH_ERROR_MS,
    DEPTH_ERROR_UM,
    OVERCURRENT_MS,
    OVERSPEED_CHZ,
    OVERSPEED_MS,
    OVERSPEED_PERCENT,
    OVERSPEED_SET_MS,
    RATE_LOW_MS,
    RATE_LOW_PERCENT,
    STALL_MS,
    STALL_START_MS,
    TACHOMETER_ERROR_CHZ,
    TACHOMETER_ERROR_MS,
    TICK_LATE_US,
)
from protocol import codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.readings import Readings
    from firmware.safety.faults import Faults
    from firmware.safety.status import MotionStatus

_SEATED = 1 << codes.COND_SEATED


class Cutoffs:
    """Counters against limits, from the grant of a run to the end of its parking."""

    def __init__(self, readings: "Readings", motion: "MotionStatus", faults: "Faults") -> None:
        self._readings = readings
        self._motion = motion
        self._trip = faults.trip
        self.begin(0, 0, CURRENT_DEFAULT_MA)

    def begin(self, depth_um: int, rate_chz: int, current_limit_ma: int) -> None:
        """Take over what was granted for the coming run and start counting afresh."""
        self.depth_um = depth_um
        self.rate_chz = rate_chz
        self.current_limit_ma = current_limit_ma
        self._inside_low_chz = rate_chz * RATE_LOW_PERCENT // 100 + 1
        self._inside_high_chz = min(rate_chz * OVERSPEED_PERCENT // 100, OVERSPEED_CHZ)
        self._driven_ms = 0  # since the motor was last switched on
        self._over_ms = 0
        self._tachometer_ms = 0
        self._settle()

    def _settle(self) -> None:
        """Everything is inside: the counters go back to 0, or back by 1 where it comes and goes."""
        self._depth_ms = 0
        self._overspeed_ms = 0
        self._above_set_ms = 0
        self._low_ms = 0
        self._peak_ms = 0
        self._dead_ms = 0
        if self._over_ms:
            self._over_ms -= 1
        if self._tachometer_ms:
            self._tachometer_ms -= 1
        self._counting = self._over_ms | self._tachometer_ms

    def running(self, word: int) -> None:
        """RUNNING: all of what follows, with one look for the usual case."""
        readings = self._readings
        motion = self._motion
        rate_chz = readings.rate_chz
        depth_error_um = readings.depth_um - motion.depth_set_um
        disagreement_chz = rate_chz - motion.back_emf_chz
        if (
            self._inside_low_chz <= rate_chz <= self._inside_high_chz
            and -DEPTH_ERROR_UM <= depth_error_um <= DEPTH_ERROR_UM
            and readings.current_ma <= self.current_limit_ma
            and readings.current_code >= CURRENT_CODE_DEAD
            and readings.pulse_age_ms < STALL_MS
            and -TACHOMETER_ERROR_CHZ <= disagreement_chz <= TACHOMETER_ERROR_CHZ
            and readings.tick_us <= TICK_LATE_US
            and word & _SEATED
            and motion.driving
            and not motion.failed
        ):
            self._driven_ms += 1
            if self._counting:
                self._settle()
            return
        self._counting = 1
        self.armed(word)
        self.driven()
        self._judge_depth(depth_error_um)
        self._judge_rate(rate_chz)
        self._judge_senses(disagreement_chz)

    def armed(self, word: int) -> None:
        """ARMED, POSITIONING, RUNNING, PARKING: the cartridge is there and the tick is on time."""
        if not word & _SEATED:
            self._trip(codes.FAULT_CARTRIDGE_LOST)
        if self._readings.tick_us > TICK_LATE_US:
            self._trip(codes.FAULT_TICK_LATE)

    def driven(self) -> None:
        """POSITIONING, RUNNING, PARKING: current, absolute speed, and motion's own word."""
        readings = self._readings
        self._driven_ms = self._driven_ms + 1 if self._motion.driving else 0
        if readings.current_ma <= CURRENT_PEAK_MA:
            self._peak_ms = 0
        elif not 0 < self._driven_ms <= CURRENT_START_BLANK_MS:
            self._peak_ms += 1
            if self._peak_ms >= CURRENT_PEAK_MS:
                if readings.current_code >= CURRENT_CODE_RAIL:
                    self._trip(codes.FAULT_CURRENT_SENSOR)
                self._trip(codes.FAULT_CURRENT_PEAK)
        if readings.current_ma > self.current_limit_ma:
            self._over_ms += 1
            if self._over_ms >= OVERCURRENT_MS:
                self._trip(codes.FAULT_OVERCURRENT)
        elif self._over_ms:
            self._over_ms -= 1  # ripple within a stroke counts back, not to zero
        if readings.rate_chz > OVERSPEED_CHZ:
            self._overspeed_ms += 1
            if self._overspeed_ms >= OVERSPEED_MS:
                self._trip(codes.FAULT_OVERSPEED)
        else:
            self._overspeed_ms = 0
        if self._motion.failed:
            self._trip(self._motion.failed)

    def approaching(self) -> None:
        """POSITIONING, PARKING: the stage is under way but never beyond what was granted."""
        beyond_um = self._readings.depth_um - self.depth_um
        self._judge_depth(beyond_um if beyond_um > 0 else 0)

    def _judge_depth(self, error_um: int) -> None:
        if -DEPTH_ERROR_UM <= error_um <= DEPTH_ERROR_UM:
            self._depth_ms = 0
        else:
            self._depth_ms += 1
            if self._depth_ms >= DEPTH_ERROR_MS:
                self._trip(codes.FAULT_DEPTH_ERROR)

    def _judge_rate(self, rate_chz: int) -> None:
        """Against the granted rate above, against the ramp below; stall once the motor turned."""
        if rate_chz * 100 > self.rate_chz * OVERSPEED_PERCENT:
            self._above_set_ms += 1
            if self._above_set_ms >= OVERSPEED_SET_MS:
                self._trip(codes.FAULT_OVERSPEED)
        else:
            self._above_set_ms = 0
        if rate_chz * 100 < self._motion.rate_set_chz * RATE_LOW_PERCENT:
            self._low_ms += 1
            if self._low_ms >= RATE_LOW_MS:
                self._trip(codes.FAULT_RATE_LOW)
        else:
            self._low_ms = 0
        age_ms = self._readings.pulse_age_ms
        if age_ms < self._driven_ms:
            if age_ms >= STALL_MS:
                self._trip(codes.FAULT_STALL)
        elif self._driven_ms >= STALL_START_MS:
            self._trip(codes.FAULT_STALL)

    def _judge_senses(self, disagreement_chz: int) -> None:
        """A current sensor that shows nothing, a tachometer that disagrees with back-EMF."""
        if self._readings.current_code >= CURRENT_CODE_DEAD:
            self._dead_ms = 0
        else:
            self._dead_ms += 1
            if self._dead_ms >= CURRENT_SENSOR_MS:
                self._trip(codes.FAULT_CURRENT_SENSOR)
        if not -TACHOMETER_ERROR_CHZ <= disagreement_chz <= TACHOMETER_ERROR_CHZ:
            self._tachometer_ms += 1
            if self._tachometer_ms >= TACHOMETER_ERROR_MS:
                self._trip(codes.FAULT_TACHOMETER)
        elif self._tachometer_ms:
            self._tachometer_ms -= 1  # missing pulses agree by chance now and then
