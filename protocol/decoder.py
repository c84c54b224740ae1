"""Bytes in, frames out: incremental, in one bounded buffer, never raising on any bytes.

A damaged frame costs itself alone: the next delimiter starts afresh, and what was dropped is
counted by cause. Owns the frame being collected and the counters.
"""

from protocol import cobs, crc, frame

_DELIMITER = b"\0"


class Decoder:
    """Collects one frame at a time.

    while position < count:
        position = decoder.take(data, position, count)
        if decoder.ready:
            ...  # number, sequence, flags, size; payload at decoder.buffer[frame.PAYLOAD_AT]
    """

    def __init__(self) -> None:
        self.buffer = bytearray(frame.WIRE_MAX - 1)
        self._view = memoryview(self.buffer)
        self._filled = 0  # bytes of the frame being collected
        self._overflow = False  # that frame is already too long
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

    @property
    def bad(self) -> int:
        """Frames dropped since start, whatever the cause."""
        return self.bad_length + self.bad_stuffing + self.bad_check

    def take(self, data: "bytes | bytearray", start: int, stop: int) -> int:
        """Take bytes from `data[start:stop]` up to the first delimiter; where to go on.

        `ready` tells whether this completed a good frame, which stays valid until the next call.
        """
        self.ready = False
        end = data.find(_DELIMITER, start, stop)
        limit = stop if end < 0 else end
        filled = self._filled + limit - start
        if filled > len(self.buffer):
            self._overflow = True
        elif not self._overflow:
            self.buffer[self._filled : filled] = data[start:limit]
            self._filled = filled
        if end < 0:
            return stop
        self._finish()
        return end + 1

    def payload(self) -> bytes:
        """A copy of the payload of the frame that is ready."""
        return bytes(self.buffer[frame.PAYLOAD_AT : frame.PAYLOAD_AT + self.size])

    def reset(self) -> None:
        """Forget the frame being collected (the port was reopened); the counters stay."""
        self._filled = 0
        self._overflow = False
        self.ready = False

    def _finish(self) -> None:
        filled = self._filled
        self._filled = 0
        if self._overflow:
            self._overflow = False
            self.bad_length += 1
        elif filled == 0:
            pass  # a second delimiter in a row: senders use it to end what came before
        elif filled < frame.WIRE_MIN - 1:
            self.bad_length += 1
        elif not cobs.decode(self.buffer, filled):
            self.bad_stuffing += 1
        elif not crc.intact(self._view[frame.TYPE_AT : filled]):
            self.bad_check += 1
        else:
            self.number = self.buffer[frame.TYPE_AT]
            self.sequence = self.buffer[frame.SEQUENCE_AT]
            self.flags = self.buffer[frame.FLAGS_AT]
            self.size = filled - (frame.WIRE_MIN - 1)
            self.good += 1
            self.ready = True
