"""CRC-32 of a frame (the polynomial of Ethernet and zlib), with and without allocation.

`binascii.crc32` is native and fast, but half of its results do not fit the 31-bit small integers
of a 32-bit board, and then the result is an object on the heap. Telemetry must not allocate, so
there the check is computed in two 16-bit halves from a table: slower (docs/protocol.md has the
figures) but free of garbage. Checking allocates no result anywhere: the CRC over a frame that ends
in its own CRC is always RESIDUE, which is a small integer. Owns the two tables, made at start.
"""

import binascii
import struct
import sys
from array import array

from protocol.interpreter import const

crc32 = binascii.crc32
pack_into = struct.pack_into

SIZE = const(4)
RESIDUE = const(0x2144DF1C)

# Small integers of this interpreter hold 32 bits (CPython: any int; MicroPython: 64-bit builds).
WIDE = sys.maxsize > 0x7FFFFFFF


def _tables() -> "tuple[array[int], array[int]]":
    """Low and high halves of the 256 table entries of the reflected polynomial 0xEDB88320."""
    low = array("H", bytes(512))
    high = array("H", bytes(512))
    for index in range(256):
        low_half = index
        high_half = 0
        for _ in range(8):
            odd = low_half & 1
            low_half = (low_half >> 1) | ((high_half & 1) << 15)
            high_half >>= 1
            if odd:
                low_half ^= 0x8320
                high_half ^= 0xEDB8
        low[index] = low_half
        high[index] = high_half
    return low, high


_LOW, _HIGH = _tables()


def write(buffer: bytearray, start: int, end: int) -> None:
    """Put the CRC of `buffer[start:end]` into `buffer[end:end + 4]`. May allocate."""
    pack_into("<I", buffer, end, crc32(memoryview(buffer)[start:end]))


def write_in_halves(buffer: bytearray, start: int, end: int) -> None:
    """The same as `write`, in 16-bit arithmetic: allocates nothing on any interpreter."""
    table_low = _LOW
    table_high = _HIGH
    low = 0xFFFF
    high = 0xFFFF
    for index in range(start, end):
        entry = (low ^ buffer[index]) & 0xFF
        low = (low >> 8) ^ ((high & 0xFF) << 8) ^ table_low[entry]
        high = (high >> 8) ^ table_high[entry]
    low ^= 0xFFFF
    high ^= 0xFFFF
    buffer[end] = low & 0xFF
    buffer[end + 1] = low >> 8
    buffer[end + 2] = high & 0xFF
    buffer[end + 3] = high >> 8


def intact(buffer: "bytes | bytearray | memoryview") -> bool:
    """Whether all of `buffer`, which ends in a CRC, is as it was when the CRC was written."""
    return crc32(buffer) == RESIDUE
