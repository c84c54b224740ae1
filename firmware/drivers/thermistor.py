"""Housing temperature from the motor's NTC.

Purpose: code to 0.01 C by table and straight lines. Owns: the cell of the last reading, because
temperature moves slowly and the next reading is almost always in the same one.
"""

from hardware.board.rev_a import (
    NTC_CODES,
    NTC_FIRST_CDEG,
    NTC_STEP_CDEG,
)
from protocol.interpreter import const

_COUNT = len(NTC_CODES)
_LAST_CELL = _COUNT - 2
_START_CELL = const(7)  # 25 C


class Thermistor:
    """The table and the place in it."""

    def __init__(self) -> None:
        self._cell = _START_CELL

    def temperature_cdeg(self, code: int) -> int:
        """Return -1000..9000 for an ADC code; beyond the table its ends."""
        cell = self._cell
        # Codes fall as temperature rises; one reading moves at most along the whole table.
        while cell < _LAST_CELL and code < NTC_CODES[cell + 1]:
            cell += 1
        while cell > 0 and code > NTC_CODES[cell]:
            cell -= 1
        self._cell = cell
        cold = NTC_CODES[cell]
        warm = NTC_CODES[cell + 1]
        if code >= cold:
            return NTC_FIRST_CDEG + cell * NTC_STEP_CDEG
        if code <= warm:
            return NTC_FIRST_CDEG + (cell + 1) * NTC_STEP_CDEG
        step_cdeg = (cold - code) * NTC_STEP_CDEG // (cold - warm)
        return NTC_FIRST_CDEG + cell * NTC_STEP_CDEG + step_cdeg
