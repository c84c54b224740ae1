"""Whether what drives the pins is still set up as it was: read back, not remembered.

Purpose: a register that a disturbance changed is found before the next start, and within a second
of a run. The duty and drive-enable themselves are read back in every tick; the PIO's instruction
memory cannot be read. Main loop. Owns nothing.
"""

from machine import mem32

from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    Place = tuple[int, int, int]

_FROM_PWM = const(4)  # of a pin's control word, bits 0..4: who drives it
_FROM_PIO0 = const(6)
_FUNCTION = const(0x1F)

# register, the bits that count, what they must be
PLACES = (
    (0x50200000, 0xF, 0xF),  # PIO block 0: tick, countdown and both captures run
    (0x50300000, 0x1, 0x1),  # block 1: the coils' machine runs
    (0x502000E0, 0x3FFF_FF00, 25 << 16),  # the countdown counts 5 cycles a microsecond: 125 / 25
    (0x40014024, _FUNCTION, _FROM_PIO0),  # drive-enable's pin follows the countdown
    (0x40014014, _FUNCTION, _FROM_PWM),  # the bridge's inputs follow the slice
    (0x4001401C, _FUNCTION, _FROM_PWM),
    (0x40050014, 0x1, 0x1),  # slice 1 runs
    (0x40050018, 0xFFF, 0x10),  # at 125 MHz
    (0x40050024, 0xFFFF, 4999),  # over 5000 counts
)


def first_wrong() -> int:
    """1 + number of the first place that is not as it must be, 0 if all are."""
    for number, (address, mask, value) in enumerate(PLACES):
        if mem32[address] & mask != value:
            return number + 1
    return 0
