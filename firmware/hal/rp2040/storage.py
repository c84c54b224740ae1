"""The record region of the flash.

Purpose: read, erase and program it, nothing implied. Owns: the buffer of one page.

How `rp2.Flash` of MicroPython 1.25 behaves: `writeblocks(block, data)` erases first, whereas
`writeblocks(block, data, offset)` programs and never erases. The latter hands address and length to
the boot ROM unchecked, which programs whole pages: a shorter length would program what happens to
lie behind the data, and an address inside a page would wrap around in it. So a page always goes out
as a whole, 0xFF where it is to stay as it is. The page lies in RAM, as it must: while the flash is
being programmed nothing in it can be read.
"""

import rp2

from firmware.hal.ports import Flash
from hardware.board.rev_a import (
    FLASH_BYTES,
    FLASH_PAGE_BYTES,
    FLASH_RECORDS_BYTES,
    FLASH_RECORDS_OFFSET,
    FLASH_SECTOR_BYTES,
)
from protocol.interpreter import const

_BLOCK_COUNT = const(4)  # ioctl requests of a block device
_BLOCK_ERASE = const(6)
_ERASED = b"\xff" * FLASH_PAGE_BYTES


class Rp2040Flash(Flash):
    """The region that `rev_a.FLASH_RECORDS_*` sets aside."""

    def __init__(self) -> None:
        # The interpreter's storage is the last part of the flash; `start` counts from its start.
        blocks = rp2.Flash().ioctl(_BLOCK_COUNT, 0) or 0
        start = FLASH_RECORDS_OFFSET - (FLASH_BYTES - blocks * FLASH_SECTOR_BYTES)
        if start < 0:
            raise RuntimeError("flash: the image leaves no room for the records")
        self._device = rp2.Flash(start=start, len=FLASH_RECORDS_BYTES)  # type: ignore[call-arg]
        self._page = bytearray(FLASH_PAGE_BYTES)

    def size(self) -> int:
        """Bytes of the region."""
        return FLASH_RECORDS_BYTES

    def read_into(self, address: int, buffer: bytearray) -> None:
        """Fill `buffer` from `address`; ValueError outside the region."""
        self._check(address, len(buffer))
        self._device.readblocks(address // FLASH_SECTOR_BYTES, buffer, address % FLASH_SECTOR_BYTES)

    def erase(self, address: int) -> None:
        """Erase the sector that begins at `address`: 45 ms, no interrupt served meanwhile."""
        self._check(address, FLASH_SECTOR_BYTES)
        if address % FLASH_SECTOR_BYTES:
            raise ValueError("flash: not the beginning of a sector")
        self._device.ioctl(_BLOCK_ERASE, address // FLASH_SECTOR_BYTES)

    def program(self, address: int, data: bytes) -> None:
        """Clear bits: `data` lies within one page. 0.4 ms, no interrupt served meanwhile."""
        count = len(data)
        self._check(address, count)
        within = address % FLASH_PAGE_BYTES
        if within + count > FLASH_PAGE_BYTES:
            raise ValueError("flash: across the end of a page")
        page = self._page
        page[:] = _ERASED
        page[within : within + count] = data
        first = address - within
        self._device.writeblocks(first // FLASH_SECTOR_BYTES, page, first % FLASH_SECTOR_BYTES)

    def _check(self, address: int, count: int) -> None:
        if address < 0 or address + count > FLASH_RECORDS_BYTES:
            raise ValueError("flash: outside the records")
