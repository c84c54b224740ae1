"""The marks on the motor's shaft: four tachometer pulses, the index, and full extension.

Positions are in cells of the cam's tables over four turns, ascending. Owns no state.
"""

from bisect import bisect_right

from hardware.board import rev_a as board
from hardware.plant.cam import CELLS, TURNS

TACH = 0
INDEX = 1  # entering the index window, which lies symmetrically around full retraction
EXTENDED = 2  # not sensed by the pen: strokes are counted by it

_CELLS_PER_DEG = CELLS / 360.0
INDEX_HALF_CELLS = board.INDEX_HALF_WIDTH_DEG * _CELLS_PER_DEG
INDEX_CENTRE_CELL = board.INDEX_CENTRE_DEG * _CELLS_PER_DEG


def _marks() -> list[tuple[float, int]]:
    turn = [(0.0, EXTENDED), (INDEX_CENTRE_CELL - INDEX_HALF_CELLS, INDEX)]
    turn += [(degrees * _CELLS_PER_DEG, TACH) for degrees in board.TACH_MARKS_DEG]
    return sorted((at + number * CELLS, kind) for number in range(TURNS + 1) for at, kind in turn)


MARKS = _marks()
MARK_AT = [at for at, _ in MARKS]


def next_mark(position: float) -> int:
    """Number of the first mark beyond this position."""
    return bisect_right(MARK_AT, position)
