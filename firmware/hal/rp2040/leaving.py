"""The firmware's area of the flash, and the ways out of the firmware.

Purpose: read the image as the processor sees it; leave for the chip's boot loader or for the
service's prompt. Owns: the first scratch register of the chip's watchdog, which keeps its value
across a reset that was asked for, and so carries the wish for the prompt to the next start.
"""

import time

import machine
import uctypes

from firmware.hal.ports import FirmwareImage
from hardware.board.rev_a import FLASH_FIRMWARE_BYTES
from protocol.interpreter import const

_FLASH = const(0x10000000)  # where the processor sees the flash
_WATCHDOG_CONTROL_CLEAR = const(0x4005B000)  # writing ones clears these bits
_WATCHDOG_BITS = const(-0x40000000)  # enable and trigger, as the smallest of small integers
_SCRATCH = const(0x4005800C)
_ASKED = const(0x1E5E41CE)  # no values that anything else leaves there
_SERVING = const(0x1E5E41CF)
_FRESH_MS = const(500)  # the first statement runs 15 ms after a reset; USB alone takes longer


class Rp2040Image(FirmwareImage):
    """The area below the update area and the records."""

    def read_into(self, address: int, buffer: bytearray) -> None:
        """Fill `buffer` from `address`; ValueError outside the area."""
        if address < 0 or address + len(buffer) > FLASH_FIRMWARE_BYTES:
            raise ValueError("image: outside the firmware's area")
        buffer[:] = uctypes.bytearray_at(_FLASH + address, len(buffer))


def enter_boot_loader() -> None:
    """Drive-enable was cut. The watchdog must not end the boot loader after a second."""
    machine.mem32[_WATCHDOG_CONTROL_CLEAR] = _WATCHDOG_BITS
    machine.bootloader()


def enter_service() -> None:
    """Start again, to the prompt."""
    machine.mem32[_SCRATCH] = _ASKED
    machine.reset()


def take_up_service() -> bool:
    """At each start, also the interpreter's own: whether this one leads to the prompt.

    The prompt stays across a soft reset, which tools make before every order; a reset of the chip
    leads back to the firmware. The chip's clock tells them apart: it begins anew with the latter.
    """
    wish = machine.mem32[_SCRATCH]
    if wish == _SERVING and time.ticks_ms() < _FRESH_MS:
        wish = 0
    elif wish in (_ASKED, _SERVING):
        wish = _SERVING
    else:
        return False
    machine.mem32[_SCRATCH] = wish
    return wish == _SERVING


def in_service() -> bool:
    """Whether this start leads to the prompt, once `take_up_service` has decided."""
    return bool(machine.mem32[_SCRATCH] == _SERVING)


def start_again() -> None:
    """The firmware has ended, which it never should: no prompt, but a fresh start."""
    machine.reset()
