"""Reads a UF2 file as strictly as a boot loader is lax.

The boot loader passes over every block that it does not understand and never says so; whatever is
wrong with a file has to be found before. Owns no state.
"""

import struct
from typing import NamedTuple

from host_controller.flashing.failures import FirmwareFileBad, WrongBoard
from protocol import image_info

BLOCK = 512
PAYLOAD = 256
FLASH_START = 0x1000_0000
FIRMWARE_BYTES = 0x0C_0000  # the pen's records lie behind: no file may reach them
FAMILY_RP2040 = 0xE48B_FF56

_HEADER = struct.Struct("<8I")
_MAGIC = (0x0A32_4655, 0x9E5D_5157)
_LAST_MAGIC = 0x0AB1_6F30
_FAMILY_GIVEN = 0x2000
_FAMILIES = {
    0xE48B_FF57: "any RP2 chip (absolute)",
    0xE48B_FF59: "RP2350",
    0xE48B_FF5A: "RP2350",
    0xE48B_FF5B: "RP2350",
}


class Uf2(NamedTuple):
    """A whole file: pages by their offset in flash, in the order of the file."""

    pages: dict[int, bytes]

    @property
    def offsets(self) -> list[int]:
        """Offsets in the order in which they will be written."""
        return list(self.pages)

    def memory(self, offset: int, count: int) -> bytes:
        """`count` bytes of flash from `offset` on, 0xFF where the file says nothing."""
        first = offset - offset % PAYLOAD
        blank = b"\xff" * PAYLOAD
        data = b"".join(self.pages.get(at, blank) for at in range(first, offset + count, PAYLOAD))
        return data[offset - first : offset - first + count]


def read(data: bytes) -> Uf2:
    """Check every block; raises FirmwareFileBad or WrongBoard, with the block's number."""
    if len(data) < BLOCK or _HEADER.unpack_from(data)[:2] != _MAGIC:
        raise FirmwareFileBad("This is no UF2 file.")
    if len(data) % BLOCK:
        raise FirmwareFileBad(
            f"The file ends within block {len(data) // BLOCK}.", cause="It was cut short."
        )
    count = len(data) // BLOCK
    pages: dict[int, bytes] = {}
    for number in range(count):
        offset, page = _block(data[number * BLOCK : (number + 1) * BLOCK], number, count)
        if offset in pages:
            raise FirmwareFileBad(f"Block {number} writes a place for the second time.")
        pages[offset] = page
    _must_be_gapless(pages)
    return Uf2(pages)


def _must_be_gapless(pages: dict[int, bytes]) -> None:
    """An image begins at 0 and has no holes; only its info page lies apart, at the end."""
    image = set(pages) - {image_info.AT}
    if image != set(range(0, len(image) * PAYLOAD, PAYLOAD)):
        raise FirmwareFileBad(
            "The file has a hole: a page of the image is missing or lies somewhere else.",
        )


def _block(block: bytes, number: int, count: int) -> tuple[int, bytes]:
    first, second, flags, address, size, its_number, its_count, family = _HEADER.unpack_from(block)
    (last,) = struct.unpack_from("<I", block, BLOCK - 4)
    if (first, second) != _MAGIC or last != _LAST_MAGIC:
        raise FirmwareFileBad(f"Block {number} of {count} is damaged.")
    if not flags & _FAMILY_GIVEN or family != FAMILY_RP2040:
        chip = _FAMILIES.get(family, f"family {family:08x}") if flags & _FAMILY_GIVEN else "no chip"
        raise WrongBoard(f"This file is for {chip}; the pen has an RP2040.")
    if (its_number, its_count) != (number, count):
        raise FirmwareFileBad(
            f"Block {number} of {count} calls itself {its_number} of {its_count}.",
            cause="Blocks are missing or out of order: the file was cut or joined.",
        )
    if size != PAYLOAD or address % PAYLOAD:
        raise FirmwareFileBad(f"Block {number} is not one whole page of flash.")
    offset = address - FLASH_START
    if not 0 <= offset <= FIRMWARE_BYTES - PAYLOAD:
        raise WrongBoard(
            f"Block {number} would write outside the firmware's area, at {address:#010x}.",
            cause="The file is no pen's firmware: it would overwrite the pen's own records.",
        )
    return offset, block[_HEADER.size : _HEADER.size + PAYLOAD]
