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
    count = -(-len(image) // PAYLOAD)
    blocks = []
    for number in range(count):
        data = image[number * PAYLOAD : (number + 1) * PAYLOAD]
        place = start + number * PAYLOAD
        header = _HEADER.pack(*_MAGIC, _FAMILY_GIVEN, place, PAYLOAD, number, count, family)
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
