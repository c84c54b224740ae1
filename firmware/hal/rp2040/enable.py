"""Drive-enable: the permission that expires.

Purpose: hold the line while it is granted, by a PIO countdown that needs no interpreter.
Owns: the countdown's state machine and the pin's output override.
"""

import micropython
from machine import Pin
from rp2 import StateMachine

from firmware.hal.ports import ExpiringEnable
from firmware.hal.rp2040 import programs
from hardware.board.rev_a import PIN_DRIVE_ENABLE, PIN_ENABLE_SENSE
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.rp2040.pointers import ptr32

# rev_a.ENABLE_COUNTDOWN_US - 2: a pass is a microsecond, the count includes 0, and a word is taken
# up to a microsecond (1.5 us when the line is low) after it was written: 4999.0 to 5000.5 us.
_GRANT = const(4998)
_PIO0 = const(0x502)  # 0x50200000; its word 5 is the FIFO of machine 1
_SIO = const(-0x30000000)  # 0xD0000000; its word 1 is the level of all pins
# 0x40014000: a status and a control word for each pin. Control, bits 0-4: 6 = PIO block 0;
# bits 8-9: 0 = as the block says, 2 = low.
_PINS_HIGH = const(0x4001)
_PINS_LOW = const(0x4000)
_CONTROL = const(9)  # 2 * PIN_DRIVE_ENABLE + 1, restated: looking a name up costs 2 us
_SENSE = const(5)  # PIN_ENABLE_SENSE, restated for the same reason
_FOLLOW = const(0x006)
_FORCE_LOW = const(0x206)


class Rp2040Enable(ExpiringEnable):
    """The countdown behind the pin; low from the first moment."""

    def __init__(self) -> None:
        Pin(PIN_ENABLE_SENSE, Pin.IN, Pin.PULL_DOWN)
        self._machine = StateMachine(
            programs.MACHINE_ENABLE,
            programs.countdown,
            freq=programs.ENABLE_HZ,
            set_base=Pin(PIN_DRIVE_ENABLE),
        )
        self._machine.active(1)
        self.cut()

    @micropython.viper
    def grant(self):  # type: () -> None
        """Hold the line up for 5000 us from now, to a microsecond."""
        ptr32((int(_PINS_HIGH) << 16) + _PINS_LOW)[_CONTROL] = _FOLLOW
        ptr32(int(_PIO0) << 20)[5] = _GRANT

    @micropython.viper
    def cut(self):  # type: () -> None
        """Let the line fall now.

        In two ways: the pin is forced low whatever the state machine does, and the countdown gets a
        zero, behind any grant that it has not taken yet, so that it is at rest when the next grant
        takes the force away.
        """
        ptr32((int(_PINS_HIGH) << 16) + _PINS_LOW)[_CONTROL] = _FORCE_LOW
        ptr32(int(_PIO0) << 20)[5] = 0

    @micropython.viper
    def level(self) -> int:
        """1 while the line behind the chain is high."""
        return (int(ptr32(_SIO)[1]) >> _SENSE) & 1
