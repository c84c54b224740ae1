"""Carriage position from the linear Hall sensor, independent of the stepper's count.

Purpose: code to um through this pen's calibration table. Owns: DEPTH_UM.
The magnet's field is not quite linear (up to 15 um); the factory writes what is left of it at
eleven positions into the table, and straight lines in between take most of it away.
"""

from firmware import words as place
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.drivers.calibration import Calibration
    from firmware.words import Words

_HALL_CODE = const(6)
_DEPTH_UM = const(23)
_HALL_OFFSET_UM = const(62)
_HALL_TABLE_UM = const(63)

_HALL_ZERO_CODE = const(273)
_HALL_UM_Q16 = const(48_000)
_LAST_POINT = const(10)  # of eleven, at 0, 256, 512 .. 2560 um
_TABLE_SHIFT = const(8)


def begin(words: "Words", calibration: "Calibration") -> None:
    """Take over what this pen's sensor is like."""
    if len(calibration.hall_table_um) != _LAST_POINT + 1:
        raise ValueError("hall table needs 11 points")
    words[place.HALL_OFFSET_UM] = calibration.hall_offset_um
    for point in range(_LAST_POINT + 1):
        words[place.HALL_TABLE_UM + point] = calibration.hall_table_um[point]


@micropython.viper
def measure(words):  # type: (Words) -> None
    """Carriage from the Hall sensor's code."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    # 4095 * 48 000 = 1.97e8 < 2^30
    raw_um = (w[_HALL_CODE] - _HALL_ZERO_CODE) * _HALL_UM_Q16 >> 16
    raw_um += ((w[_HALL_OFFSET_UM] + half) & mask) - half
    cell = raw_um >> _TABLE_SHIFT
    table = _HALL_TABLE_UM
    if cell < 0:
        raw_um += ((w[table] + half) & mask) - half
    elif cell >= _LAST_POINT:
        raw_um += ((w[table + _LAST_POINT] + half) & mask) - half
    else:
        left_um = ((w[table + cell] + half) & mask) - half
        right_um = ((w[table + cell + 1] + half) & mask) - half
        raw_um += left_um + ((right_um - left_um) * (raw_um & 255) >> _TABLE_SHIFT)
    w[_DEPTH_UM] = raw_um
