"""Housing temperature from the motor's NTC.

Purpose: the mean of some readings to 0.01 C by table and straight lines. Owns: TEMPERATURE_CDEG,
NTC_MEAN, and NTC_CELL, the cell of the last reading, because temperature moves slowly and the next
is almost always in the same one.
"""

from array import array

from hardware.board.rev_a import NTC_CODES
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

_NTC_CODE = const(7)
_TEMPERATURE_CDEG = const(25)
_NTC_CELL = const(75)
_NTC_MEAN = const(527)

# 32 readings are 256 ms, in which a housing that gains 0.1 K/s warms by 0.03 K. The mean takes the
# noise of one reading down to an eighth, so that noise does not hide a housing that is too hot.
_READINGS_LOG2 = const(5)
# Limits, restated (tests compare): beyond them the wire is broken, which is no temperature.
_NTC_SHORT_CODE = const(150)
_NTC_OPEN_CODE = const(4000)

_CODES = array("i", NTC_CODES)
_LAST_CELL = const(19)
_NTC_FIRST_CDEG = const(-1000)
_NTC_STEP_CDEG = const(500)


@micropython.viper
def measure(words):  # type: (Words) -> None
    """Temperature -1000..9000 from the mean of the codes; beyond the table its ends."""
    w = ptr32(words)
    codes = ptr32(_CODES)
    code = w[_NTC_CODE]
    mean = w[_NTC_MEAN]
    if mean == 0:
        mean = code << _READINGS_LOG2
    elif code >= _NTC_SHORT_CODE and code <= _NTC_OPEN_CODE:
        mean += code - (mean >> _READINGS_LOG2)
    w[_NTC_MEAN] = mean
    code = mean >> _READINGS_LOG2
    cell = w[_NTC_CELL]
    # Codes fall as temperature rises; one reading moves at most along the whole table.
    while cell < _LAST_CELL and code < codes[cell + 1]:
        cell += 1
    while cell > 0 and code > codes[cell]:
        cell -= 1
    w[_NTC_CELL] = cell
    cold = codes[cell]
    warm = codes[cell + 1]
    cdeg = _NTC_FIRST_CDEG + cell * _NTC_STEP_CDEG
    if code <= warm:
        cdeg += _NTC_STEP_CDEG
    elif code < cold:
        cdeg += (cold - code) * _NTC_STEP_CDEG // (cold - warm)
    w[_TEMPERATURE_CDEG] = cdeg
