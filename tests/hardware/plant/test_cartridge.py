"""The cartridge's memory chip as an I2C master sees it, and the accelerometer beside it."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.plant.accelerometer import Accelerometer
from hardware.plant.cartridge import Cartridge, CartridgeMemory
from hardware.plant.pen import Pen

ADDRESS = 0x50


def written(memory: CartridgeMemory, t_us: int, address: int, data: bytes) -> int:
    """Write and poll as a driver would; returns when it was done."""
    assert memory.transfer(t_us, bytes([address]) + data, 0) == b""
    while memory.transfer(t_us, b"", 0) is None:
        t_us += 100
    return t_us


def test_unique_id_is_in_the_last_four_bytes_and_read_only() -> None:
    memory = CartridgeMemory(0x1234ABCD)
    assert memory.transfer(0, b"\xfc", 4) == bytes.fromhex("1234abcd")
    written(memory, 0, 0xFC, b"\x00\x00\x00\x00")
    assert memory.transfer(10_000, b"\xfc", 4) == bytes.fromhex("1234abcd")
    assert memory.unique_id == 0x1234ABCD
    assert memory.transfer(10_000, b"\xfa", 2) == b"\x29\x41"


def test_a_write_takes_five_milliseconds_without_answer() -> None:
    memory = CartridgeMemory(1)
    done = written(memory, 1000, 0x10, b"pen")
    assert done == 6000
    assert memory.transfer(done, b"\x10", 3) == b"pen"


def test_a_write_wraps_in_its_page_of_sixteen() -> None:
    memory = CartridgeMemory(1)
    t_us = written(memory, 0, 0x1E, b"abcd")
    assert memory.transfer(t_us, b"\x1e", 2) == b"ab"
    assert memory.transfer(t_us, b"\x10", 2) == b"cd"


def test_sequential_reading_goes_round() -> None:
    memory = CartridgeMemory(0xAABBCCDD)
    assert memory.transfer(0, b"\xff", 2) == b"\xdd\xff"


@given(st.lists(st.tuples(st.integers(0, 255), st.binary(min_size=1, max_size=16)), max_size=20))
def test_only_the_lower_half_ever_changes(writes: list[tuple[int, bytes]]) -> None:
    memory = CartridgeMemory(77)
    upper = bytes(memory.content[128:])
    model = bytearray(b"\xff" * 128)
    t_us = 0
    for address, data in writes:
        t_us = written(memory, t_us, address, data)
        page = address & 0xF0
        for number, byte in enumerate(data):
            at = page | (address + number) & 0x0F
            if at < 128:
                model[at] = byte
    assert bytes(memory.content[:128]) == bytes(model)
    assert bytes(memory.content[128:]) == upper


def test_nobody_answers_without_cartridge_or_contact() -> None:
    pen = Pen()
    assert pen.i2c(ADDRESS, b"\x00", 1) == b"\xff"
    assert pen.i2c(0x51, b"\x00", 1) is None
    pen.faults.cartridge_out_ms = 10.0
    pen.step_ms()
    assert pen.i2c(ADDRESS, b"\x00", 1) is None
    for _ in range(10):
        pen.step_ms()
    assert pen.i2c(ADDRESS, b"\x00", 1) == b"\xff"
    pen.faults.memory_dead = True
    assert pen.i2c(ADDRESS, b"\x00", 1) is None
    pen.faults.clear()
    pen.remove()
    assert pen.i2c(ADDRESS, b"\x00", 1) is None
    pen.insert(Cartridge(unique_id=5))
    assert pen.i2c(ADDRESS, b"\xfc", 4) == b"\x00\x00\x00\x05"


def test_two_pens_have_different_cartridges_and_one_seed_the_same() -> None:
    ids = [Pen(seed=seed).i2c(ADDRESS, b"\xfc", 4) for seed in (1, 2, 1)]
    assert ids[0] == ids[2] != ids[1]


def test_accelerometer_says_who_it_is_and_where_down_is() -> None:
    pen = Pen()
    assert pen.i2c(0x18, b"\x0f", 1) == b"\x33"
    pen.i2c(0x18, b"\x20\x57", 0)
    assert pen.i2c(0x18, b"\x20", 1) == b"\x57"
    pen.person.tilt_deg = 90.0
    axes = pen.i2c(0x18, b"\xa8", 6)
    assert axes is not None
    x, y, z = (int.from_bytes(axes[i : i + 2], "little", signed=True) >> 4 for i in (0, 2, 4))
    assert x == pytest.approx(1000, abs=20)
    assert abs(y) <= 20
    assert abs(z) <= 20


def test_accelerometer_does_not_overwrite_what_is_read_only() -> None:
    chip = Accelerometer(Random(1), lambda: (0.0, 0.0, 1000.0))
    chip.transfer(b"\x0f\x00", 0)
    assert chip.transfer(b"\x0f", 1) == b"\x33"
