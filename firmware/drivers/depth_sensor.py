"""Carriage position from the linear Hall sensor, independent of the stepper's count.

Purpose: code to um through this pen's calibration table. Owns: the table.
The magnet's field is not quite linear (up to 15 um); the factory writes what is left of it at
eleven positions into the table, and straight lines in between take most of it away.
"""

from hardware.board.rev_a import HALL_UM_Q16, HALL_ZERO_CODE
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.drivers.calibration import Calibration

TABLE_POINTS = const(11)  # at 0, 256, 512 .. 2560 um
_TABLE_SHIFT = const(8)


class DepthSensor:
    """Scale and linearity of the Hall sensor."""

    def __init__(self, calibration: "Calibration") -> None:
        if len(calibration.hall_table_um) != TABLE_POINTS:
            raise ValueError("hall table needs 11 points")
        self._offset_um = calibration.hall_offset_um
        self._table_um = calibration.hall_table_um

    def depth_um(self, code: int) -> int:
        """Return the carriage position in um, about -300..2900, for an ADC code 0..4095."""
        # 4095 * 48 000 = 1.97e8 < 2^30
        raw_um = ((code - HALL_ZERO_CODE) * HALL_UM_Q16 >> 16) + self._offset_um
        cell = raw_um >> _TABLE_SHIFT
        table = self._table_um
        if cell < 0:
            return raw_um + table[0]
        if cell >= TABLE_POINTS - 1:
            return raw_um + table[TABLE_POINTS - 1]
        left = table[cell]
        return raw_um + left + ((table[cell + 1] - left) * (raw_um & 255) >> _TABLE_SHIFT)
