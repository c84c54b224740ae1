"""Bytes in, frames out: incremental, in one bounded buffer, never raising on any bytes.

A damaged frame costs itself alone: the next delimiter starts afresh, and what was dropped is
counted by cause. Owns the frame being collected and the counters.
"""

from protocol import cobs, crc, frame
from protocol.interpreter import const

_DELIMITER = b"\0"
_SHORTEST = const(8)  # stuffed bytes of a frame without payload, delimiter not counted
_BUFFER_SIZE = const(248)  # and of the longest
_OVERFLOW = const(0x10000)  # more bytes than any frame

# Where things lie in the buffer (frame.py), and what else is looked up for every frame.
_TYPE_AT = const(1)
_SEQUENCE_AT = const(2)
_FLAGS_AT = const(3)
_RESIDUE = const(0x2144DF1C)
_crc32 = crc.crc32
_unstuff = cobs.decode


class Decoder:
    """Collects one frame at a time.

    while position < count:
        position = decoder.take(data, position, count)
        if decoder.ready:
            ...  # number, sequence, flags, size; payload at decoder.buffer[frame.PAYLOAD_AT]
    """

    def __init__(self) -> None:
        self.buffer = bytearray(_BUFFER_SIZE)
        self._view = memoryview(self.buffer)
        self._covered = self._view[_TYPE_AT:_SHORTEST]  # by the CRC; made anew for another length
        self._covered_end = _SHORTEST
        self._filled = 0  # bytes of the frame being collected, or _OVERFLOW
        self.ready = False  # the last `take` completed a good frame, described by:
        self.number = 0
        self.sequence = 0
        self.flags = 0
        self.size = 0  # bytes of its payload
        # Counters since start.
        self.good = 0
        self.bad_length = 0  # too short or too long to be a frame
        self.bad_stuffing = 0
        self.bad_check = 0
        self.bad = 0  # whatever the cause

    def take(self, data: "bytes | bytearray", start: int, stop: int) -> int:
        """Take bytes from `data[start:stop]` up to the first delimiter; where to go on.

        `ready` tells whether this completed a good frame, which stays valid until the next call.
        """
        self.ready = False
        end = data.find(_DELIMITER, start, stop)
        limit = stop if end < 0 else end
        buffer = self.buffer
        before = self._filled
        filled = before + limit - start
        if filled <= _BUFFER_SIZE:
            buffer[before:filled] = data[start:limit]
        else:
            filled = _OVERFLOW  # and more up to the delimiter
        if end < 0:
            self._filled = filled
            return stop
        self._filled = 0
        if not _SHORTEST <= filled <= _BUFFER_SIZE:
            if filled:  # else two delimiters in a row: a sender ends with one what came before
                self.bad_length += 1
                self.bad += 1
        elif not _unstuff(buffer, filled):
            self.bad_stuffing += 1
            self.bad += 1
        else:
            if filled != self._covered_end:
                self._covered = self._view[_TYPE_AT:filled]
                self._covered_end = filled
            if _crc32(self._covered) != _RESIDUE:
                self.bad_check += 1
                self.bad += 1
            else:
                self.number = buffer[_TYPE_AT]
                self.sequence = buffer[_SEQUENCE_AT]
                self.flags = buffer[_FLAGS_AT]
                self.size = filled - _SHORTEST
                self.good += 1
                self.ready = True
        return end + 1

    def payload(self) -> bytes:
        """A copy of the payload of the frame that is ready."""
        return bytes(self.buffer[frame.PAYLOAD_AT : frame.PAYLOAD_AT + self.size])

    def reset(self) -> None:
        """Forget the frame being collected (the port was reopened); the counters stay."""
        self._filled = 0
        self.ready = False
