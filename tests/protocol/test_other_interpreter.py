"""What the protocol does on MicroPython only, tried here as well: the same bytes by other means."""

import pytest

from protocol import codec, crc, frame, image_info, interpreter, telemetry
from protocol.telemetry import TelemetryEncoder
from tests.protocol.samples import RUNNING


def test_on_the_pen_the_same_frame_is_made_by_machine_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = list(RUNNING)
    here, there = TelemetryEncoder(), TelemetryEncoder()
    payload_here, payload_there = frame.new_buffer(), frame.new_buffer()
    telemetry.pack(record, payload_here)
    expected = bytes(here.buffer[: here.encode(list(record))])
    monkeypatch.setattr(telemetry, "MICROPYTHON", True)
    telemetry.pack(record, payload_there)
    assert payload_there == payload_here
    assert bytes(there.buffer[: there.encode(record)]) == expected
    assert list(telemetry.new_record()) == [0] * len(RUNNING)


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
        ("~ !µ", "~ !\\u00b5"),
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
