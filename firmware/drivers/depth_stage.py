"""Stepper of the depth stage: half steps in sequence, and the count of them.

Purpose: turn "so many half steps that way, in this millisecond" into coil patterns. Owns: the
position in half steps since power-up (its zero is given by homing) and whether the coils hold.
"""

from hardware.board.rev_a import COIL_OFF, COIL_PATTERNS, STEPPER_PER_MS_MAX
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.ports import Board

_PHASE_MASK = const(7)  # eight patterns in a turn of the field
_NIBBLE = const(4)


class DepthStage:
    """Half-step sequencer."""

    def __init__(self, board: "Board") -> None:
        self._write = board.coils.write
        self.position = 0  # half steps, deeper is positive
        self.holding = 0  # coils carry current

    def step(self, direction: int, count: int) -> None:
        """Go `count` (1..4) half steps in the coming millisecond; direction +1 deeper, -1 back."""
        count = min(count, STEPPER_PER_MS_MAX)
        position = self.position
        patterns = 0
        shift = 0
        while shift < count * _NIBBLE:
            position += direction
            patterns |= COIL_PATTERNS[position & _PHASE_MASK] << shift
            shift += _NIBBLE
        self.position = position
        self.holding = 1
        self._write(patterns, count)

    def hold(self) -> None:
        """Carry current without moving: the rotor is drawn to where it was left."""
        if not self.holding:
            self.holding = 1
            self._write(COIL_PATTERNS[self.position & _PHASE_MASK], 1)

    def release(self) -> None:
        """Take the current away; friction holds the stage."""
        if self.holding:
            self.holding = 0
            self._write(COIL_OFF, 1)
