"""What reads bytes from outside, each as a function of bytes that must never raise.

An input is judged against the reference parser, or against what the outcome promises (a plan that
is accepted packs to the same bytes and is inside every limit). Used by the coverage-guided runs
and by the regression corpus. Owns nothing that outlives a call.
"""

from collections.abc import Callable

from firmware.comms.dispatcher import Dispatcher
from firmware.comms.plan_receiver import PlanReceiver
from firmware.storage.record_store import RecordStore
from firmware.storage.settings import Settings
from firmware.treatment import plan as plan_check
from protocol import cartridge_layout, codec, codes, hello, plan_layout
from protocol.decoder import Decoder
from protocol.quick_decoder import QuickDecoder
from protocol.responder_link import ResponderLink
from tests.firmware.comms.fake_services import FakeServices
from tests.fuzz import reference
from tests.fuzz.frames import delivered
from tests.power_cut.torn import TornFlash

# By hand, in um: the deepest of each zone without an override, and with one.
CAPS = {
    1: (750, 1500), 2: (750, 1500), 3: (750, 1000), 4: (500, 750), 5: (500, 750), 6: (1500, 2000),
    7: (1000, 1500), 8: (750, 1000), 9: (1000, 1500), 10: (1000, 1500), 11: (750, 1000),
    12: (1500, 2000), 13: (1500, 2500), 14: (1500, 2000), 15: (1000, 1500), 16: (750, 1000),
}  # fmt: skip


def decoder(data: bytes) -> None:
    """The first byte says in pieces of which length the others come."""
    stream = data[1:] + b"\0"
    piece = data[0] + 1 if data else 1
    expected = reference.deliveries(stream)
    assert delivered(Decoder(), stream, piece) == expected
    assert delivered(QuickDecoder(), stream, piece) == expected


def plan(data: bytes) -> None:
    """Refused for a reason, or a plan to its last byte."""
    refusal = plan_check.refusal(data)
    assert len(refusal) == 5
    if refusal[0] != codes.RESULT_OK:
        assert 0 <= refusal[1] <= 255
        return
    found = plan_layout.unpack(data)
    packed = plan_layout.pack(found)
    name_at = 20  # a name is read without the zeros that fill it up
    assert packed[:name_at] == data[:name_at]
    assert packed[36:] == data[36:]
    assert 1 <= len(found.rows) <= 16
    assert len({row.zone for row in found.rows}) == len(found.rows)
    for row in found.rows:
        assert 50 <= row.depth_um <= CAPS[row.zone][1 if row.override_reason else 0]
        assert row.depth_um <= found.needle_um
        assert 2500 <= row.rate_chz <= 15_000
        assert 1 <= row.dose_limit_per_cm2 <= 5000
        assert 1 <= row.passes <= 6
        assert 1 <= row.time_limit_s <= 1800
        assert row.area_mm2 > 0


def json_object(data: bytes) -> None:
    """An object of plain values that packs again, or ValueError."""
    try:
        found = codec.unpack_json(data)
    except ValueError:
        return
    assert isinstance(found, dict)
    for value in found.values():
        for item in value if isinstance(value, list) else [value]:
            assert item is None or isinstance(item, (int, str))
    again = codec.unpack_json(codec_or_nothing(found))
    assert again in (found, {})


def codec_or_nothing(found: dict[str, object]) -> bytes:
    """Packed; or an empty object where escapes make it longer than a frame carries."""
    try:
        return codec.pack_json(list(found.items()))
    except ValueError:
        return b"{}"


def greeting(data: bytes) -> None:
    """What a stranger answers to HELLO: an identity, or ValueError."""
    try:
        found = hello.parse(data)
    except ValueError:
        return
    assert isinstance(found.serial, str)


def settings(data: bytes) -> None:
    """Whatever a stored record says, every value in force is in its range."""
    flash = TornFlash(sectors=2)
    RecordStore(flash, 0).write(data[:3072])
    held = Settings(RecordStore(flash, 0))
    assert 0 <= held.get("buzzer") <= 1
    assert 5 <= held.get("light_percent") <= 100
    assert 800 <= held.get("kt_ppt") <= 1200


def cartridge(data: bytes) -> None:
    """An identity and a mark that pack to what was read, or none."""
    identity = cartridge_layout.unpack_identity(data[:32])
    if identity is not None:
        assert cartridge_layout.pack_identity(identity)[:22] == data[:22]
    mark = cartridge_layout.unpack_used(data[32:48])
    if mark is not None:
        assert cartridge_layout.pack_used(mark)[:10] == data[32:42]
        assert not cartridge_layout.is_unused(data[32:48])


class Answering(FakeServices):
    """As the pen answers: there is no zone 0."""

    def limits(self, zone: int) -> tuple[int, ...] | None:
        return FakeServices.limits(self, zone) if zone else None


def requests(data: bytes) -> None:
    """Type, flags and length before each payload: framed, in order, to the pen's dispatcher."""
    services = Answering()
    plans = PlanReceiver(plan_check.refusal, services.keep_plan)
    answers = bytearray()

    def write(buffer: bytearray, count: int) -> int:
        answers.extend(buffer[:count])
        return count

    link = ResponderLink(Dispatcher(services, plans).handle, write)
    greet = reference.frame(1, 0, 1, HELLO)
    link.receive(greet, len(greet))
    at, sequence = 0, 0
    while at + 2 < len(data):
        number, flags, size = data[at], data[at + 1], data[at + 2]
        payload = data[at + 3 : at + 3 + min(size, 240)]
        at += 3 + len(payload)
        sequence = (sequence + (flags >> 4)) & 0xFF
        wire = reference.frame(number, sequence, flags & 15, payload)
        link.receive(wire, len(wire))
    found = reference.deliveries(bytes(answers))
    assert len(found) == sum(1 for piece in bytes(answers).split(b"\0") if piece)
    assert all(answer[2] & 2 for answer in found)


def _hello() -> bytes:
    from protocol import version

    return version.SCHEMA_ID.encode() + b"fuzz"


HELLO = _hello()
TARGETS: dict[str, Callable[[bytes], None]] = {
    "decoder": decoder,
    "plan": plan,
    "json_object": json_object,
    "greeting": greeting,
    "settings": settings,
    "cartridge": cartridge,
    "requests": requests,
}
