"""The pen's end of the link with a handler that notes what it was asked."""

from typing import Any

from protocol import codec, codes, frame, messages, schema, version
from protocol.decoder import Decoder
from protocol.reply import Reply
from protocol.responder_link import ResponderLink

Answer = tuple[int, int, int, bytes]


class Pen:
    """A link with a handler that notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, tuple[Any, ...]]] = []
        self.results: dict[int, int] = {}
        self.link = ResponderLink(self.handle, self.write)
        self.out = bytearray()

    def handle(self, number: int, values: tuple[Any, ...], reply: Reply) -> int:
        self.asked.append((number, values))
        if number == messages.HELLO:
            return reply.json([("product", "test")])
        if number == messages.PLAN_CHUNK:
            return reply.fields(len(self.asked))
        if number == messages.SETTINGS_SET:
            return reply.json(list(values[0].items()))
        if number == messages.ARM and messages.ARM in self.results:
            return reply.refuse(self.results[number], 1, 2, 3, 4)
        return self.results.get(number, codes.RESULT_OK)

    def write(self, buffer: bytearray, count: int) -> int:
        self.out += buffer[:count]
        return count

    def say(self, data: bytes) -> list[Answer]:
        """Feed bytes; the answers that came back."""
        self.out.clear()
        self.link.receive(data, len(data))
        decoder = Decoder()
        found = []
        position = 0
        while position < len(self.out):
            position = decoder.take(self.out, position, len(self.out))
            assert decoder.ready, "the pen wrote something that is no frame"
            found.append((decoder.number, decoder.sequence, decoder.flags, decoder.payload()))
        return found

    def ask(self, number: int, sequence: int, payload: bytes = b"") -> list[Answer]:
        return self.say(frame.build(number, sequence, frame.REQUEST, payload))

    def greet(self, sequence: int = 0, nonce: int = 7, schema_id: str = "") -> list[Answer]:
        theirs = (schema_id or version.SCHEMA_ID).encode()
        payload = codec.pack(schema.HELLO_REQUEST, (theirs, nonce))
        return self.ask(messages.HELLO, sequence, payload)


def refusal(number: int, sequence: int, *parts: int) -> Answer:
    values = parts + (0,) * (5 - len(parts))
    payload = codec.pack(schema.ERROR_REPLY, values)
    return (number, sequence, frame.RESPONSE | frame.ERROR, payload)
