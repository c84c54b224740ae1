"""The record region: erase is never implied, programming never touches what it was not given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.board import rev_a
from tests.firmware.hal.chip_modules import FLASH_BYTES, STORAGE, Loaded, load

SECTOR, PAGE = 4096, 256
SIZE = 0x08_0000
# The stock image's storage begins at 640 KB; the records lie in its last 512 KB.
FIRST = 0x18_0000 - (FLASH_BYTES - STORAGE)


@pytest.fixture
def loaded() -> Loaded:
    return load()


def test_the_region_is_the_boards(loaded: Loaded) -> None:
    flash = loaded.storage.Rp2040Flash()
    assert flash.size() == rev_a.FLASH_RECORDS_BYTES == SIZE
    flash.program(0, b"\x12")
    assert loaded.fakes.flash[FIRST] == 0x12
    assert (flash.SECTOR, flash.PAGE) == (SECTOR, PAGE)
    assert rev_a.FLASH_RECORDS_OFFSET + SIZE == rev_a.FLASH_BYTES == FLASH_BYTES


def test_an_image_without_room_for_the_records_is_refused(
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loaded.storage, "FLASH_RECORDS_OFFSET", 0x09_0000)
    with pytest.raises(RuntimeError, match="no room"):
        loaded.storage.Rp2040Flash()


writes = st.lists(
    st.tuples(st.integers(0, 15), st.integers(0, PAGE - 1), st.binary(min_size=0, max_size=PAGE)),
    min_size=1,
    max_size=12,
)


@given(writes=writes, erased=st.integers(0, 1))
def test_programming_clears_bits_of_its_own_bytes_only(
    writes: list[tuple[int, int, bytes]], erased: int
) -> None:
    loaded = load()
    flash = loaded.storage.Rp2040Flash()
    model = bytearray(b"\xff" * (2 * SECTOR))
    for page, within, data in writes:
        data = data[: PAGE - within]
        address = SECTOR - 8 * PAGE + page * PAGE + within  # around the border of two sectors
        flash.program(address, data)
        for i, byte in enumerate(data):
            model[address + i] &= byte
    assert loaded.fakes.flash_log.count("erase") == 0
    flash.erase(erased * SECTOR)
    model[erased * SECTOR : (erased + 1) * SECTOR] = b"\xff" * SECTOR
    seen = bytearray(2 * SECTOR)
    flash.read_into(0, seen)
    assert seen == model
    assert loaded.fakes.flash_log.count("erase") == 1


@given(address=st.integers(0, 2 * SECTOR - 1), count=st.integers(0, 300))
def test_reading_starts_anywhere(address: int, count: int) -> None:
    loaded = load()
    flash = loaded.storage.Rp2040Flash()
    for i in range(4 * SECTOR):
        loaded.fakes.flash[FIRST + i] = i * 7 & 0xFF
    buffer = bytearray(count)
    flash.read_into(address, buffer)
    assert buffer == bytes((address + i) * 7 & 0xFF for i in range(count))


@pytest.mark.parametrize(
    ("address", "count"), [(-1, 1), (SIZE, 1), (SIZE - 1, 2), (1, PAGE), (PAGE - 1, 2)]
)
def test_programming_outside_the_region_or_across_a_page_is_refused(
    loaded: Loaded, address: int, count: int
) -> None:
    flash = loaded.storage.Rp2040Flash()
    with pytest.raises(ValueError, match="flash"):
        flash.program(address, bytes(count))
    assert loaded.fakes.flash_log == []


@pytest.mark.parametrize("address", [-SECTOR, 1, PAGE, SIZE - 1, SIZE])
def test_only_whole_sectors_of_the_region_are_erased(loaded: Loaded, address: int) -> None:
    flash = loaded.storage.Rp2040Flash()
    with pytest.raises(ValueError, match="flash"):
        flash.erase(address)
    assert loaded.fakes.flash_log == []


@pytest.mark.parametrize(("address", "count"), [(-1, 1), (SIZE - 1, 2), (SIZE, 1)])
def test_reading_outside_the_region_is_refused(loaded: Loaded, address: int, count: int) -> None:
    with pytest.raises(ValueError, match="flash"):
        loaded.storage.Rp2040Flash().read_into(address, bytearray(count))


def test_the_first_and_the_last_byte_are_inside(loaded: Loaded) -> None:
    flash = loaded.storage.Rp2040Flash()
    flash.erase(SIZE - SECTOR)
    flash.program(SIZE - 1, b"\x01")
    flash.program(0, b"\x02")
    last = bytearray(1)
    flash.read_into(SIZE - 1, last)
    assert last == b"\x01"
