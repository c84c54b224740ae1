"""Pens whose words lie: what they send or are sent is changed on its way, frame by frame.

See `lying_twin.py`. Owns the frame that is being collected.
"""

import struct
from collections.abc import Callable

from firmware.hal.pin_layout import DRIVE_SIZE, STEP_SIZE
from host_controller.replies import PlanInfo
from protocol import codec, codes, frame, messages, plan_layout, schema
from protocol.decoder import Decoder
from tests.campaign.lying_twin import LyingTwin
from tests.campaign.script import PlanSketch

_TAIL_AT = 14  # of a DRIVE: how many bytes follow it
_HEARD_AT = 27  # of a STEP, likewise
_AGAIN_MS = 50
Payload = tuple[int, bytes]  # flags and payload of a frame


class Says(LyingTwin):
    """Says `word(number, flags, payload)` instead of what it would have said."""

    def __init__(
        self, from_ms: int, until_ms: int, word: Callable[[int, int, bytes], Payload]
    ) -> None:
        super().__init__(from_ms, until_ms)
        self._word = word
        self._decoder = Decoder()

    def do(self, drive: bytearray) -> None:
        (size,) = struct.unpack_from("<H", drive, _TAIL_AT)
        said = bytes(drive[DRIVE_SIZE : DRIVE_SIZE + size])
        out = b""
        decoder, at = self._decoder, 0
        while at < size:
            at = decoder.take(said, at, size)
            if decoder.ready:
                out += self._frame()
        drive[DRIVE_SIZE:] = out
        struct.pack_into("<H", drive, _TAIL_AT, len(out))

    def _frame(self) -> bytes:
        decoder = self._decoder
        payload = bytes(decoder.buffer[frame.PAYLOAD_AT : frame.PAYLOAD_AT + decoder.size])
        flags = decoder.flags
        if self.lies:
            flags, payload = self._word(decoder.number, flags, payload)
        return frame.build(decoder.number, decoder.sequence, flags, payload)


class Nods(LyingTwin):
    """Agrees to whatever it is asked, and does nothing of it."""

    def __init__(self, from_ms: int, until_ms: int) -> None:
        super().__init__(from_ms, until_ms)
        self._decoder = Decoder()
        self._answers = b""

    def see(self, step: bytearray) -> None:
        (size,) = struct.unpack_from("<H", step, _HEARD_AT)
        heard = bytes(step[STEP_SIZE : STEP_SIZE + size])
        struct.pack_into("<H", step, _HEARD_AT, 0)
        decoder, at = self._decoder, 0
        while at < size:
            at = decoder.take(heard, at, size)
            if decoder.ready:
                self._answers += frame.build(decoder.number, decoder.sequence, frame.RESPONSE)

    def do(self, drive: bytearray) -> None:
        (size,) = struct.unpack_from("<H", drive, _TAIL_AT)
        del drive[DRIVE_SIZE + size :]
        drive += self._answers
        struct.pack_into("<H", drive, _TAIL_AT, size + len(self._answers))
        self._answers = b""


class Hears(LyingTwin):
    """Hears a request that nobody sends, and nothing else."""

    def __init__(self, from_ms: int, until_ms: int, request: int) -> None:
        super().__init__(from_ms, until_ms)
        self._request = request
        self._decoder = Decoder()
        self._sequence = 0  # of the latest request

    def step(self, step: bytearray, count: int) -> bytes | bytearray:
        if not self.lies:
            (size,) = struct.unpack_from("<H", step, _HEARD_AT)
            heard, at = bytes(step[STEP_SIZE : STEP_SIZE + size]), 0
            while at < size:
                at = self._decoder.take(heard, at, size)
                if self._decoder.ready:
                    self._sequence = self._decoder.sequence
        return super().step(step, count)

    def see(self, step: bytearray) -> None:
        struct.pack_into("<H", step, _HEARD_AT, 0)
        if self.t_ms % _AGAIN_MS == 0:
            self._sequence = (self._sequence + 1) & 0xFF
            heard = frame.build(self._request, self._sequence, frame.REQUEST)
            step[STEP_SIZE : STEP_SIZE + len(heard)] = heard
            struct.pack_into("<H", step, _HEARD_AT, len(heard))


class Mute(LyingTwin):
    """Says nothing."""

    def do(self, drive: bytearray) -> None:
        if self.lies:
            struct.pack_into("<H", drive, _TAIL_AT, 0)


def _told(payload: bytes, **values: int) -> bytes:
    """Telemetry, or a status, with other values."""
    names = [field[0] for field in schema.TELEMETRY_LAYOUT.fields]
    fields = list(struct.unpack(schema.TELEMETRY_LAYOUT.format, payload))
    for name, value in values.items():
        fields[names.index(name)] = value
    return struct.pack(schema.TELEMETRY_LAYOUT.format, *fields)


def tells_fault(fault: int) -> Callable[[int, int, bytes], Payload]:
    """Tells this fault, 0 for none, whatever it has."""

    def word(number: int, flags: int, payload: bytes) -> Payload:
        if number in (messages.TELEMETRY, messages.STATUS):
            return flags, _told(payload, fault=fault)
        if number == messages.NOTICE:  # counter, time, state, previous, reason, fault, zone
            return flags, payload[:9] + bytes((fault,)) + payload[10:]
        return flags, payload

    return word


def tells_parking(number: int, flags: int, payload: bytes) -> Payload:
    """Says that it parks, whenever it is asked."""
    if number == messages.STATUS:
        return flags, _told(payload, state=codes.STATE_PARKING)
    return flags, payload


def clears_fault(fault: int) -> Callable[[int, int, bytes], Payload]:
    """Tells `fault` until it has agreed to clear it, and none after that."""
    tells = [tells_fault(fault)]

    def word(number: int, flags: int, payload: bytes) -> Payload:
        if number == messages.ACKNOWLEDGE:
            tells[0] = tells_fault(0)
            return frame.RESPONSE, b""
        return tells[0](number, flags, payload)

    return word


def takes_plan(plan: PlanSketch) -> Callable[[int, int, bytes], Payload]:
    """Agrees to this plan, whatever is in it."""
    image = plan.image()

    def word(number: int, flags: int, payload: bytes) -> Payload:
        if number == messages.PLAN_COMMIT:
            return frame.RESPONSE, b""
        if number == messages.PLAN_INFO:
            digest = plan_layout.digest(image)
            name = b"campaign".ljust(16, b"\0")
            info = PlanInfo(digest, 1, len(plan.rows), 0, plan.pins, 2500, b"campaign", name)
            layout = schema.BY_NUMBER[messages.PLAN_INFO].response
            assert layout is not None
            return frame.RESPONSE, codec.pack(layout, info)
        return flags, payload

    return word
