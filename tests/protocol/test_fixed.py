"""HELLO, STOP and UPDATE never change: these bytes are written out by hand and stay.

If one of these tests fails, the change is wrong, not the test: hosts and pens of every age
find each other, stop each other and update each other through these messages.
"""

import pytest

from protocol import codec, frame, hello, schema
from protocol.decoder import Decoder

STOP = bytes.fromhex("08 02 05 01 af c9 b5 f6 00")
STOP_ANSWER = bytes.fromhex("08 02 05 02 15 98 bc 6f 00")
HELLO = bytes.fromhex("14 01 01 01 30 31 32 33 61 62 63 64 ef be ad de a5 02 62 71 00")
UPDATE_DATA = bytes.fromhex("05 03 03 01 02 03 01 01 07 fa fb 71 92 e5 2b 00")
UPDATE_ANSWER = bytes.fromhex("06 03 03 02 01 02 02 01 05 66 b3 ff 19 00")


def test_stop() -> None:
    assert frame.build(0x02, 5, 1) == STOP
    assert frame.build(0x02, 5, 2) == STOP_ANSWER


def test_hello() -> None:
    payload = codec.pack(schema.BY_NUMBER[0x01].request, (b"0123abcd", 0xDEADBEEF))
    assert payload == b"0123abcd\xef\xbe\xad\xde"
    assert frame.build(0x01, 1, 1, payload) == HELLO


def test_update() -> None:
    row = schema.BY_NUMBER[0x03]
    data = codec.pack(row.request, (2, 0x00010100, b"\xfa\xfb"))
    assert frame.build(0x03, 3, 1, data) == UPDATE_DATA
    answer = codec.pack(row.response, (1, 0x00010002))
    assert frame.build(0x03, 3, 2, answer) == UPDATE_ANSWER


@pytest.mark.parametrize("wire", [STOP, STOP_ANSWER, HELLO, UPDATE_DATA, UPDATE_ANSWER])
def test_they_are_understood(wire: bytes) -> None:
    decoder = Decoder()
    assert decoder.take(wire, 0, len(wire)) == len(wire)
    assert decoder.ready


def test_the_rows_say_so() -> None:
    shapes = {
        message.number: (
            message.name,
            message.request and (message.request.format, message.request.tail_high),
            message.response and (message.response.kind, message.response.format),
        )
        for message in schema.MESSAGES
        if message.fixed
    }
    assert shapes == {
        0x01: ("HELLO", ("<8sI", 0), ("json", "<")),
        0x02: ("STOP", ("<", 0), ("struct", "<")),
        0x03: ("UPDATE", ("<BI", 235), ("struct", "<BI")),
    }


def test_hello_answer_has_the_keys_every_host_relies_on() -> None:
    pairs = hello.pairs("s", "f", "l", ["c"])
    assert [key for key, _value in pairs] == [
        *("product", "serial", "firmware", "schema", "library", "capabilities"),
    ]


def test_a_refusal_has_the_same_shape_for_ever() -> None:
    refusal = codec.pack(schema.ERROR_REPLY, (3, 0, -1, 2, 3))
    assert refusal == bytes.fromhex("03 00 ff ff ff ff 02 00 00 00 03 00 00 00")
