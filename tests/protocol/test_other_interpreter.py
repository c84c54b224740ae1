"""What the protocol does on MicroPython only, tried here as well: the same bytes by other means."""

import sys
from types import ModuleType

import pytest

from protocol import cobs, codec, crc, image_info, interpreter, telemetry
from protocol.telemetry import Telemetry, TelemetryEncoder
from tests.protocol.samples import RUNNING


def record() -> Telemetry:
    return Telemetry(tuple(RUNNING))


def test_where_struct_cuts_off_without_a_word_the_record_is_limited_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(telemetry, "MICROPYTHON", True)
    fast = record()
    fast.rate_chz = 70_000
    buffer = bytearray(telemetry.WIRE_SIZE)
    telemetry.fill(fast, buffer)
    assert fast.rate_chz == 65_535


def test_a_board_writes_its_check_in_halves_and_sends_the_same_frame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = TelemetryEncoder()
    size = here.encode(record())
    expected = bytes(here.buffer[:size])
    monkeypatch.setattr(telemetry, "WIDE_INTEGERS", False)
    there = TelemetryEncoder()
    assert bytes(there.buffer[: there.encode(record())]) == expected


def test_the_check_goes_to_machine_code_where_there_is_some(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = []
    monkeypatch.setattr(crc, "_write_machine", lambda *values: calls.append(values))
    buffer = bytearray(b"123456789____")
    crc.write_lean(buffer, 0, 9)
    assert [(values[1], values[2], len(values[3]), len(values[4])) for values in calls] == [
        (0, 9, 512, 512)
    ]
    monkeypatch.setattr(crc, "_write_machine", None)
    crc.write_lean(buffer, 0, 9)
    assert buffer[9:] == b"\x26\x39\xf4\xcb"


class NoMachineCode(ModuleType):
    """A build without it: the module cannot be compiled."""

    def __getattr__(self, name: str) -> object:
        raise SyntaxError(name)


def test_frames_are_stuffed_by_the_quickest_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cobs._quickest() is cobs.encode_by_arithmetic
    monkeypatch.setattr(cobs, "MICROPYTHON", True)
    machine = ModuleType("protocol.machine_code")
    machine.stuff = object()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "protocol.machine_code", machine)
    monkeypatch.setattr(sys.modules["protocol"], "machine_code", machine, raising=False)
    assert cobs._quickest() is machine.stuff
    monkeypatch.setattr(
        sys.modules["protocol"], "machine_code", NoMachineCode("protocol.machine_code")
    )
    assert cobs._quickest() is cobs.encode_in_place


def test_unpacking_is_the_same_by_other_means(monkeypatch: pytest.MonkeyPatch) -> None:
    here = interpreter.unpacker("<HBi")
    monkeypatch.setattr(interpreter, "MICROPYTHON", True)
    there = interpreter.unpacker("<HBi")
    data = bytes(range(1, 20))
    for offset in (0, 3, 12):
        assert there(data, offset) == here(data, offset)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain ~", "plain ~"),
        ("\x1f\x7f", "\\u001f\\u007f"),
        ("µ", "\\u00b5"),
        ("\uffff", "\\uffff"),
        ("\U00010000", "\\ud800\\udc00"),
        ("😀", "\\ud83d\\ude00"),
        ("\U0010ffff", "\\udbff\\udfff"),
    ],
)
def test_json_is_ascii_whatever_the_interpreter_leaves_in_it(text: str, escaped: str) -> None:
    assert codec._escaped(text) == escaped


@pytest.mark.parametrize("length", [0, image_info.AT + 1])
def test_a_page_that_tells_an_impossible_length_is_no_page(
    length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = image_info.ImageInfo("board", "1.0", "12345678", "abc", 1, image_info.AT, bytes(32))
    page = bytearray(image_info.pack(good))
    assert image_info.unpack(page) is not None
    at = page.index(image_info.AT.to_bytes(4, "little"))
    page[at : at + 4] = length.to_bytes(4, "little")
    page[image_info._CRC_AT :] = crc.crc32(bytes(page[: image_info._CRC_AT])).to_bytes(4, "little")
    assert image_info.unpack(page) is None
