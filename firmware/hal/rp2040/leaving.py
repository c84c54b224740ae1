"""The firmware's area of the flash, and the ways out of the firmware.

Purpose: read the image as the processor sees it; leave for the chip's boot loader or for the
service's prompt. Owns: the first scratch register of the chip's watchdog, which keeps its value
across a reset that was asked for, and so carries the wish for the prompt to the next start.
"""

import machine
import micropython
import uctypes

from firmware.hal.ports import FirmwareImage
from hardware.board.rev_a import FLASH_FIRMWARE_BYTES
from protocol.interpreter import const

_FLASH = const(0x10000000)  # where the processor sees the flash
_WATCHDOG_CONTROL_CLEAR = const(0x4005B000)  # writing ones clears these bits
_WATCHDOG_BITS = const(-0x40000000)  # enable and trigger, as the smallest of small integers
_SCRATCH = const(0x4005800C)
_SERVICE = const(0x1E5E41CE)  # no value that anything else leaves there
_CTRL_C = const(3)


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
    machine.mem32[_SCRATCH] = _SERVICE
    machine.reset()


def service_asked() -> bool:
    """Whether the last run ended with `enter_service`; asked once, and then Ctrl-C works again."""
    if machine.mem32[_SCRATCH] != _SERVICE:
        return False
    machine.mem32[_SCRATCH] = 0
    micropython.kbd_intr(_CTRL_C)
    return True


def start_again() -> None:
    """The firmware has ended, which it never should: no prompt, but a fresh start."""
    machine.reset()
