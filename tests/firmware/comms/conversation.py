"""A host that speaks raw frames to a Session over two byte queues. Owns sequence and queues."""

from typing import Any

from firmware.comms.dispatcher import Dispatcher
from firmware.comms.plan_receiver import PlanReceiver
from firmware.comms.session import Session
from firmware.hal.ports import ByteLink
from protocol import codec, frame, messages, schema, version
from protocol.decoder import Decoder
from protocol.layout import JSON
from tests.firmware.comms.fake_services import FakeServices


class Cable(ByteLink):
    """Bytes in both directions; `room` limits what the pen may send."""

    def __init__(self) -> None:
        self.to_pen = bytearray()
        self.to_host = bytearray()
        self.room = 1 << 20

    def read_into(self, buffer: bytearray) -> int:
        count = min(len(buffer), len(self.to_pen))
        buffer[:count] = self.to_pen[:count]
        del self.to_pen[:count]
        return count

    def write(self, data: bytearray, count: int) -> int:
        if count > self.room - len(self.to_host):
            return 0
        self.to_host += data[:count]
        return count


class Conversation:
    """Greeted unless told otherwise."""

    def __init__(self, greet: bool = True, schema_id: str = version.SCHEMA_ID) -> None:
        self.cable = Cable()
        self.services = FakeServices()
        self.plans = PlanReceiver(self.services.check_plan, self.services.keep_plan)
        self.dispatcher = Dispatcher(self.services, self.plans)
        self.session = Session(self.cable, self.dispatcher)
        self.decoder = Decoder()
        self.sequence = 7
        self.nonce = 1
        if greet:
            self.hello(schema_id)

    def hello(self, schema_id: str = version.SCHEMA_ID) -> Any:
        self.nonce += 1
        return self.ask(messages.HELLO, schema_id.encode(), self.nonce)

    def send(self, number: int, payload: bytes, sequence: int | None = None) -> None:
        if sequence is None:
            self.sequence = (self.sequence + 1) & 0xFF
            sequence = self.sequence
        self.cable.to_pen += frame.build(number, sequence, frame.REQUEST, payload)

    def poll(self, passes: int = 4) -> None:
        for _ in range(passes):
            self.session.poll()

    def frames(self) -> list[tuple[int, int, int, bytes]]:
        """(number, sequence, flags, payload) of everything that the pen has sent."""
        data = bytes(self.cable.to_host)
        self.cable.to_host.clear()
        found = []
        position = 0
        while position < len(data):
            position = self.decoder.take(data, position, len(data))
            if self.decoder.ready:
                decoder = self.decoder
                found.append((decoder.number, decoder.sequence, decoder.flags, decoder.payload()))
        return found

    def ask_raw(self, number: int, payload: bytes) -> tuple[int, bytes]:
        """(flags, payload) of the one answer."""
        self.send(number, payload)
        self.poll()
        answers = self.frames()
        assert len(answers) == 1, answers
        assert answers[0][:2] == (number, self.sequence)
        return answers[0][2], answers[0][3]

    def ask(self, number: int, *values: Any) -> Any:
        """Fields of the answer, or ("refused", result, context, value, low, high)."""
        message = schema.BY_NUMBER[number]
        assert message.request is not None
        assert message.response is not None
        if message.request.kind == JSON:
            payload = codec.pack_json(list(values[0].items()))
        else:
            payload = codec.pack(message.request, values)
        flags, answer = self.ask_raw(number, payload)
        if flags & frame.ERROR:
            return ("refused", *codec.unpack(schema.ERROR_REPLY, answer))
        if message.response.kind == JSON:
            return codec.unpack_json(answer)
        return codec.unpack(message.response, answer)
