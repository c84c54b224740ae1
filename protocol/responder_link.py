"""The pen's side of the conversation: each request executed at most once, each answered.

Bytes in through `receive`, bytes out through the `write` it was given; it needs no time. A request
reaches the handler only when order, schema, length and ranges are right. Owns the sequence and CRC
of the last request, the cached reply, and whether the host's schema matched.
"""

from protocol import codec, codes, crc, frame, machine_code, messages, schema, version
from protocol.interpreter import const
from protocol.layout import JSON
from protocol.quick_decoder import quickest_decoder
from protocol.reply import Reply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from protocol.layout import Layout

    Handler = Callable[[int, tuple[Any, ...], Reply], int]
    Write = Callable[[bytearray, int], object]

DEFERRED = const(-1)  # a handler's result: the answer comes later: `deferred`, `finish`

_STALE = const(128)  # a sequence this far ahead, modulo 256, is a late copy of an old request

# Bound and restated here, because the board looks up each dotted name at each use.
_copy = machine_code.copy
_messages = schema.BY_NUMBER
_NOTHING = schema.NOTHING
_REQUEST = const(1)
_PAYLOAD_AT = const(4)
_CHECK_SIZE = const(4)
_HELLO = const(1)
_STOP = const(2)
_OK = const(0)


class ResponderLink:
    """One pen, one host at a time.

    `handler(number, values, reply) -> result`: `values` is the tuple of the request's fields (the
    parsed object alone for JSON); it fills `reply` and returns RESULT_OK, or returns another
    RESULT_ number (with `reply.refuse(...)` when there are details), or DEFERRED.
    `write(buffer, count)` must queue all or nothing; what it loses, the host asks for again.
    """

    def __init__(self, handler: "Handler", write: "Write"):
        self._handler = handler
        self._write = write
        self.decoder = quickest_decoder()
        self._reply = Reply()  # of the last request: sent again to a repetition
        self._aside = Reply()  # of what stands outside the order: STOP, refused strangers
        self._reply_count = 0  # bytes of the sealed reply; 0 while it is deferred
        self._number = 0  # of the last request
        self._sequence = 0
        self._check = bytearray(crc.SIZE)
        self._nonce = -1  # of the conversation; -1 before the first HELLO
        self.schema_matches = False
        # Counters since start.
        self.executed = 0  # requests handed to the handler
        self.repeated = 0  # answered from the cache
        self.stale = 0  # late copies, ignored
        self.refused = 0  # answered without the handler

    @property
    def greeted(self) -> bool:
        """Whether a host has said HELLO since start."""
        return self._nonce >= 0

    def receive(self, data: "bytes | bytearray", count: int) -> None:
        """Take `count` bytes from the host; handle and answer every request they complete."""
        decoder = self.decoder
        position = 0
        while position < count:
            position = decoder.take(data, position, count)
            if decoder.ready and decoder.flags == _REQUEST:
                self._request()

    def deferred(self, number: int) -> "Reply | None":
        """The reply to fill for a deferred request; None when the host no longer waits for it."""
        if self._reply_count or self._number != number or not self.greeted:
            return None
        return self._reply

    def finish(self, result: int) -> None:
        """Send the reply that `deferred` handed out, filled."""
        self._send(result)

    def _request(self) -> None:
        decoder = self.decoder
        number = decoder.number
        if number == _STOP:
            self._stop()
            return
        if number == _HELLO and self._opens():
            return
        if self._nonce < 0:
            self._refuse_aside(codes.RESULT_HELLO_FIRST)
            return
        ahead = (decoder.sequence - self._sequence) & 0xFF
        if ahead == 0:
            self._repetition()
        elif ahead >= _STALE:
            self.stale += 1
        else:
            self._execute()

    def _stop(self) -> None:
        """STOP is obeyed each time it arrives; doing it twice does no harm."""
        decoder = self.decoder
        reply = self._aside
        reply.start(schema.NOTHING)
        self.executed += 1
        result = self._handler(messages.STOP, (), reply)
        if result != _OK and result != reply.result:  # a tuple would be garbage
            reply.refuse(result)
        self._write(reply.buffer, reply.seal(messages.STOP, decoder.sequence))

    def _opens(self) -> bool:
        """Begin a conversation if this HELLO is a new one; False for a copy of the current one."""
        decoder = self.decoder
        layout = schema.HELLO_REQUEST
        if decoder.size != layout.size:
            self._refuse_aside(codes.RESULT_BAD_LENGTH, decoder.size, layout.size, layout.size)
            return True
        theirs, nonce = codec.unpack_from(layout, decoder.buffer, frame.PAYLOAD_AT, layout.size)
        if nonce == self._nonce:
            return False
        self._nonce = nonce
        self.schema_matches = theirs == version.SCHEMA_ID.encode()
        self._execute()
        return True

    def _repetition(self) -> None:
        if self.decoder.number != self._number or not self._same_check():
            self._refuse_aside(
                codes.RESULT_SEQUENCE, self.decoder.sequence, (self._sequence + 1) & 0xFF
            )
            return
        self.repeated += 1
        if self._reply_count:
            self._write(self._reply.buffer, self._reply_count)

    def _execute(self) -> None:
        """Validate the request and hand it over; it is remembered and its reply cached anyway."""
        decoder = self.decoder
        number = decoder.number
        size = decoder.size
        end = _PAYLOAD_AT + size
        self._number = number
        self._sequence = decoder.sequence
        _copy(self._check, decoder.buffer, end, end + _CHECK_SIZE)
        reply = self._reply
        message = _messages.get(number)
        request = None if message is None else message.request
        if message is None or request is None:
            self._refuse(codes.RESULT_UNKNOWN_TYPE, 0, number, 0, 0)
            return
        reply.start(message.response)
        if not self.schema_matches and not message.fixed:
            self._refuse(codes.RESULT_SCHEMA_MISMATCH, 0, 0, 0, 0)
            return
        values: "tuple[Any, ...]" = ()
        if size or request is not _NOTHING:
            found = self._values(request)
            if found is None:
                return
            values = found
        self.executed += 1
        self._reply_count = 0
        self._send(self._handler(number, values, reply))

    def _values(self, request: "Layout") -> "tuple[Any, ...] | None":
        """The request's values; None after refusing them."""
        decoder = self.decoder
        size = decoder.size
        if not request.fits(size):
            low = request.size + request.tail_low
            high = request.size + request.tail_high
            self._refuse(codes.RESULT_BAD_LENGTH, 0, size, low, high)
            return None
        if request.kind == JSON:
            try:
                return (codec.unpack_json(decoder.payload()),)
            except ValueError:
                self._refuse(codes.RESULT_BAD_FORMAT, 0, 0, 0, 0)
                return None
        values = codec.unpack_from(request, decoder.buffer, frame.PAYLOAD_AT, size)
        wrong = codec.first_out_of_range(request, values)
        if wrong < 0:
            return values
        _, _, _, low, high = request.fields[wrong]
        self._refuse(codes.RESULT_OUT_OF_RANGE, wrong, values[wrong], low, high)
        return None

    def _refuse(self, result: int, context: int, value: int, low: int, high: int) -> None:
        self.refused += 1
        self._send(self._reply.refuse(result, context, value, low, high))

    def _refuse_aside(self, result: int, value: int = 0, low: int = 0, high: int = 0) -> None:
        """Answer without touching order and cache."""
        decoder = self.decoder
        self.refused += 1
        self._aside.refuse(result, 0, value, low, high)
        self._write(self._aside.buffer, self._aside.seal(decoder.number, decoder.sequence))

    def _send(self, result: int) -> None:
        if result == DEFERRED:
            return
        reply = self._reply
        if result != _OK and result != reply.result:  # a tuple would be garbage
            reply.refuse(result)
        count = reply.seal(self._number, self._sequence)
        self._reply_count = count
        self._write(reply.buffer, count)

    def _same_check(self) -> bool:
        buffer = self.decoder.buffer
        end = frame.PAYLOAD_AT + self.decoder.size
        return self._check == buffer[end : end + crc.SIZE]
