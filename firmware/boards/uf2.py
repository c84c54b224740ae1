"""UF2, the format that the chip's boot loader takes as a file on its drive: blocks of 512 bytes.

Owns no state. Little endian; each block carries 256 bytes and says where in memory they belong.
"""

import struct

FLASH_START = 0x1000_0000
FAMILY_RP2040 = 0xE48B_FF56
PAYLOAD = 256
BLOCK = 512

_MAGIC = (0x0A32_4655, 0x9E5D_5157)
_LAST_MAGIC = 0x0AB1_6F30
_FAMILY_GIVEN = 0x2000
_HEADER = struct.Struct("<8I")


def pack(image: bytes, start: int = FLASH_START, family: int = FAMILY_RP2040) -> bytes:
    """Return the file that puts `image` at `start`; the last block is filled up with zeros."""
    places = range(0, len(image), PAYLOAD)
    return _blocks([(start + at, image[at : at + PAYLOAD]) for at in places], family)


def pack_image(image: bytes, info: bytes, info_at: int) -> bytes:
    """Return the file of a whole image and its page of information at offset `info_at`.

    The first page of the flash, without which the chip's ROM starts nothing, is erased with the
    first block and written with the last: a copy that breaks off leaves a chip that waits in its
    boot loader for the next one, and never half an image that runs.
    """
    pages = [(at, image[at : at + PAYLOAD]) for at in range(0, len(image), PAYLOAD)]
    order = [*pages[1:], (info_at, info), pages[0]]
    return _blocks([(FLASH_START + at, data) for at, data in order], FAMILY_RP2040)


def _blocks(pages: list[tuple[int, bytes]], family: int) -> bytes:
    blocks = []
    for number, (place, data) in enumerate(pages):
        header = _HEADER.pack(*_MAGIC, _FAMILY_GIVEN, place, PAYLOAD, number, len(pages), family)
        blocks.append((header + data).ljust(BLOCK - 4, b"\0") + struct.pack("<I", _LAST_MAGIC))
    return b"".join(blocks)


def unpack(file: bytes, start: int = FLASH_START, family: int = FAMILY_RP2040) -> bytes:
    """Return the image in a file that `pack` made, with the zeros of its last block.

    Raises ValueError for anything else: another chip or place, blocks missing or out of order.
    """
    if len(file) % BLOCK:
        raise ValueError("uf2: not a whole number of blocks")
    count = len(file) // BLOCK
    image = []
    for number in range(count):
        block = file[number * BLOCK : (number + 1) * BLOCK]
        place = start + number * PAYLOAD
        header = (*_MAGIC, _FAMILY_GIVEN, place, PAYLOAD, number, count, family)
        (last,) = struct.unpack_from("<I", block, BLOCK - 4)
        if _HEADER.unpack_from(block) != header or last != _LAST_MAGIC:
            raise ValueError(f"uf2: block {number} is not what it should be")
        image.append(block[_HEADER.size : _HEADER.size + PAYLOAD])
    return b"".join(image)
