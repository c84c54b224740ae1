"""The page that says which firmware lies in the flash: believed only whole."""

import binascii
import hashlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import image_info
from protocol.image_info import ImageInfo

WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789.-", min_size=1)
IMAGES = st.builds(
    ImageInfo,
    board=WORDS.map(lambda text: text[:16]),
    version=WORDS.map(lambda text: text[:24]),
    schema=WORDS.map(lambda text: text[:8]),
    commit=WORDS.map(lambda text: text[:12]),
    built_unix_s=st.integers(0, 0xFFFF_FFFF),
    length=st.integers(1, 0x0B_FF00),
    sha256=st.binary(min_size=32, max_size=32),
)
EXAMPLE = ImageInfo(
    "pen-rev-a", "0.2.0", "e4846b83", "1a2b3c4d", 1_790_000_000, 480_000, hashlib.sha256().digest()
)


def test_it_lies_in_the_last_page_before_the_update_area() -> None:
    assert image_info.AT + image_info.SIZE == 768 * 1024
    assert image_info.SIZE == 256


@given(info=IMAGES)
def test_round_trip(info: ImageInfo) -> None:
    page = image_info.pack(info)
    assert len(page) == 256
    found = image_info.unpack(page)
    assert found is not None
    assert vars(found) == vars(info)


def test_the_bytes_of_an_example() -> None:
    page = image_info.pack(EXAMPLE)
    assert page[:8] == b"PENI\x01\x00\x00\x00"
    assert page[8:24] == b"pen-rev-a".ljust(16, b"\0")
    assert page[24:48] == b"0.2.0".ljust(24, b"\0")
    assert page[48:56] == b"e4846b83"
    assert page[56:68] == b"1a2b3c4d".ljust(12, b"\0")
    assert struct.unpack_from("<II", page, 68) == (1_790_000_000, 480_000)
    assert page[76:108] == hashlib.sha256().digest()
    assert struct.unpack_from("<I", page, 108)[0] == binascii.crc32(page[:108])
    assert page[112:] == b"\xff" * 144


@given(place=st.integers(0, 111), bit=st.integers(0, 7))
def test_a_flipped_bit_is_no_page(place: int, bit: int) -> None:
    page = bytearray(image_info.pack(EXAMPLE))
    page[place] ^= 1 << bit
    assert image_info.unpack(page) is None


@pytest.mark.parametrize("page", [b"", b"\xff" * 256, b"\0" * 256, b"PENI", bytes(range(256))])
def test_anything_else_is_no_page(page: bytes) -> None:
    assert image_info.unpack(page) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("board", "a-board-with-17-c"),
        ("board", ""),
        ("version", "1.2.3-an-overlong-version"),
        ("schema", "123456789"),
        ("commit", "1234567890123"),
        ("length", 0),
        ("length", 0x0B_FF01),
        ("sha256", b"short"),
    ],
)
def test_what_does_not_fit_is_refused_not_cut(name: str, value: object) -> None:
    info = ImageInfo(**{**vars(EXAMPLE), name: value})
    with pytest.raises(ValueError, match="bytes"):
        image_info.pack(info)


@pytest.mark.parametrize("length", [0, 0x0B_FF01, 0xFFFF_FFFF])
def test_a_length_that_cannot_be_is_no_page_even_with_its_check(length: int) -> None:
    page = bytearray(image_info.pack(EXAMPLE))
    struct.pack_into("<I", page, 72, length)
    struct.pack_into("<I", page, 108, binascii.crc32(page[:108]))
    assert image_info.unpack(page) is None


def test_another_layout_is_no_page() -> None:
    page = bytearray(image_info.pack(EXAMPLE))
    page[4] = 2
    struct.pack_into("<I", page, 108, binascii.crc32(page[:108]))
    assert image_info.unpack(page) is None
