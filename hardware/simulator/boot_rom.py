"""What the RP2040's boot ROM does that matters here: whether it starts, and how it takes a UF2.

It starts the flash only when the first 252 bytes have the CRC-32 that follows them; otherwise it
waits in its boot loader. There it takes blocks in any order, passes over those it does not know,
erases a sector when it is touched for the first time, and restarts when the last block of a file
has come. It knows nothing of our images: what is wrong with a file has to be found by others.
Owns which blocks of the file under way have come.
"""

import struct
from functools import lru_cache

from hardware.board import rev_a as board

FLASH_START = 0x1000_0000
BLOCK = 512
PAGE = board.FLASH_PAGE_BYTES
SECTOR = board.FLASH_SECTOR_BYTES
FAMILY = 0xE48B_FF56

_HEADER = struct.Struct("<8I")
_MAGIC = (0x0A32_4655, 0x9E5D_5157)
_LAST_MAGIC = 0x0AB1_6F30
_NOT_FLASH = 0x0000_0001
_FAMILY_GIVEN = 0x0000_2000
_SECOND_STAGE = 252  # bytes of the first page under the CRC


@lru_cache(maxsize=8)  # asked at every start of a simulated pen
def boot_crc(data: bytes) -> int:
    """CRC-32, polynomial 0x04C11DB7, not reflected, from all ones, as the ROM counts."""
    value = 0xFFFF_FFFF
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = value << 1 ^ (0x04C1_1DB7 if value & 0x8000_0000 else 0)
        value &= 0xFFFF_FFFF
    return value


def first_page(content: bytes) -> bytes:
    """A first page that the ROM starts: `content` filled up, and its CRC."""
    body = content[:_SECOND_STAGE].ljust(_SECOND_STAGE, b"\0")
    return body + struct.pack("<I", boot_crc(body))


def starts(flash: bytes | bytearray) -> bool:
    """Whether the ROM would start this flash rather than its boot loader."""
    page = bytes(flash[:PAGE])
    (check,) = struct.unpack_from("<I", page, _SECOND_STAGE)
    return bool(check == boot_crc(page[:_SECOND_STAGE]))


class BootRom:
    """The boot loader's side of its disk, writing to `flash`."""

    def __init__(self, flash: bytearray) -> None:
        self._flash = flash
        self._count = 0  # blocks of the file under way
        self._come: set[int] = set()
        self._erased: set[int] = set()
        self.done = False  # the last block has come: the chip restarts

    def take(self, block: bytes) -> None:
        """Take one sector of 512 bytes that a computer wrote to the disk."""
        if self.done or len(block) != BLOCK:
            return
        *magic, flags, address, size, number, count, family = _HEADER.unpack_from(block)
        (last,) = struct.unpack_from("<I", block, BLOCK - 4)
        offset = address - FLASH_START
        if (
            tuple(magic) != _MAGIC
            or last != _LAST_MAGIC
            or flags & _NOT_FLASH
            or not flags & _FAMILY_GIVEN
            or family != FAMILY
            or size != PAGE
            or offset % PAGE
            or not 0 <= offset <= len(self._flash) - PAGE
            or number >= count
        ):
            return
        if count != self._count:  # another file begins
            self._count = count
            self._come.clear()
            self._erased.clear()
        if number in self._come:
            return
        self._write(offset, block[_HEADER.size : _HEADER.size + PAGE])
        self._come.add(number)
        self.done = len(self._come) == count

    def _write(self, offset: int, page: bytes) -> None:
        sector = offset - offset % SECTOR
        if sector not in self._erased:
            self._erased.add(sector)
            self._flash[sector : sector + SECTOR] = b"\xff" * SECTOR
        old = self._flash[offset : offset + PAGE]
        self._flash[offset : offset + PAGE] = bytes(
            one & other for one, other in zip(old, page, strict=True)
        )
