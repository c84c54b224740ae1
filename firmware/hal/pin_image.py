"""The firmware's area of a simulated pen's flash, and the two ways out of the firmware.

Purpose: the port of the image check on the pin link. Owns no state.
"""

import struct

from firmware.hal import ports
from firmware.hal.pin_calls import Caller
from firmware.hal.pin_layout import (
    CALL_BOOT_LOADER,
    CALL_IMAGE_READ,
    CALL_SERVICE,
    FLASH_READ_FORMAT,
)


class PinImage(ports.FirmwareImage):
    """What the bench says lies in the firmware's area."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def read_into(self, address: int, buffer: bytearray) -> None:
        """Fill `buffer` from `address`."""
        request = struct.pack(FLASH_READ_FORMAT, CALL_IMAGE_READ, address, len(buffer))
        buffer[:] = self._caller.ask(request)


def leave_for_boot_loader(caller: Caller) -> None:
    """Tell the bench and end this run."""
    caller.ask(bytes((CALL_BOOT_LOADER,)))
    raise SystemExit("boot loader")


def leave_for_service(caller: Caller) -> None:
    """Tell the bench and end this run."""
    caller.ask(bytes((CALL_SERVICE,)))
    raise SystemExit("service")
