"""CRC-32 of a frame or a record (the polynomial of Ethernet and zlib).

`binascii.crc32` is native, but three of four results do not fit the small integers of a 32-bit
board and become objects on its heap: the frames of the pen get theirs from `machine_code`. Checking
allocates no result anywhere: the CRC over a message that ends in its own CRC is always RESIDUE,
which is a small integer. Owns no state.
"""

import binascii
import struct

from protocol.interpreter import const

crc32 = binascii.crc32

SIZE = const(4)
RESIDUE = const(0x2144DF1C)


def write(buffer: bytearray, start: int, end: int) -> None:
    """Put the CRC of `buffer[start:end]` into `buffer[end:end + 4]`. May allocate."""
    struct.pack_into("<I", buffer, end, crc32(memoryview(buffer)[start:end]))


def intact(buffer: "bytes | bytearray | memoryview") -> bool:
    """Whether all of `buffer`, which ends in a CRC, is as it was when the CRC was written."""
    return crc32(buffer) == RESIDUE
