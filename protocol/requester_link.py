"""The host's side of the conversation: one request at a time, repeated until it is answered.

Or several in one go, which are never repeated: the pen remembers its last request alone.
Sans-IO: it returns the bytes to write, takes the bytes that were read, and is told the time in
milliseconds of any steady clock. Owns the sequence, the outstanding requests and the statistics.
"""

import struct

from protocol import codec, codes, frame, messages, schema, version
from protocol.decoder import Decoder
from protocol.statistics import LinkStatistics

TIMEOUT_MS = 100  # the pen answers within a few milliseconds; a slow bridge adds tens
ATTEMPTS = 5

_END_WHAT_CAME_BEFORE = b"\0"  # so that half a frame in the pen's decoder cannot swallow ours


class BusyError(Exception):
    """A request was made while another is outstanding; nothing was sent."""


class Frame:
    """One frame from the pen."""

    def __init__(self, number: int, sequence: int, flags: int, payload: bytes):
        self.number = number
        self.sequence = sequence
        self.flags = flags
        self.payload = payload

    @property
    def is_reply(self) -> bool:
        """Whether it answers the outstanding request (else it is an event)."""
        return bool(self.flags & frame.RESPONSE)

    @property
    def is_error(self) -> bool:
        """Whether the pen refused; `error()` says why."""
        return bool(self.flags & frame.ERROR)

    def error(self) -> "tuple[int, int, int, int, int]":
        """(result, context, value, low, high) of a refusal; (0, 0, 0, 0, 0) otherwise."""
        if not self.is_error or len(self.payload) != schema.ERROR_REPLY.size:
            return (codes.RESULT_OK, 0, 0, 0, 0)
        result, context, value, low, high = codec.unpack(schema.ERROR_REPLY, self.payload)
        return (result, context, value, low, high)


class RequesterLink:
    """One conversation with one pen; `sequence` and `nonce` are best random at each start."""

    def __init__(self, nonce: int, sequence: int = 0):
        self.decoder = Decoder()
        self.statistics = LinkStatistics()
        self._nonce = nonce & schema.U32
        self._sequence = sequence & 0xFF
        self._bytes = b""  # the outstanding request; empty when there is none
        self._number = 0
        self._behind: "list[int]" = []  # numbers of those that were sent right behind it
        self._sent_ms = 0  # first time
        self._tried_ms = 0  # last time
        self._timeout_ms = 0
        self._attempts_left = 0
        self.failed = False  # the last request was given up

    @property
    def waiting(self) -> bool:
        """Whether a request is outstanding."""
        return bool(self._bytes)

    def hello(self, now_ms: int, timeout_ms: int = TIMEOUT_MS, attempts: int = ATTEMPTS) -> bytes:
        """Open a conversation, whatever was outstanding; the bytes to write."""
        self._forget()
        self._nonce = (self._nonce + 1) & schema.U32
        self.statistics.telemetry.restart()
        self.statistics.notices.restart()
        payload = struct.pack("<8sI", version.SCHEMA_ID.encode(), self._nonce)
        opening = self.request(messages.HELLO, payload, now_ms, timeout_ms, attempts)
        return _END_WHAT_CAME_BEFORE + opening

    def request(
        self,
        number: int,
        payload: "bytes | bytearray",
        now_ms: int,
        timeout_ms: int = TIMEOUT_MS,
        attempts: int = ATTEMPTS,
    ) -> bytes:
        """Send one request; the bytes to write. BusyError while another is outstanding.

        It is repeated by `poll` every `timeout_ms`, `attempts` times in all.
        """
        if self._bytes:
            raise BusyError("message 0x%02X is still outstanding" % self._number)
        self._sequence = (self._sequence + 1) & 0xFF
        self._bytes = frame.build(number, self._sequence, frame.REQUEST, payload)
        self._number = number
        self._sent_ms = now_ms
        self._tried_ms = now_ms
        self._timeout_ms = timeout_ms
        self._attempts_left = attempts - 1
        self.failed = False
        self.statistics.requests += 1
        self.statistics.bytes_out += len(self._bytes)
        return self._bytes

    def burst(
        self,
        requests: "list[tuple[int, bytes]]",
        now_ms: int,
        timeout_ms: int = TIMEOUT_MS,
    ) -> bytes:
        """Send requests (number, payload), 1 to 100, in one go; the bytes to write.

        The pen carries them out in their order. When an answer is missing, or not all have come
        within `timeout_ms`, they have `failed`, whatever the pen did with them.
        """
        for _, payload in requests:
            if len(payload) > frame.PAYLOAD_MAX:
                raise ValueError("a payload of %d bytes" % len(payload))
        data = self.request(requests[0][0], requests[0][1], now_ms, timeout_ms, 1)
        for number, payload in requests[1:]:
            self._sequence = (self._sequence + 1) & 0xFF
            data += frame.build(number, self._sequence, frame.REQUEST, payload)
            self._behind.append(number)
        self.statistics.requests += len(self._behind)
        self.statistics.bytes_out += len(data) - len(self._bytes)
        return data

    def stop(self, now_ms: int, timeout_ms: int = 40, attempts: int = 25) -> bytes:
        """Send STOP at once; what is outstanding is given up for it. The bytes to write."""
        if self._bytes:
            self._forget()
            self.statistics.failures += 1
        return _END_WHAT_CAME_BEFORE + self.request(
            messages.STOP, b"", now_ms, timeout_ms, attempts
        )

    def receive(self, data: "bytes | bytearray", now_ms: int) -> "list[Frame]":
        """Take what was read; the reply to the outstanding request and all events, in order."""
        decoder = self.decoder
        statistics = self.statistics
        statistics.bytes_in += len(data)
        frames = []
        position = 0
        count = len(data)
        while position < count:
            position = decoder.take(data, position, count)
            if decoder.ready:
                statistics.good_frame(now_ms)
                if self._wanted(now_ms):
                    frames.append(
                        Frame(decoder.number, decoder.sequence, decoder.flags, decoder.payload())
                    )
        statistics.frames_bad = decoder.bad
        return frames

    def poll(self, now_ms: int) -> bytes:
        """The bytes to write now because no answer came in time; empty when there are none.

        Sets `failed` when the attempts are used up.
        """
        if not self._bytes or now_ms - self._tried_ms < self._timeout_ms:
            return b""
        if self._attempts_left <= 0:
            self._give_up()
            return b""
        self._attempts_left -= 1
        self._tried_ms = now_ms
        self.statistics.retries += 1
        self.statistics.bytes_out += len(self._bytes) + 1
        return _END_WHAT_CAME_BEFORE + self._bytes

    def next_poll_ms(self, now_ms: int) -> int:
        """Milliseconds until `poll` has something to do; -1 when nothing is outstanding."""
        if not self._bytes:
            return -1
        return max(0, self._tried_ms + self._timeout_ms - now_ms)

    def _wanted(self, now_ms: int) -> bool:
        """Count the frame in the decoder; whether the caller is to see it."""
        decoder = self.decoder
        statistics = self.statistics
        if decoder.flags == frame.EVENT:
            return self._count_event()
        if not decoder.flags & frame.RESPONSE:
            statistics.strays += 1
            return False
        ahead = (decoder.sequence - self._sequence + len(self._behind)) & 0xFF
        if not self._bytes or ahead or decoder.number != self._number:
            statistics.strays += 1
            if self._bytes and 0 < ahead <= len(self._behind):
                self._give_up()  # it answers one behind the outstanding one, whose answer is lost
            return False
        if self._behind:
            self._number = self._behind.pop(0)
        else:
            self._bytes = b""
        statistics.replies += 1
        statistics.round_trip_ms = now_ms - self._sent_ms
        statistics.round_trip_max_ms = max(statistics.round_trip_max_ms, now_ms - self._sent_ms)
        return True

    def _forget(self) -> None:
        """Nothing is outstanding."""
        self._bytes = b""
        self._behind = []

    def _give_up(self) -> None:
        self._forget()
        self.failed = True
        self.statistics.failures += 1

    def _count_event(self) -> bool:
        """Count a telemetry or notice frame by its counter, the first field of both."""
        decoder = self.decoder
        if decoder.size < 2:
            return True
        buffer = decoder.buffer
        counter = buffer[frame.PAYLOAD_AT] | buffer[frame.PAYLOAD_AT + 1] << 8
        if decoder.number == messages.TELEMETRY:
            self.statistics.telemetry.count(counter)
        elif decoder.number == messages.NOTICE:
            self.statistics.notices.count(counter)
        return True
