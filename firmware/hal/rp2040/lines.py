"""Switches, lines and the watchdog's kick: single pins.

Purpose: levels as active or not, whatever the wire's polarity. Owns: those pins.
"""

import micropython
from machine import Pin

from firmware.hal.ports import DigitalIn, DigitalOut, Watchdog
from hardware.board.rev_a import PIN_WATCHDOG_KICK
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.rp2040.pointers import ptr32

# 0xD0000000. Word 1 is the level of all pins; a 1 written to word 5 sets that pin, to 6 clears it,
# to 7 changes it.
_SIO = const(-0x30000000)
_KICK = const(0x200)  # 1 << PIN_WATCHDOG_KICK, restated: looking a name up costs 2 us


class Rp2040In(DigitalIn):
    """One switch, pulled towards inactive: a broken wire is a switch that does nothing."""

    def __init__(self, pin: int, active_low: bool) -> None:
        Pin(pin, Pin.IN, Pin.PULL_UP if active_low else Pin.PULL_DOWN)
        self._wire = pin | (32 if active_low else 0)

    @micropython.viper
    def level(self) -> int:
        """1 = active."""
        wire = int(self._wire)
        return ((int(ptr32(_SIO)[1]) >> (wire & 31)) ^ (wire >> 5)) & 1


class Rp2040Out(DigitalOut):
    """One line, inactive (low) from the first moment."""

    def __init__(self, pin: int) -> None:
        Pin(pin, Pin.OUT, value=0)
        self._pin = pin

    @micropython.viper
    def set(self, level):  # type: (int) -> None
        """1 = active."""
        bit = 1 << int(self._pin)
        if int(level):
            ptr32(_SIO)[5] = bit
        else:
            ptr32(_SIO)[6] = bit


class Rp2040Watchdog(Watchdog):
    """The external window watchdog: every edge of its pin is a kick."""

    def __init__(self) -> None:
        Pin(PIN_WATCHDOG_KICK, Pin.OUT, value=0)

    @micropython.viper
    def kick(self):  # type: () -> None
        """Once per tick."""
        ptr32(_SIO)[7] = _KICK
