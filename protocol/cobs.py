"""Consistent Overhead Byte Stuffing of short frames, in place.

A message of up to 253 bytes is stuffed with exactly one extra byte, so the buffer that holds it
keeps one byte free in front: message in `buffer[1:size]`, stuffed form in `buffer[0:size]`, which
holds no zero byte. Nothing is copied and nothing is allocated. Owns no state.
"""

from protocol.interpreter import const

SIZE_MAX = const(254)  # stuffed bytes; beyond it COBS would need a second code byte

_ZERO = b"\0"


def encode(buffer: bytearray, size: int) -> None:
    """Stuff the message in `buffer[1:size]` into `buffer[0:size]`; size 1..254 bytes.

    Each zero is replaced by the distance to the next one (or to the end), and `buffer[0]` gets the
    distance to the first: a chain of links through the frame. Allocates nothing.
    """
    link = 0
    zero = buffer.find(_ZERO, 1, size)
    while zero > 0:
        buffer[link] = zero - link
        link = zero
        zero = buffer.find(_ZERO, zero + 1, size)
    buffer[link] = size - link


def decode(buffer: bytearray, size: int) -> bool:
    """Unstuff `buffer[0:size]` into `buffer[1:size]`; size 1..254 bytes.

    False, with the buffer half changed, when these bytes are not the stuffed form of any message:
    a zero among the links, or a chain that does not end exactly at `size`. Allocates nothing.
    """
    link = 0
    while link < size:
        step = buffer[link]
        if step == 0:
            return False
        buffer[link] = 0
        link += step
    return link == size
