"""Stuffing agrees with an independent implementation, in both directions, on any bytes."""

from cobs import cobs as oracle
from hypothesis import example, given
from hypothesis import strategies as st

from protocol import cobs

ZEROS_OFTEN = st.lists(st.one_of(st.just(0), st.integers(0, 255)), max_size=253).map(bytes)


def stuffed(message: bytes, room: int = 0) -> bytes:
    buffer = bytearray(b"\xaa" + message + b"\x55" * room)
    cobs.encode(buffer, len(message) + 1)
    assert buffer[len(message) + 1 :] == b"\x55" * room, "touched what is not its own"
    return bytes(buffer[: len(message) + 1])


@given(message=ZEROS_OFTEN, room=st.integers(0, 3))
@example(message=b"", room=0)
@example(message=bytes(253), room=1)
@example(message=bytes([1]) * 253, room=1)
@example(message=b"\0" + bytes([255]) * 252, room=1)
@example(message=bytes([255]) * 252 + b"\0", room=1)
def test_stuffs_as_the_oracle_does(message: bytes, room: int) -> None:
    assert stuffed(message, room) == oracle.encode(message)


@given(message=ZEROS_OFTEN)
def test_one_byte_more_and_no_zero(message: bytes) -> None:
    data = stuffed(message)
    assert len(data) == len(message) + 1
    assert 0 not in data


@given(message=ZEROS_OFTEN)
def test_unstuffs_what_the_oracle_stuffed(message: bytes) -> None:
    buffer = bytearray(oracle.encode(message) + b"\x55")
    size = len(message) + 1
    assert cobs.decode(buffer, size)
    assert buffer[1:size] == message
    assert buffer[size] == 0x55


@given(data=st.binary(min_size=1, max_size=254))
@example(data=b"\x01")
@example(data=b"\xff" * 254)
@example(data=b"\x02")
@example(data=b"\x00")
@example(data=b"\x01\x00")
@example(data=bytes([254]) + bytes([7]) * 253)
def test_accepts_exactly_what_the_oracle_accepts(data: bytes) -> None:
    try:
        expected = oracle.decode(data)
    except oracle.DecodeError:
        expected = None
    buffer = bytearray(data)
    accepted = cobs.decode(buffer, len(data))
    assert accepted == (expected is not None)
    if accepted:
        assert buffer[1:] == expected


def test_size_limit_is_where_a_second_code_byte_would_begin() -> None:
    assert cobs.SIZE_MAX == 254
    assert len(oracle.encode(b"\x01" * 253)) == 254
    assert len(oracle.encode(b"\x01" * 255)) == 257
