"""NOR semantics: erase to ones, program to zeros, and what a power cut leaves."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.plant.flash import Flash, PowerCut

SECTOR, PAGE = 4096, 256


def make(seed: int = 1) -> Flash:
    return Flash(Random(seed), 4 * SECTOR)


@given(st.lists(st.tuples(st.integers(0, 255), st.binary(min_size=1, max_size=256)), max_size=12))
def test_programming_only_clears_bits(writes: list[tuple[int, bytes]]) -> None:
    flash = make()
    model = bytearray(b"\xff" * PAGE)
    for start, data in writes:
        data = data[: PAGE - start]
        flash.program(SECTOR + start, data)
        for offset, byte in enumerate(data):
            model[start + offset] &= byte
    assert flash.read(SECTOR, PAGE) == bytes(model)
    assert flash.read(0, SECTOR) == b"\xff" * SECTOR
    flash.erase(SECTOR)
    assert flash.read(SECTOR, SECTOR) == b"\xff" * SECTOR


@pytest.mark.parametrize(
    ("address", "data"),
    [(200, bytes(100)), (4 * SECTOR, b"x"), (-1, b"x"), (0, b""), (0, bytes(257))],
)
def test_refuses_what_the_part_cannot_do(address: int, data: bytes) -> None:
    with pytest.raises(ValueError, match=r"Flash|page"):
        make().program(address, data)


@pytest.mark.parametrize("address", [1, PAGE, 4 * SECTOR, -SECTOR])
def test_erases_whole_sectors_only(address: int) -> None:
    with pytest.raises(ValueError, match="no such place"):
        make().erase(address)


@given(st.integers(0, 1000), st.floats(0.0, 1.0), st.binary(min_size=1, max_size=256))
def test_a_torn_program_has_cleared_some_of_its_bits(
    seed: int, fraction: float, data: bytes
) -> None:
    flash = make(seed)
    flash.program(0, b"\x0f" * len(data))
    flash.cut_after(0, fraction)
    with pytest.raises(PowerCut):
        flash.program(0, data)
    for torn, byte in zip(flash.read(0, len(data)), data, strict=True):
        assert torn & ~0x0F == 0  # nothing set
        assert torn & byte & 0x0F == byte & 0x0F  # nothing cleared that should stay
    assert flash.read(len(data), PAGE) == b"\xff" * PAGE


@given(st.integers(0, 1000), st.floats(0.0, 1.0))
def test_a_torn_erase_has_set_some_bits(seed: int, fraction: float) -> None:
    flash = make(seed)
    flash.program(0, b"\x55" * PAGE)
    flash.cut_after(0, fraction)
    with pytest.raises(PowerCut):
        flash.erase(0)
    assert all(byte & 0x55 == 0x55 for byte in flash.read(0, PAGE))
    assert flash.read(PAGE, SECTOR - PAGE) == b"\xff" * (SECTOR - PAGE)


def test_none_or_all_of_it_at_the_ends() -> None:
    for fraction, expected in ((0.0, b"\xff"), (1.0, b"\x00")):
        flash = make()
        flash.cut_after(0, fraction)
        with pytest.raises(PowerCut):
            flash.program(7, b"\x00")
        assert flash.read(7, 1) == expected


def test_cut_counts_operations_and_happens_once() -> None:
    flash = make()
    flash.cut_after(2)
    flash.program(0, b"a")
    flash.erase(SECTOR)
    with pytest.raises(PowerCut):
        flash.program(1, b"b")
    flash.program(2, b"c")
    assert flash.operations == 4
    with pytest.raises(ValueError, match="between 0 and 1"):
        flash.cut_after(0, 1.5)


def test_the_board_has_two_megabytes() -> None:
    assert len(Flash(Random(0)).content) == 2 * 1024 * 1024
    with pytest.raises(ValueError, match="whole number"):
        Flash(Random(0), 1000)
