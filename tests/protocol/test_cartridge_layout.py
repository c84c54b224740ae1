"""A cartridge's memory: identity and used mark, each trusted only with its CRC."""

import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import cartridge_layout as layout
from protocol.cartridge_layout import Identity, UsedMark

IDENTITIES = st.builds(
    Identity,
    kind=st.integers(0, 255),
    pins=st.integers(0, 255),
    needle_um=st.integers(0, 65535),
    lot=st.binary(min_size=8, max_size=8),
    expiry_day=st.integers(0, 65535),
)
EXAMPLE = Identity(1, 12, 2500, b"L2027-03", 9999)
AREA = layout.pack_identity(EXAMPLE)
MARK = layout.pack_used(UsedMark(0x1234ABCD, 9800))


@given(identity=IDENTITIES)
def test_identity_round_trip(identity: Identity) -> None:
    area = layout.pack_identity(identity)
    assert len(area) == 32
    found = layout.unpack_identity(area)
    assert found is not None
    assert vars(found) == vars(identity)


@given(session_id=st.integers(0, 2**32 - 1), day=st.integers(0, 65535))
def test_mark_round_trip(session_id: int, day: int) -> None:
    area = layout.pack_used(UsedMark(session_id, day))
    assert len(area) == 16
    found = layout.unpack_used(area)
    assert found is not None
    assert (found.session_id, found.day) == (session_id, day)
    assert not layout.is_unused(area)


def test_layout_byte_by_byte() -> None:
    head = bytes.fromhex("50 43 01 01 0c 00 c4 09") + b"L2027-03" + bytes.fromhex("0f 27")
    assert head + binascii.crc32(head).to_bytes(4, "little") + b"\xff" * 10 == AREA
    mark = bytes.fromhex("cd ab 34 12 48 26")
    assert mark + binascii.crc32(mark).to_bytes(4, "little") + b"\xff" * 6 == MARK
    assert (layout.IDENTITY_AT, layout.USED_AT, layout.UNIQUE_ID_AT) == (0, 32, 0xFC)


@pytest.mark.parametrize("bit", range(22 * 8))
def test_a_damaged_identity_is_none(bit: int) -> None:
    area = bytearray(AREA)
    area[bit // 8] ^= 1 << bit % 8
    assert layout.unpack_identity(area) is None


@pytest.mark.parametrize("bit", range(10 * 8))
def test_a_damaged_mark_is_none_and_counts_as_used(bit: int) -> None:
    area = bytearray(MARK)
    area[bit // 8] ^= 1 << bit % 8
    assert layout.unpack_used(area) is None
    assert not layout.is_unused(area)


def test_blank_is_unused_and_no_identity() -> None:
    assert layout.is_unused(b"\xff" * 16)
    assert layout.unpack_used(b"\xff" * 16) is None
    assert layout.unpack_identity(b"\xff" * 32) is None
    assert layout.unpack_identity(bytes(32)) is None


@pytest.mark.parametrize("at", range(16))
def test_one_cleared_bit_makes_it_used(at: int) -> None:
    area = bytearray(b"\xff" * 16)
    area[at] = 0xFE
    assert not layout.is_unused(area)


@pytest.mark.parametrize("size", [0, 5, 15])
def test_half_an_area_is_nothing(size: int) -> None:
    assert not layout.is_unused(b"\xff" * size)
    assert layout.unpack_used(MARK[: min(size, 9)]) is None
    assert layout.unpack_identity(AREA[:size]) is None


@pytest.mark.parametrize(("at", "value"), [(0, 0x51), (1, 0), (2, 2), (5, 1)])
def test_a_foreign_identity_is_none_though_its_crc_is_right(at: int, value: int) -> None:
    head = bytearray(AREA[:18])
    head[at] = value
    area = head + binascii.crc32(head).to_bytes(4, "little") + b"\xff" * 10
    assert layout.unpack_identity(area) is None


@pytest.mark.parametrize(
    "identity",
    [
        Identity(256, 12, 1, b"", 1),
        Identity(-1, 12, 1, b"", 1),
        Identity(1, 256, 1, b"", 1),
        Identity(1, -1, 1, b"", 1),
        Identity(1, 12, 65536, b"", 1),
        Identity(1, 12, -1, b"", 1),
        Identity(1, 12, 1, b"nine char", 1),
        Identity(1, 12, 1, b"", 65536),
        Identity(1, 12, 1, b"", -1),
    ],
)
def test_values_that_do_not_fit_are_refused(identity: Identity) -> None:
    with pytest.raises(ValueError, match="have"):
        layout.pack_identity(identity)


@pytest.mark.parametrize(("session_id", "day"), [(-1, 0), (2**32, 0), (0, -1), (0, 65536)])
def test_marks_that_do_not_fit_are_refused(session_id: int, day: int) -> None:
    with pytest.raises(ValueError, match="a session id has 32 bits, a day 16"):
        layout.pack_used(UsedMark(session_id, day))
