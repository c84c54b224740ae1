"""The board as a whole.

Purpose: bring the chip into a known state, make every port once, and answer for identity and reset.
Owns: the ports. The first thing it does is to hold drive-enable and boost low.
"""

import machine
import uctypes

from firmware.hal.rp2040 import leaving, outputs
from firmware.hal.rp2040.adc import Rp2040Adc
from firmware.hal.rp2040.bridge import Rp2040Bridge
from firmware.hal.rp2040.bus import Rp2040I2c
from firmware.hal.rp2040.coils import Rp2040Coils
from firmware.hal.rp2040.enable import Rp2040Enable
from firmware.hal.rp2040.indicators import Rp2040Buzzer, Rp2040Light
from firmware.hal.rp2040.lines import Rp2040In, Rp2040Out, Rp2040Watchdog
from firmware.hal.rp2040.pulses import Rp2040Pulses
from firmware.hal.rp2040.safe_start import lines_low
from firmware.hal.rp2040.storage import Rp2040Flash
from firmware.hal.rp2040.tick_ports import TickPorts
from firmware.hal.rp2040.timing import Rp2040Clock, Rp2040Ticker
from firmware.hal.rp2040.usb import Rp2040Link
from hardware.board.rev_a import (
    BUTTON_ACTIVE_LOW,
    CPU_HZ,
    HOME_ACTIVE_LOW,
    PIN_BOOST_ENABLE,
    PIN_BRIDGE_STALL,
    PIN_BUTTON,
    PIN_HOME,
    PIN_SEAT,
    PIN_VBUS,
    SEAT_ACTIVE_LOW,
    STALL_ACTIVE_LOW,
    VBUS_ACTIVE_LOW,
)
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

_REASON = const(0x40058008)  # why the chip was reset: bit 0 = its watchdog ran out, 1 = asked for
_RAN_OUT = const(1)
_ASKED = const(2)


class Rp2040Board(TickPorts):
    """One RP2040 wired as revision A. Make it once: it claims the chip's peripherals."""

    def __init__(self) -> None:
        lines_low()
        if machine.freq() != CPU_HZ:
            machine.freq(CPU_HZ)  # before any divider is computed from it
        self.enable = Rp2040Enable()
        self.bridge = Rp2040Bridge()
        self.boost = Rp2040Out(PIN_BOOST_ENABLE)
        self.watchdog = Rp2040Watchdog()
        self.coils = Rp2040Coils()
        pulses = Rp2040Pulses()
        super().__init__(pulses.captured)
        clock = Rp2040Clock()
        self.pulses = pulses
        self.clock = clock
        link = Rp2040Link()
        self.link = link
        self.ticker = Rp2040Ticker(clock, link.arrived)
        self.adc = Rp2040Adc()
        self.seat = Rp2040In(PIN_SEAT, SEAT_ACTIVE_LOW)
        self.home = Rp2040In(PIN_HOME, HOME_ACTIVE_LOW)
        self.button = Rp2040In(PIN_BUTTON, BUTTON_ACTIVE_LOW)
        self.bridge_stall = Rp2040In(PIN_BRIDGE_STALL, STALL_ACTIVE_LOW)
        self.vbus = Rp2040In(PIN_VBUS, VBUS_ACTIVE_LOW)
        self.light = Rp2040Light()
        self.buzzer = Rp2040Buzzer()
        self.i2c = Rp2040I2c()
        self.flash = Rp2040Flash()
        self.image = leaving.Rp2040Image()

    def unique_id(self) -> bytes:
        """Eight bytes from the flash chip."""
        return machine.unique_id()

    def reset_cause(self) -> int:
        """0 power-on or the reset pin, 1 watchdog, 2 requested."""
        reason = machine.mem32[_REASON]
        if reason & _RAN_OUT:
            return 1
        return 2 if reason & _ASKED else 0

    def handle(self, words: "Words") -> "Words":
        """The address of the array, which its owner keeps for ever."""
        return uctypes.addressof(words)  # type: ignore[return-value]

    def outputs_wrong(self) -> int:
        """Not 0 when a register of an output has changed since it was set up."""
        return outputs.first_wrong()

    def reset(self) -> None:
        """Start again from power-on state."""
        self.enable.cut()
        machine.reset()

    def enter_boot_loader(self) -> None:
        """Leave for the chip's boot loader."""
        self.enable.cut()
        leaving.enter_boot_loader()

    def enter_service(self) -> None:
        """Start again, to the prompt."""
        self.enable.cut()
        leaving.enter_service()
