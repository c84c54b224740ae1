"""Stepper of the depth stage: half steps in sequence, and the count of them.

Purpose: turn "so many half steps that way, in this millisecond" into coil patterns. Owns: COILS and
COIL_COUNT, the position in half steps since power-up (its zero is given by homing) and whether the
coils hold.
"""

from array import array

from hardware.board.rev_a import COIL_PATTERNS
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

_COIL_COUNT = const(36)
_COILS = const(37)
_STAGE_POSITION = const(192)
_STAGE_HOLDING = const(193)

_PATTERNS = array("i", COIL_PATTERNS)  # eight in a turn of the field
_PHASE_MASK = const(7)
_NIBBLE = const(4)
_STEPPER_PER_MS_MAX = const(4)
_COIL_OFF = const(0)


@micropython.viper
def step(words, sense, count):  # type: (Words, int, int) -> None
    """Go `count` (1..4) half steps in the coming millisecond; `sense` 1 is deeper, -1 back."""
    w = ptr32(words)
    patterns = ptr32(_PATTERNS)
    half = 1 << 29
    mask = (half << 1) - 1
    position = ((w[_STAGE_POSITION] + half) & mask) - half
    steps = int(count)
    if steps > _STEPPER_PER_MS_MAX:
        steps = _STEPPER_PER_MS_MAX
    coils = 0
    shift = 0
    while shift < steps * _NIBBLE:
        position += int(sense)
        coils |= patterns[position & _PHASE_MASK] << shift
        shift += _NIBBLE
    w[_STAGE_POSITION] = position
    w[_STAGE_HOLDING] = 1
    w[_COILS] = coils
    w[_COIL_COUNT] = steps


@micropython.viper
def hold(words):  # type: (Words) -> None
    """Carry current without moving: the rotor is drawn to where it was left."""
    w = ptr32(words)
    if w[_STAGE_HOLDING] == 0:
        w[_STAGE_HOLDING] = 1
        half = 1 << 29
        mask = (half << 1) - 1
        position = ((w[_STAGE_POSITION] + half) & mask) - half
        w[_COILS] = ptr32(_PATTERNS)[position & _PHASE_MASK]
        w[_COIL_COUNT] = 1


@micropython.viper
def release(words):  # type: (Words) -> None
    """Take the current away; friction holds the stage."""
    w = ptr32(words)
    if w[_STAGE_HOLDING] != 0:
        w[_STAGE_HOLDING] = 0
        w[_COILS] = _COIL_OFF
        w[_COIL_COUNT] = 1
