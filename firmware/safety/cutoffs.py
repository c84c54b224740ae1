"""Fast cut-offs: what must stop the needles within milliseconds, looked at in every tick.

One `if` per hazard, in the order of a reader's worry; each counts the milliseconds for which its
limit has been passed and trips its fault when the time of `limits.py` is full. Owns these
counters. Nothing here can start anything: the only thing it does is `trip`.
"""

from firmware.safety import limits
from protocol import codes
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.readings import Readings
    from firmware.safety.faults import Faults
    from firmware.safety.status import MotionStatus

_SEATED = 1 << codes.COND_SEATED
_WINDOW_MASK = const(0xFF)  # UNCOMMANDED_WINDOW_MS - 1


class Cutoffs:
    """Counters against limits. `depth_um`, `rate_chz`, `current_limit_ma` are what was granted."""

    def __init__(self, readings: "Readings", motion: "MotionStatus", faults: "Faults") -> None:
        self._readings = readings
        self._motion = motion
        self._trip = faults.trip
        self.depth_um = 0
        self.rate_chz = 0
        self.current_limit_ma = limits.CURRENT_DEFAULT_MA
        self._depth_ms = 0
        self._overspeed_ms = 0
        self._above_set_ms = 0
        self._low_ms = 0
        self._stall_ms = 0
        self._stall_limit_ms = limits.STALL_START_MS
        self._driven_ms = 0
        self._peak_ms = 0
        self._over_ms = 0
        self._tachometer_ms = 0
        self._dead_ms = 0
        self._enable_ms = 0
        self._off_current_ms = 0
        self._off_pulses = 0

    def begin(self, depth_um: int, rate_chz: int, current_limit_ma: int) -> None:
        """Take over what was granted for the coming run and start counting afresh."""
        self.depth_um = depth_um
        self.rate_chz = rate_chz
        self.current_limit_ma = current_limit_ma
        self._depth_ms = 0
        self._overspeed_ms = 0
        self._above_set_ms = 0
        self._low_ms = 0
        self._stall_ms = 0
        self._stall_limit_ms = limits.STALL_START_MS
        self._driven_ms = 0
        self._peak_ms = 0
        self._over_ms = 0
        self._tachometer_ms = 0
        self._dead_ms = 0

    def armed(self, word: int) -> None:
        """ARMED, POSITIONING, RUNNING, PARKING: the cartridge is there and the tick is on time."""
        if not word & _SEATED:
            self._trip(codes.FAULT_CARTRIDGE_LOST)
        if self._readings.tick_us > limits.TICK_LATE_US:
            self._trip(codes.FAULT_TICK_LATE)

    def driven(self) -> None:
        """POSITIONING, RUNNING, PARKING: current, absolute speed, absolute depth, motion's word."""
        readings = self._readings
        if self._motion.driving:
            self._driven_ms += 1
        else:
            self._driven_ms = 0
        if readings.current_ma <= limits.CURRENT_PEAK_MA:
            self._peak_ms = 0
        elif self._driven_ms == 0 or self._driven_ms > limits.CURRENT_START_BLANK_MS:
            self._peak_ms += 1
            if self._peak_ms >= limits.CURRENT_PEAK_MS:
                if readings.current_code >= limits.CURRENT_CODE_RAIL:
                    self._trip(codes.FAULT_CURRENT_SENSOR)
                self._trip(codes.FAULT_CURRENT_PEAK)
        if readings.current_ma > self.current_limit_ma:
            self._over_ms += 1
            if self._over_ms >= limits.OVERCURRENT_MS:
                self._trip(codes.FAULT_OVERCURRENT)
        elif self._over_ms:
            self._over_ms -= 1  # ripple within a stroke counts back, not to zero
        if readings.rate_chz > limits.OVERSPEED_CHZ:
            self._overspeed_ms += 1
            if self._overspeed_ms >= limits.OVERSPEED_MS:
                self._trip(codes.FAULT_OVERSPEED)
        else:
            self._overspeed_ms = 0
        if self._motion.failed:
            self._trip(self._motion.failed)

    def running(self) -> None:
        """RUNNING: depth, rate, stall, and whether the senses agree with each other."""
        readings = self._readings
        motion = self._motion
        error_um = readings.depth_um - motion.depth_set_um
        if -limits.DEPTH_ERROR_UM <= error_um <= limits.DEPTH_ERROR_UM:
            self._depth_ms = 0
        else:
            self._depth_ms += 1
            if self._depth_ms >= limits.DEPTH_ERROR_MS:
                self._trip(codes.FAULT_DEPTH_ERROR)
        rate_chz = readings.rate_chz
        if rate_chz * 100 > self.rate_chz * limits.OVERSPEED_PERCENT:
            self._above_set_ms += 1
            if self._above_set_ms >= limits.OVERSPEED_SET_MS:
                self._trip(codes.FAULT_OVERSPEED)
        else:
            self._above_set_ms = 0
        if rate_chz * 100 < motion.rate_set_chz * limits.RATE_LOW_PERCENT:
            self._low_ms += 1
            if self._low_ms >= limits.RATE_LOW_MS:
                self._trip(codes.FAULT_RATE_LOW)
        else:
            self._low_ms = 0
        if readings.pulse_delta:
            self._stall_ms = 0
            self._stall_limit_ms = limits.STALL_MS
        elif motion.driving:
            self._stall_ms += 1
            if self._stall_ms >= self._stall_limit_ms:
                self._trip(codes.FAULT_STALL)
        if readings.current_code >= limits.CURRENT_CODE_DEAD:
            self._dead_ms = 0
        else:
            self._dead_ms += 1
            if self._dead_ms >= limits.CURRENT_SENSOR_MS:
                self._trip(codes.FAULT_CURRENT_SENSOR)
        difference_chz = rate_chz - motion.back_emf_chz
        if -limits.TACHOMETER_ERROR_CHZ <= difference_chz <= limits.TACHOMETER_ERROR_CHZ:
            self._tachometer_ms = 0
        else:
            self._tachometer_ms += 1
            if self._tachometer_ms >= limits.TACHOMETER_ERROR_MS:
                self._trip(codes.FAULT_TACHOMETER)

    def approaching(self) -> None:
        """POSITIONING, PARKING: the stage is under way but never beyond what was granted."""
        if self._readings.depth_um <= self.depth_um + limits.DEPTH_ERROR_UM:
            self._depth_ms = 0
        else:
            self._depth_ms += 1
            if self._depth_ms >= limits.DEPTH_ERROR_MS:
                self._trip(codes.FAULT_DEPTH_ERROR)

    def resting(self) -> None:
        """Every other state: the motor neither turns nor draws current."""
        readings = self._readings
        if readings.pulse_delta:
            self._off_pulses += readings.pulse_delta
            if self._off_pulses >= limits.UNCOMMANDED_PULSES:
                self._trip(codes.FAULT_MOTION_UNCOMMANDED)
        if readings.t_ms & _WINDOW_MASK == 0:
            self._off_pulses = 0
        if readings.current_ma <= limits.CURRENT_OFF_MA:
            self._off_current_ms = 0
        else:
            self._off_current_ms += 1
            if self._off_current_ms >= limits.CURRENT_OFF_MS:
                self._trip(codes.FAULT_MOTION_UNCOMMANDED)

    def enable_line(self, granted: int) -> None:
        """Every state: the line reads back what the supervisor asked in the ticks before."""
        readings = self._readings
        if readings.enable_level == granted or (granted and not readings.seat):
            self._enable_ms = 0  # an open seat contact drops the line in hardware; not its fault
            return
        self._enable_ms += 1
        if self._enable_ms >= (limits.ENABLE_RISE_MS if granted else limits.ENABLE_FALL_MS):
            self._trip(codes.FAULT_ENABLE)
