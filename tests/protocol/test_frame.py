"""The frame: nine bytes over the payload, no zero inside, one at the end."""

import binascii

import pytest
from cobs import cobs as oracle
from hypothesis import example, given
from hypothesis import strategies as st

from protocol import frame

PAYLOADS = st.lists(st.one_of(st.just(0), st.integers(0, 255)), max_size=240).map(bytes)
BYTES = st.integers(0, 255)


def by_the_book(number: int, sequence: int, flags: int, payload: bytes) -> bytes:
    body = bytes([number, sequence, flags]) + payload
    return oracle.encode(body + binascii.crc32(body).to_bytes(4, "little")) + b"\0"


@given(number=BYTES, sequence=BYTES, flags=BYTES, payload=PAYLOADS)
@example(number=0, sequence=0, flags=0, payload=b"")
@example(number=0, sequence=0, flags=0, payload=bytes(240))
@example(number=255, sequence=255, flags=255, payload=b"\xff" * 240)
def test_built_by_the_book(number: int, sequence: int, flags: int, payload: bytes) -> None:
    wire = frame.build(number, sequence, flags, payload)
    assert wire == by_the_book(number, sequence, flags, payload)
    assert len(wire) == len(payload) + 9
    assert wire.index(0) == len(wire) - 1


def test_a_payload_of_240_bytes_is_the_longest() -> None:
    assert len(frame.build(1, 2, 1, b"x" * 240)) == 249
    with pytest.raises(ValueError, match="at most 240 bytes, this has 241"):
        frame.build(1, 2, 1, b"x" * 241)


def test_limits_restated() -> None:
    assert frame.PAYLOAD_MAX == 240
    assert frame.OVERHEAD == 9
    assert frame.WIRE_MAX == 240 + 9
    assert frame.WIRE_MIN == 9
    assert (frame.REQUEST, frame.RESPONSE, frame.EVENT, frame.ERROR) == (1, 2, 4, 8)


@given(payload=PAYLOADS, room=st.integers(0, 240))
def test_a_larger_buffer_seals_the_same(payload: bytes, room: int) -> None:
    buffer = frame.new_buffer(max(len(payload), room))
    buffer[frame.PAYLOAD_AT : frame.PAYLOAD_AT + len(payload)] = payload
    count = frame.seal(buffer, 7, 8, 2, len(payload))
    assert buffer[:count] == frame.build(7, 8, 2, payload)
