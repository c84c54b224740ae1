"""Consistent Overhead Byte Stuffing of short frames, in place.

A message of up to 253 bytes is stuffed with exactly one extra byte, so the buffer that holds it
keeps one byte free in front: message in `buffer[1:size]`, stuffed form in `buffer[0:size]`, which
holds no zero byte. On the pen the machine code of a whole frame does it. Owns no state.
"""

from protocol.interpreter import const

SIZE_MAX = const(254)  # stuffed bytes; beyond it COBS would need a second code byte

_ZERO = b"\0"
_ONES_FOR_ZERO = b"\xff" + bytes(255)
_NUMBERS = int.from_bytes(bytes(range(SIZE_MAX)), "little")


def encode(buffer: bytearray, size: int) -> None:
    """Stuff the message in `buffer[1:size]` into `buffer[0:size]`; size 1..254 bytes. CPython only.

    Each zero is replaced by the distance to the next one (or to the end), and `buffer[0]` gets the
    distance to the first: a chain of links through the frame. To find them, every zero becomes a
    byte of ones, all else zero; with the number 0, 1, 2, ... in each byte this leaves the positions
    of the zeros, without a step of the interpreter per byte.
    """
    ones = int.from_bytes(buffer[:size].translate(_ONES_FOR_ZERO), "little")
    link = 0
    for zero in (ones & _NUMBERS).to_bytes(size, "little").translate(None, _ZERO):
        buffer[link] = zero - link
        link = zero
    buffer[link] = size - link


def decode(buffer: bytearray, size: int) -> bool:
    """Unstuff `buffer[0:size]` into `buffer[1:size]`; size 1..254 bytes.

    False, with the buffer half changed, when these bytes are not the stuffed form of any message:
    a zero among the links, or a chain that does not end exactly at `size`. Allocates nothing.
    """
    link = 0
    step = buffer[0]
    while step:
        buffer[link] = 0
        link += step
        if link >= size:
            return link == size
        step = buffer[link]
    return False
