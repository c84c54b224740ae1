"""What a receiver must deliver, worked out another way: the cobs package and zlib's CRC.

Nothing of `protocol/` is used here. Owns no state.
"""

import struct
import zlib

from cobs import cobs

SHORTEST = 7  # type, sequence, flags, CRC
LONGEST = 247  # with 240 bytes of payload


def deliveries(stream: bytes) -> list[bytes]:
    """Type, sequence, flags and payload of every good frame that ends in `stream`."""
    found = []
    for piece in stream.split(b"\0")[:-1]:
        if not SHORTEST < len(piece) <= LONGEST + 1:
            continue
        try:
            message = cobs.decode(piece)
        except cobs.DecodeError:
            continue
        if not SHORTEST <= len(message) <= LONGEST:
            continue
        if struct.pack("<I", zlib.crc32(message[:-4])) == message[-4:]:
            found.append(message[:-4])
    return found


def frame(number: int, sequence: int, flags: int, payload: bytes) -> bytes:
    """The bytes of a frame, delimiter included."""
    message = bytes((number, sequence, flags)) + payload
    return cobs.encode(message + struct.pack("<I", zlib.crc32(message))) + b"\0"
