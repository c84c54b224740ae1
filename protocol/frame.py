"""One frame: type, sequence, flags, payload, CRC-32; stuffed, then a zero byte.

In memory a frame lies in a buffer of `OVERHEAD` bytes more than its payload: byte 0 is for the
stuffing, the header follows, then payload, CRC and the delimiter. So a payload is packed straight
into its final place and nothing is moved. Owns no state; the buffers are the callers'.
"""

from protocol import cobs, crc, machine_code
from protocol.interpreter import MICROPYTHON, const

PAYLOAD_MAX = const(240)  # bytes
OVERHEAD = const(9)  # stuffing 1, header 3, CRC 4, delimiter 1
WIRE_MAX = const(249)  # bytes of the longest frame, delimiter included
WIRE_MIN = const(9)

# Where things lie in the buffer.
TYPE_AT = const(1)
SEQUENCE_AT = const(2)
FLAGS_AT = const(3)
PAYLOAD_AT = const(4)

# Flags. Exactly one of the first three; ERROR only with RESPONSE.
REQUEST = const(1)  # host to pen
RESPONSE = const(2)  # pen to host, sequence of the request
EVENT = const(4)  # pen to host, unasked
ERROR = const(8)  # refused: the payload says why


def new_buffer(payload_size: int = PAYLOAD_MAX) -> bytearray:
    """A buffer for frames with payloads of up to `payload_size` bytes, 0..240."""
    return bytearray(payload_size + OVERHEAD)


def seal_natively(buffer: bytearray, number: int, sequence: int, flags: int, size: int) -> int:
    """Make `buffer`, which holds `size` bytes of payload at PAYLOAD_AT, a frame ready to send.

    Returns the number of bytes to send, delimiter included. The payload is stuffed afterwards, so
    it has to be packed anew for the next frame. With what CPython has natively.
    """
    end = PAYLOAD_AT + size
    buffer[TYPE_AT] = number
    buffer[SEQUENCE_AT] = sequence
    buffer[FLAGS_AT] = flags
    crc.write(buffer, TYPE_AT, end)
    end += crc.SIZE
    cobs.encode(buffer, end)
    buffer[end] = 0
    return end + 1


# The same by machine code allocates nothing.
seal = machine_code.seal if MICROPYTHON else seal_natively


def build(number: int, sequence: int, flags: int, payload: "bytes | bytearray" = b"") -> bytes:
    """The frame of `payload`, 0..240 bytes, as new bytes; ValueError when it is longer."""
    size = len(payload)
    if size > PAYLOAD_MAX:
        raise ValueError("a payload has at most %d bytes, this has %d" % (PAYLOAD_MAX, size))
    buffer = bytearray(size + OVERHEAD)
    buffer[PAYLOAD_AT : PAYLOAD_AT + size] = payload
    seal(buffer, number, sequence, flags, size)
    return bytes(buffer)
