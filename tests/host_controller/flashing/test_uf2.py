"""A firmware file is read whole or refused with the block that is wrong."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.boards import uf2 as writer
from host_controller.flashing import uf2
from host_controller.flashing.failures import FirmwareFileBad, WrongBoard
from tests.host_controller.flashing import images

GOOD = images.firmware(pages=5)


def changed(number: int, field: int, value: int) -> bytes:
    """`GOOD` with header word `field` of block `number` replaced."""
    data = bytearray(GOOD)
    struct.pack_into("<I", data, number * 512 + field * 4, value)
    return bytes(data)


@given(image=st.binary(min_size=1, max_size=4000))
def test_what_the_build_wrote_is_read(image: bytes) -> None:
    found = uf2.read(writer.pack(image))
    assert found.memory(0, len(image)) == image


def test_memory_crosses_pages_and_is_blank_where_nothing_is_written() -> None:
    found = uf2.read(writer.pack(bytes(range(256)) * 2))
    assert found.memory(250, 10) == bytes([*range(250, 256), *range(4)])
    assert found.memory(510, 6) == bytes([254, 255]) + b"\xff" * 4


@given(
    block=st.integers(0, len(GOOD) // 512 - 1),
    place=st.sampled_from([*range(32), *range(508, 512)]),
    value=st.integers(1, 255),
)
def test_any_change_of_a_frame_is_noticed(block: int, place: int, value: int) -> None:
    data = bytearray(GOOD)
    data[block * 512 + place] ^= value
    try:
        found = uf2.read(bytes(data))
    except (FirmwareFileBad, WrongBoard):
        return
    # What is left are the flags that the pen's chip does not look at.
    assert place in range(8, 12)
    assert found == uf2.read(GOOD)


@given(length=st.integers(0, len(GOOD) - 1))
def test_a_file_cut_anywhere_is_refused(length: int) -> None:
    with pytest.raises(FirmwareFileBad):
        uf2.read(GOOD[:length])


@given(junk=st.binary(max_size=2000))
def test_no_bytes_make_it_stumble(junk: bytes) -> None:
    with pytest.raises((FirmwareFileBad, WrongBoard)):
        uf2.read(junk)


def test_another_chip_is_named() -> None:
    with pytest.raises(WrongBoard, match="RP2350"):
        uf2.read(writer.pack(bytes(300), family=0xE48BFF59))


def test_a_file_for_the_records_is_refused() -> None:
    for start in (0x100C0000, 0x10180000, 0x0FFFFF00, 0x20000000):
        with pytest.raises(WrongBoard, match="outside the firmware's area"):
            uf2.read(writer.pack(bytes(256), start=start))


def test_the_sentence_names_the_block() -> None:
    with pytest.raises(FirmwareFileBad, match="Block 2 of 6 calls itself 3 of 6"):
        uf2.read(changed(2, 5, 3))
    with pytest.raises(FirmwareFileBad, match="Block 4 writes a place for the second time"):
        uf2.read(changed(4, 3, 0x10000100))
    with pytest.raises(FirmwareFileBad, match="Block 1 is not one whole page"):
        uf2.read(changed(1, 3, 0x10000210))
