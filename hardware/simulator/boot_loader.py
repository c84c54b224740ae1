"""A simulated pen's boot loader: when the chip waits in it, and what is written to it there.

The firmware's area of the flash holds an image that only says who it is: on CPython and MicroPython
the firmware runs from its sources, whatever the flash says. A file that is flashed changes what
the pen tells of itself and nothing else; on the emulated chip it is what runs.
Owns the firmware's area, and whether the chip waits.
"""

import hashlib
from functools import cache
from pathlib import Path

from firmware.version import FIRMWARE_VERSION
from hardware.board import rev_a as board
from hardware.simulator.boot_disk import BootDisk
from hardware.simulator.boot_rom import BootRom, first_page, starts
from protocol import image_info
from protocol.version import SCHEMA_ID

LOOK_MS = 10  # between two looks into the folder
_FILLED = 4096 - board.FLASH_PAGE_BYTES


@cache
def made_up_area() -> bytes:
    """The firmware's area of a pen that runs from these sources."""
    return delivered(made_up_image())


def made_up_image() -> bytes:
    """An image for the sources as they are: 4 KB that the ROM would start."""
    seed = hashlib.sha256(f"{FIRMWARE_VERSION} {SCHEMA_ID}".encode()).digest()
    return first_page(b"simulated") + (seed * _FILLED)[:_FILLED]


def delivered(image: bytes, commit: str = "simulated") -> bytes:
    """The firmware's area of a pen that was delivered with `image`."""
    info = image_info.ImageInfo(
        board.BOARD_NAME,
        FIRMWARE_VERSION,
        SCHEMA_ID,
        commit,
        0,
        len(image),
        hashlib.sha256(image).digest(),
    )
    return image.ljust(image_info.AT, b"\xff") + image_info.pack(info)


class BootLoader:
    """The chip between reset and firmware."""

    def __init__(self, flash: bytearray, folder: Path | None, area: bytes | None = None) -> None:
        """Write `area` (None: one made up) into `flash`; `folder` is the disk, None: no disk."""
        self._flash = flash
        self._disk = BootDisk(folder) if folder else None
        self._rom = BootRom(flash)
        area = area or made_up_area()
        flash[: len(area)] = area
        self.waiting = False

    @property
    def area(self) -> bytes:
        """The firmware's area as it is now."""
        return bytes(self._flash[: board.FLASH_FIRMWARE_BYTES])

    def starts(self) -> bool:
        """After a reset: whether the firmware starts; otherwise the chip waits from now on."""
        if starts(self._flash):
            self._leave()
            return True
        self.enter()
        return False

    def enter(self) -> None:
        """Wait for a file."""
        self.waiting = True
        self._rom = BootRom(self._flash)
        if self._disk:
            self._disk.show()

    def power_off(self) -> None:
        """The disk is gone with the power."""
        self._leave()

    def looks(self, now_ms: int) -> bool:
        """Take what was copied; True when the file is complete and the chip restarts."""
        if not self.waiting or self._disk is None or now_ms % LOOK_MS:
            return False
        self._disk.feed(self._rom)
        return self._rom.done

    def close(self) -> None:
        """The pen is gone."""
        self._leave()

    def _leave(self) -> None:
        if self.waiting and self._disk:
            self._disk.hide()
        self.waiting = False
