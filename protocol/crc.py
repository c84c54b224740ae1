"""CRC-32 of a frame (the polynomial of Ethernet and zlib), with and without allocation.

`binascii.crc32` is native and fast, but three of four results do not fit the small integers of a
32-bit board and become objects on its heap. Telemetry must not allocate, so there the check is
computed in two 16-bit halves from a table, as machine code where there is any (figures and reasons
in docs/decisions/0007). Checking allocates no result anywhere: the CRC over a message that ends in
its own CRC is always RESIDUE, which is a small integer. Owns the tables, made at start.
"""

import binascii
import struct

from protocol.interpreter import MICROPYTHON, const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

    Machine = Callable[[bytearray, int, int, bytearray, bytearray], object]

crc32 = binascii.crc32
pack_into = struct.pack_into

SIZE = const(4)
RESIDUE = const(0x2144DF1C)


def _tables() -> "tuple[list[int], list[int]]":
    """Low and high halves of the 256 table entries of the reflected polynomial 0xEDB88320.

    The table is linear: entry i is the exclusive or of the entries of the bits of i.
    """
    low = [0] * 256
    high = [0] * 256
    low_half = 1
    high_half = 0
    bit = 128
    while bit:
        odd = low_half & 1
        low_half = (low_half >> 1) | ((high_half & 1) << 15)
        high_half >>= 1
        if odd:
            low_half ^= 0x8320
            high_half ^= 0xEDB8
        low[bit] = low_half
        high[bit] = high_half
        bit >>= 1
    for index in range(1, 256):
        rest = index & (index - 1)  # without its lowest bit
        low[index] = low[rest] ^ low[index ^ rest]
        high[index] = high[rest] ^ high[index ^ rest]
    return low, high


_LOW, _HIGH = _tables()


# The tables as machine code reads them, in the byte order of every chip we run on.
_LOW_BYTES = bytearray(512)
_HIGH_BYTES = bytearray(512)
for _index in range(256):
    pack_into("<H", _LOW_BYTES, 2 * _index, _LOW[_index])
    pack_into("<H", _HIGH_BYTES, 2 * _index, _HIGH[_index])

_write_machine: "Machine | None" = None
if MICROPYTHON:
    try:
        from protocol import machine_code

        _write_machine = machine_code.write_check
    except SyntaxError:  # a build without machine code
        pass


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


def write_lean(buffer: bytearray, start: int, end: int) -> None:
    """The same as `write`, without allocation, as quickly as this interpreter can."""
    if _write_machine is None:
        write_in_halves(buffer, start, end)
    else:
        _write_machine(buffer, start, end, _LOW_BYTES, _HIGH_BYTES)


def intact(buffer: "bytes | bytearray | memoryview") -> bool:
    """Whether all of `buffer`, which ends in a CRC, is as it was when the CRC was written."""
    return crc32(buffer) == RESIDUE
