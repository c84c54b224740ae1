"""Characters, sizes and counts of the protocol at the last value that is allowed and the next."""

import binascii
import json
import struct

import pytest

from protocol import (
    cartridge_layout,
    codec,
    codes,
    frame,
    image_info,
    interpreter,
    messages,
    schema,
)
from protocol.cartridge_layout import Identity, UsedMark
from protocol.image_info import ImageInfo
from protocol.requester_link import RequesterLink
from protocol.responder_link import ResponderLink
from protocol.statistics import GapCounter, LinkStatistics

# --- JSON ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("byte", "good"), [(31, False), (32, True), (126, True), (127, False)])
def test_printable_ascii_ends_with_the_tilde(byte: int, good: bool) -> None:
    payload = b'{"a":"' + bytes([byte]) + b'"}'
    if good:
        assert codec.unpack_json(payload) == {"a": chr(byte)}
        assert codec.pack_json([("a", chr(byte))]) == payload
    else:
        with pytest.raises(ValueError, match="ASCII"):
            codec.unpack_json(payload)


@pytest.mark.parametrize(
    "character", [" ", "~", "\x7f", "ÿ", "\uffff", "\U00010000", "\U0001f600", "\U0010ffff"]
)
def test_what_an_interpreter_leaves_is_escaped_as_the_others_do(character: str) -> None:
    """MicroPython's `json` writes letters of any alphabet as they are."""
    assert codec._escaped("a" + character) == json.dumps("a" + character)[1:-1]


def test_a_payload_may_fill_its_buffer_to_the_last_byte() -> None:
    values = (1, 2, 3, 4, 5)
    buffer = bytearray(17)
    assert codec.pack_into(schema.ERROR_REPLY, buffer, 3, values) == 14
    assert buffer[3:] == codec.pack(schema.ERROR_REPLY, values)
    with pytest.raises(ValueError, match="14 bytes do not fit"):
        codec.pack_into(schema.ERROR_REPLY, buffer, 4, values)


def test_each_interpreter_unpacks_in_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = interpreter.unpacker("<Hb")
    assert getattr(compiled, "__self__").format == "<Hb"  # noqa: B009 - of a method of struct
    monkeypatch.setattr(interpreter, "MICROPYTHON", True)
    monkeypatch.delattr(struct, "Struct")  # MicroPython has none
    assert interpreter.unpacker("<Hb")(b"\x34\x12\xff", 0) == (0x1234, -1)


# --- pages and areas ------------------------------------------------------------------------------


def page(length: int = 480_000) -> bytes:
    return image_info.pack(ImageInfo("b", "v", "s" * 8, "c", 1, length, bytes(range(32))))


def test_a_page_is_read_with_its_check_and_nothing_behind_it() -> None:
    whole = page()
    found = image_info.unpack(whole[:112])
    assert found is not None
    assert found.sha256 == bytes(range(32))
    assert image_info.unpack(whole[:111]) is None


@pytest.mark.parametrize("length", [1, 0x0B_FF00])
def test_an_image_may_have_one_byte_or_all_there_is_room_for(length: int) -> None:
    found = image_info.unpack(page(length))
    assert found is not None
    assert found.length == length


def test_texts_of_a_page_may_fill_their_room() -> None:
    info = ImageInfo("b" * 16, "v" * 24, "s" * 8, "c" * 12, 0xFFFFFFFF, 1, bytes(32))
    found = image_info.unpack(image_info.pack(info))
    assert found is not None
    assert vars(found) == vars(info)


def test_identity_and_mark_are_read_with_their_checks_and_nothing_behind_them() -> None:
    identity = cartridge_layout.pack_identity(Identity(255, 36, 65_535, b"12345678", 65_535))
    assert cartridge_layout.unpack_identity(identity[:22]) is not None
    assert cartridge_layout.unpack_identity(identity[:21]) is None
    mark = cartridge_layout.pack_used(UsedMark(0xFFFFFFFF, 65_535))
    assert cartridge_layout.unpack_used(mark[:10]) is not None
    assert cartridge_layout.unpack_used(mark[:9]) is None


def test_addresses_in_a_cartridge_are_fixed_for_ever() -> None:
    layout = cartridge_layout
    assert (layout.MEMORY_SIZE, layout.IDENTITY_AT, layout.IDENTITY_SIZE) == (256, 0, 32)
    assert (layout.USED_AT, layout.USED_SIZE) == (32, 16)
    assert (layout.UNIQUE_ID_AT, layout.UNIQUE_ID_SIZE) == (0xFC, 4)
    assert (layout.MAGIC, layout.LAYOUT) == (0x4350, 1)


@pytest.mark.parametrize("size", [15, 17, 32])
def test_blank_is_blank_only_as_a_whole_area(size: int) -> None:
    assert cartridge_layout.is_unused(b"\xff" * 16)
    assert not cartridge_layout.is_unused(b"\xff" * size)


def test_addresses_and_marks_of_an_image_are_fixed_for_ever() -> None:
    assert (image_info.AT, image_info.SIZE, image_info.LAYOUT) == (0x0B_FF00, 256, 1)
    assert struct.pack("<I", image_info.MAGIC) == b"PENI"
    assert struct.calcsize(image_info.FORMAT) == 108
    whole = page()
    assert struct.unpack_from("<I", whole, 108)[0] == binascii.crc32(whole[:108])


# --- counters -------------------------------------------------------------------------------------


def test_a_link_begins_with_nothing_counted() -> None:
    counters = vars(LinkStatistics())
    gaps = [vars(counters.pop("telemetry")), vars(counters.pop("notices"))]
    assert gaps == [{"received": 0, "lost": 0, "out_of_order": 0, "_next": -1}] * 2
    assert counters.pop("last_good_ms") == -1
    assert set(counters.values()) == {0}
    assert len(counters) == 12


def test_gaps_to_the_last_number_of_half_the_circle() -> None:
    gaps = GapCounter()
    assert gaps.count(65_535) == 0
    assert gaps.count(0) == 0
    assert gaps.count(2) == 1
    assert gaps.count(3 + 0x7FFF) == 0x7FFF
    assert gaps.count(3 + 0x7FFF + 1 + 0x8000) == 0  # behind
    assert (gaps.received, gaps.lost, gaps.out_of_order) == (5, 0x8000, 1)
    gaps.restart()
    assert gaps.count(9) == 0
    assert gaps.lost == 0x8000


def test_silence_is_measured_from_the_first_good_frame_on() -> None:
    statistics = LinkStatistics()
    for now_ms, silence_ms in ((0, 0), (7, 7), (9, 7), (30, 21)):
        statistics.good_frame(now_ms)
        assert statistics.longest_silence_ms == silence_ms
        assert statistics.last_good_ms == now_ms
    assert statistics.frames_good == 4


def test_what_repetitions_send_is_counted() -> None:
    link = RequesterLink(0, 300)  # a sequence is a byte
    first = link.request(messages.ARM, b"", 0)
    assert first == frame.build(messages.ARM, 45, frame.REQUEST)
    assert link.poll(100) == b"\0" + first
    assert link.statistics.bytes_out == 2 * len(first) + 1
    assert link.statistics.failures == 0


def test_both_bytes_of_a_counter_count() -> None:
    for number, name in ((messages.TELEMETRY, "telemetry"), (messages.NOTICE, "notices")):
        link = RequesterLink(0)
        for counter in (0x01FF, 0x0203):
            payload = counter.to_bytes(2, "little") + bytes(9)
            link.receive(frame.build(number, 0, frame.EVENT, payload), 0)
        assert getattr(link.statistics, name).lost == 3


# --- the pen's side -------------------------------------------------------------------------------


class Pen:
    """A responder that keeps what it was asked and what it sent."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, tuple[object, ...]]] = []
        self.sent: list[bytes] = []
        self.link = ResponderLink(self.handle, lambda buffer, n: self.sent.append(buffer[:n]))

    def handle(self, number: int, values: tuple[object, ...], reply: object) -> int:
        self.asked.append((number, values))
        return codes.RESULT_OK

    def hears(self, number: int, sequence: int, payload: bytes = b"") -> bytes:
        """What it answers, b"" for nothing."""
        self.sent.clear()
        data = frame.build(number, sequence, frame.REQUEST, payload)
        self.link.receive(data, len(data))
        return bytes(self.sent[0]) if self.sent else b""


def refused(number: int, sequence: int, *details: int) -> bytes:
    payload = codec.pack(schema.ERROR_REPLY, details)
    return frame.build(number, sequence, frame.RESPONSE | frame.ERROR, payload)


def test_a_pen_begins_with_nobody_greeted_and_nothing_counted() -> None:
    pen = Pen()
    link = pen.link
    assert not link.greeted
    assert not link.schema_matches
    assert (link.executed, link.repeated, link.stale, link.refused) == (0, 0, 0, 0)
    assert link.deferred(0) is None
    first = refused(messages.ARM, 1, codes.RESULT_HELLO_FIRST, 0, 0, 0, 0)
    assert pen.hears(messages.ARM, 1) == first
    assert (link.executed, link.refused) == (0, 1)


@pytest.mark.parametrize("nonce", [0, 1, 0xFFFFFFFF])
def test_any_nonce_opens_the_first_conversation(nonce: int) -> None:
    from protocol import version

    pen = Pen()
    hello = version.SCHEMA_ID.encode() + nonce.to_bytes(4, "little")
    assert pen.hears(messages.HELLO, 9, hello) == frame.build(messages.HELLO, 9, frame.RESPONSE)
    assert pen.link.greeted
    assert pen.link.schema_matches
    assert pen.link.executed == 1
    pen.hears(messages.HELLO, 9, hello)
    assert (pen.link.executed, pen.link.repeated) == (1, 1)


def test_a_hello_of_another_length_says_which_it_should_have() -> None:
    pen = Pen()
    for size in (0, 11, 13):
        expected = refused(messages.HELLO, 3, codes.RESULT_BAD_LENGTH, 0, size, 12, 12)
        assert pen.hears(messages.HELLO, 3, bytes(size)) == expected
    assert pen.link.refused == 3
