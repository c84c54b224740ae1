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

# 0xD0000000; word 1 is the level of all pins, word 7 changes a pin where a 1 is written
_SIO = const(-0x30000000)
_KICK = 1 << PIN_WATCHDOG_KICK


class Rp2040In(DigitalIn):
    """One switch, pulled towards inactive: a broken wire is a switch that does nothing."""

    def __init__(self, pin: int, active_low: bool) -> None:
        Pin(pin, Pin.IN, Pin.PULL_UP if active_low else Pin.PULL_DOWN)
        self._pin = pin
        self._flip = 1 if active_low else 0

    @micropython.viper
    def level(self) -> int:
        """1 = active."""
        return ((int(ptr32(_SIO)[1]) >> int(self._pin)) ^ int(self._flip)) & 1


class Rp2040Out(DigitalOut):
    """One line, inactive (low) from the first moment."""

    def __init__(self, pin: int) -> None:
        self._pin = Pin(pin, Pin.OUT, value=0)

    def set(self, level: int) -> None:
        """1 = active."""
        self._pin.value(1 if level else 0)


class Rp2040Watchdog(Watchdog):
    """The external window watchdog: every edge of its pin is a kick."""

    def __init__(self) -> None:
        Pin(PIN_WATCHDOG_KICK, Pin.OUT, value=0)

    @micropython.viper
    def kick(self):  # type: () -> None
        """Once per tick."""
        ptr32(_SIO)[7] = int(_KICK)
