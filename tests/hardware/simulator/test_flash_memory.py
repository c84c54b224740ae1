"""The flash behaves as the part does, and keeps its bytes."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.simulator.flash_memory import FlashMemory, FlashMisuse, PowerCutInFlash

SECTOR = 4096
PAGE = 256


def test_new_flash_is_erased() -> None:
    assert FlashMemory(SECTOR).read(0, SECTOR) == b"\xff" * SECTOR


@given(
    first=st.binary(min_size=PAGE, max_size=PAGE), second=st.binary(min_size=PAGE, max_size=PAGE)
)
def test_program_only_clears_bits(first: bytes, second: bytes) -> None:
    flash = FlashMemory(SECTOR)
    flash.program(PAGE, first)
    flash.program(PAGE, second)
    assert flash.read(PAGE, PAGE) == bytes(a & b for a, b in zip(first, second, strict=True))


def test_erase_sets_one_sector_and_counts_its_wear() -> None:
    flash = FlashMemory(3 * SECTOR)
    for sector in range(3):
        flash.program(sector * SECTOR, b"\x00")
    flash.erase(SECTOR)
    assert [flash.read(sector * SECTOR, 1) for sector in range(3)] == [b"\0", b"\xff", b"\0"]
    assert flash.erases == [0, 1, 0]


@pytest.mark.parametrize(
    ("address", "count"), [(-1, 1), (0, SECTOR + 1), (SECTOR, 1), (SECTOR - 1, 2)]
)
def test_access_outside_the_region_is_misuse(address: int, count: int) -> None:
    with pytest.raises(FlashMisuse):
        FlashMemory(SECTOR).read(address, count)


def test_program_across_a_page_and_erase_off_a_sector_are_misuse() -> None:
    flash = FlashMemory(2 * SECTOR)
    with pytest.raises(FlashMisuse):
        flash.program(PAGE - 1, b"\0\0")
    with pytest.raises(FlashMisuse):
        flash.erase(PAGE)


def test_a_region_that_is_no_multiple_of_a_sector_is_refused() -> None:
    with pytest.raises(ValueError, match="multiple"):
        FlashMemory(SECTOR + 1)


@given(permille=st.integers(0, 1000))
def test_a_power_cut_leaves_the_share_of_the_operation_that_was_done(permille: int) -> None:
    flash = FlashMemory(SECTOR)
    flash.cut_at_operation = 1
    flash.cut_permille = permille
    flash.program(0, b"\0")
    with pytest.raises(PowerCutInFlash):
        flash.program(PAGE, bytes(PAGE))
    done = PAGE * permille // 1000
    assert flash.read(PAGE, PAGE) == bytes(done) + b"\xff" * (PAGE - done)
    flash.program(2 * PAGE, b"\0")  # the cut happens once
    assert flash.read(2 * PAGE, 1) == b"\0"


def test_a_file_keeps_every_operation(tmp_path: Path) -> None:
    path = tmp_path / "flash"
    flash = FlashMemory(2 * SECTOR, path)
    flash.program(SECTOR, b"kept")
    assert path.read_bytes() == flash.read(0, 2 * SECTOR)  # before it is closed
    flash.erase(0)
    flash.close()
    again = FlashMemory(2 * SECTOR, path)
    assert again.read(SECTOR, 4) == b"kept"
    again.close()


def test_a_file_of_another_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "flash"
    path.write_bytes(b"short")
    with pytest.raises(ValueError, match="holds 5 bytes"):
        FlashMemory(SECTOR, path)
    assert path.read_bytes() == b"short"
