"""Motor current from the bridge's current output.

Purpose: code to mA. Owns: the scale of this pen.
The bridge reports a magnitude, the mean of the last millisecond.
"""

from hardware.board.rev_a import CURRENT_FULL_SCALE_MA
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.drivers.calibration import Calibration

_SHIFT = const(16)


class CurrentSense:
    """Scale of the current output."""

    def __init__(self, calibration: "Calibration") -> None:
        self._zero_code = calibration.current_zero_code
        # mA per code * 2^16: 3000 * 2^16 / 2^12 = 48 000; times 4095 codes * 1.2 < 2^28
        self._scale = CURRENT_FULL_SCALE_MA * 16 * calibration.current_gain_ppt // 1000

    def current_ma(self, code: int) -> int:
        """Return mA, 0..3600, for an ADC code 0..4095."""
        above = code - self._zero_code
        return above * self._scale >> _SHIFT if above > 0 else 0
