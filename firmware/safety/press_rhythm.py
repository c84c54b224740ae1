"""The rhythm of the button: a contact that closes by itself is quicker than a thumb (H13, H14).

Takes each press that may start or stop the needles, and trips when more than PRESSES_MOST of them
come within PRESSES_MS. It cannot tell a worn contact from a thumb that hammers; both end in a
fault, parked. Owns the times of the latest presses.
"""

from firmware.safety.limits import PRESSES_MOST, PRESSES_MS
from protocol import codes
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.readings import Readings
    from firmware.safety.faults import Faults

_WRAP = const(0x3FFFFFFF)  # of t_ms


class PressRhythm:
    """`press` once for each press."""

    def __init__(self, readings: "Readings", faults: "Faults") -> None:
        self._readings = readings
        self._trip = faults.trip
        self._pressed_ms = [(readings.t_ms - PRESSES_MS) & _WRAP] * PRESSES_MOST  # a ring
        self._oldest = 0

    def press(self) -> None:
        """The button went down in this tick."""
        now_ms = self._readings.t_ms
        oldest = self._oldest
        if (now_ms - self._pressed_ms[oldest]) & _WRAP < PRESSES_MS:
            self._trip(codes.FAULT_BUTTON_STUCK)
        self._pressed_ms[oldest] = now_ms
        self._oldest = (oldest + 1) % PRESSES_MOST
