"""The depth stage's coils.

Purpose: put out the half-steps of a millisecond, evenly, while the processor does something else.
Owns: the sequence's state machine and the four coil pins.
"""

import micropython
from machine import Pin
from rp2 import StateMachine

from firmware.hal.ports import StepperCoils
from firmware.hal.rp2040 import programs
from hardware.board.rev_a import PIN_COIL_A_POSITIVE
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.rp2040.pointers import ptr32

_PIO1 = const(0x503)  # 0x50300000; its word 4 is the FIFO of machine 0
# Patterns take up 984 us of their millisecond, which four, three and two divide, so a word has been
# put out (984 us + 3) when the next one comes, even if that tick is a little early.
_SPAN_US = const(984)


class Rp2040Coils(StepperCoils):
    """Off until the first write."""

    def __init__(self) -> None:
        self._machine = StateMachine(
            programs.MACHINE_COILS,
            programs.sequence,
            freq=programs.COILS_HZ,
            out_base=Pin(PIN_COIL_A_POSITIVE),
        )
        self._machine.active(1)

    @micropython.viper
    def write(self, patterns, count):  # type: (int, int) -> None
        """Put out `count` (0..4) patterns; 0 leaves the last one where it is."""
        steps = int(count)
        if steps > 0:
            if steps > 4:
                steps = 4
            # See programs.sequence: four cycles of a step are not part of its pause.
            pause = _SPAN_US // steps - 4
            ptr32(int(_PIO1) << 20)[4] = (int(patterns) & 0xFFFF) << 12 | pause << 2 | (steps - 1)
