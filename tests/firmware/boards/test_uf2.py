"""A UF2 file is what the boot loader of the RP2040 expects, and nothing else is read back."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.boards import uf2


def words(file: bytes, block: int) -> tuple[int, ...]:
    return struct.unpack_from("<8I", file, block * 512)


def test_two_blocks_as_the_format_says() -> None:
    file = uf2.pack(bytes(range(256)) + b"tail")
    assert len(file) == 1024
    assert words(file, 0) == (
        *(0x0A324655, 0x9E5D5157),
        *(0x2000, 0x10000000, 256, 0, 2, 0xE48BFF56),
    )
    assert words(file, 1)[3:7] == (0x10000100, 256, 1, 2)
    assert file[32:288] == bytes(range(256))
    assert file[512 + 32 : 512 + 36] == b"tail"
    assert file[512 + 36 : 1020] == bytes(472)
    assert file[508:512] == file[1020:] == struct.pack("<I", 0x0AB16F30)


@given(st.binary(max_size=2000))
def test_what_was_packed_comes_back(image: bytes) -> None:
    file = uf2.pack(image)
    blocks = (len(image) + 255) // 256
    assert len(file) == 512 * blocks
    assert uf2.unpack(file) == image.ljust(256 * blocks, b"\0")


@given(st.binary(min_size=1, max_size=600), st.data())
def test_a_changed_frame_is_refused(image: bytes, data: st.DataObject) -> None:
    file = bytearray(uf2.pack(image))
    block = data.draw(st.integers(0, len(file) // 512 - 1))
    place = data.draw(st.sampled_from([*range(32), *range(508, 512)]))
    file[block * 512 + place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ValueError, match="uf2: block"):
        uf2.unpack(bytes(file))


def test_a_cut_file_and_another_chips_are_refused() -> None:
    file = uf2.pack(bytes(700))
    for bad in (file[:-1], file[:-512], file[512:], uf2.pack(bytes(700), family=0xE48BFF59)):
        with pytest.raises(ValueError, match="uf2"):
            uf2.unpack(bad)


def test_an_image_begins_by_erasing_its_first_page_and_ends_by_writing_it() -> None:
    image = bytes(range(256)) + bytes(20 * 256)
    info = b"i" * 256
    file = uf2.pack_image(image, info, 0xBFF00)
    places = [words(file, block)[3] - 0x10000000 for block in range(len(file) // 512)]
    assert places[0] == 256  # in the sector of page 0: the ROM erases it whole
    assert places[-2:] == [0xBFF00, 0]
    assert sorted(places) == [*range(0, 21 * 256, 256), 0xBFF00]
    assert [words(file, block)[5:7] for block in range(22)] == [(n, 22) for n in range(22)]
    assert file[21 * 512 + 32 : 21 * 512 + 288] == bytes(range(256))
    assert file[20 * 512 + 32 : 20 * 512 + 288] == info
