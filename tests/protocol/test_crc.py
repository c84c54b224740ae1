"""The CRC is that of Ethernet; its residue tells an intact frame."""

import binascii

from hypothesis import given
from hypothesis import strategies as st

from protocol import crc


@given(data=st.binary(max_size=300), start=st.integers(0, 5))
def test_it_stands_behind_what_it_covers_and_nothing_else_changes(data: bytes, start: int) -> None:
    end = start + len(data)
    buffer = bytearray(b"\x55" * start + data + bytes(6))
    crc.write(buffer, start, end)
    assert buffer[:end] == b"\x55" * start + data
    assert buffer[end : end + 4] == binascii.crc32(data).to_bytes(4, "little")
    assert buffer[end + 4 :] == bytes(2)


@given(data=st.binary(max_size=100))
def test_residue_tells_intact(data: bytes) -> None:
    whole = data + binascii.crc32(data).to_bytes(4, "little")
    assert crc.intact(whole)
    assert crc.intact(memoryview(whole))


@given(data=st.binary(min_size=5, max_size=100), bit=st.integers(0, 7), at=st.integers(0, 10**6))
def test_any_one_bit_is_seen(data: bytes, bit: int, at: int) -> None:
    whole = bytearray(data + binascii.crc32(data).to_bytes(4, "little"))
    whole[at % len(whole)] ^= 1 << bit
    assert not crc.intact(whole)


def test_check_value_of_the_polynomial() -> None:
    buffer = bytearray(b"123456789" + bytes(4))
    crc.write(buffer, 0, 9)
    assert int.from_bytes(buffer[9:], "little") == 0xCBF43926


def test_residue_is_a_small_integer_on_a_32_bit_board() -> None:
    assert crc.RESIDUE == 558161692
    assert crc.RESIDUE < 2**30
