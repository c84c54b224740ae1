"""The boot ROM in an update: what it starts, what it takes, and that order does not matter."""

import struct
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.boards import uf2
from hardware.simulator.boot_rom import BootRom, boot_crc, first_page, starts

FLASH = 64 * 1024


def blank() -> bytearray:
    return bytearray(b"\xff" * FLASH)


def blocks(file: bytes) -> list[bytes]:
    return [file[at : at + 512] for at in range(0, len(file), 512)]


def test_the_check_is_the_one_of_the_chip() -> None:
    assert boot_crc(b"123456789") == 0x0376E6E7  # the catalogue's value of CRC-32/MPEG-2
    assert not starts(b"\xff" * 256)
    assert not starts(bytes(256))
    assert starts(first_page(b"anything"))


@given(place=st.integers(0, 255), bit=st.integers(0, 7))
def test_a_first_page_with_a_wrong_bit_is_not_started(place: int, bit: int) -> None:
    page = bytearray(first_page(b"program"))
    page[place] ^= 1 << bit
    assert not starts(page)


@given(image=st.binary(min_size=1, max_size=20_000), seed=st.integers(0, 1000))
def test_blocks_in_any_order_make_the_image(image: bytes, seed: int) -> None:
    flash = bytearray(Random(seed).randbytes(FLASH))
    shuffled = blocks(uf2.pack(image))
    Random(seed).shuffle(shuffled)
    rom = BootRom(flash)
    for number, block in enumerate(shuffled):
        assert not rom.done
        rom.take(block)
        rom.take(shuffled[Random(number).randrange(number + 1)])  # one that came before
    assert rom.done
    assert flash[: len(image)] == image


def test_an_image_cut_anywhere_does_not_start_and_a_whole_one_does() -> None:
    old = first_page(b"old") + bytes(10_000)
    new = first_page(b"new") + bytes(Random(1).randbytes(12_000))
    file = blocks(uf2.pack_image(new, b"i" * 256, 40_960))
    for count in range(len(file) + 1):
        flash = bytearray(old.ljust(FLASH, b"\xff"))
        rom = BootRom(flash)
        for block in file[:count]:
            rom.take(block)
        assert starts(flash) == (count in (0, len(file)))
        assert rom.done == (count == len(file))
    assert flash[: len(new)] == new


@given(junk=st.binary(min_size=512, max_size=512))
def test_what_is_no_block_changes_nothing(junk: bytes) -> None:
    flash = blank()
    BootRom(flash).take(junk)
    assert flash == blank()


@pytest.mark.parametrize(
    ("word", "value"),
    [(0, 0), (1, 0), (2, 0), (2, 0x2001), (3, 0x10000080), (3, 0x10010000), (4, 255), (5, 4),
     (7, 0xE48BFF59)],
)  # fmt: skip
def test_a_block_for_another_place_or_chip_is_passed_over(word: int, value: int) -> None:
    flash = blank()
    block = bytearray(blocks(uf2.pack(bytes(700)))[0])
    struct.pack_into("<I", block, word * 4, value)
    BootRom(flash).take(bytes(block))
    assert flash == blank()
