"""What must hold while nothing is driven, and that the enable line is what was asked for.

Owns the counters of both. All it does is `trip`.
"""

from firmware.safety.limits import (
    CURRENT_OFF_MA,
    CURRENT_OFF_MS,
    ENABLE_FALL_MS,
    ENABLE_RISE_MS,
    UNCOMMANDED_PULSES,
    UNCOMMANDED_WINDOW_MS,
)
from protocol import codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.readings import Readings
    from firmware.safety.faults import Faults


class RestChecks:
    """The motor at rest, and the line."""

    def __init__(self, readings: "Readings", faults: "Faults") -> None:
        self._readings = readings
        self._trip = faults.trip
        self.line_ms = 0  # for how long the line has not been what was asked
        self._current_ms = 0
        self._pulses = 0

    def motor(self) -> None:
        """Every state without drive: the motor neither turns nor draws current."""
        readings = self._readings
        if readings.pulse_delta:
            self._pulses += readings.pulse_delta
            if self._pulses >= UNCOMMANDED_PULSES:
                self._trip(codes.FAULT_MOTION_UNCOMMANDED)
        if readings.t_ms & (UNCOMMANDED_WINDOW_MS - 1) == 0:
            self._pulses = 0
        if readings.current_ma <= CURRENT_OFF_MA:
            self._current_ms = 0
        else:
            self._current_ms += 1
            if self._current_ms >= CURRENT_OFF_MS:
                self._trip(codes.FAULT_MOTION_UNCOMMANDED)

    def line(self, granted: int) -> None:
        """Every state: the line reads back what the supervisor asked in the ticks before."""
        readings = self._readings
        if readings.enable_level == granted:
            self.line_ms = 0
        elif granted and not readings.seat:
            self.line_ms = 0  # an open seat contact drops the line in hardware; not its fault
        else:
            self.line_ms += 1
            if self.line_ms >= (ENABLE_RISE_MS if granted else ENABLE_FALL_MS):
                self._trip(codes.FAULT_ENABLE)
