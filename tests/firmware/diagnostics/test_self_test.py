"""The self-test finds each part that does not answer as it should."""

import pytest

from firmware.diagnostics import self_test
from firmware.diagnostics.self_test import SelfTest
from firmware.hal.ports import Flash, I2c
from firmware.readings import Readings
from protocol import codes
from tests.firmware.storage.nor import NorFlash


class Forgetful(NorFlash):
    """Every read is different."""

    def read_into(self, address: int, buffer: bytearray) -> None:
        self.reads = getattr(self, "reads", 0) + 1
        buffer[:] = bytes([self.reads]) * len(buffer)


class Dead(Flash):
    def size(self) -> int:
        return 4096

    def read_into(self, address: int, buffer: bytearray) -> None:
        raise OSError(5)


class Bus(I2c):
    """An accelerometer that says `who`, or nothing."""

    def __init__(self, who: int | None = 0x33) -> None:
        self.who = who

    def read_into(self, address: int, register: int, buffer: bytearray) -> None:
        assert (address, register) == (0x18, 0x0F)
        if self.who is None:
            raise OSError(110)
        buffer[0] = self.who


def sound() -> Readings:
    readings = Readings()
    readings.ntc_code, readings.hall_code, readings.current_code = 2000, 300, 1
    return readings


def names(
    readings: Readings, flash: Flash | None = None, proof_bits: int = 0, bus: I2c | None = None
) -> list[str]:
    test = SelfTest(readings, flash or NorFlash(1), bus or Bus())
    test.begin(0)
    assert test.running
    assert not test.poll(0, 0, 0)
    assert test.poll(1, proof_bits, 0)
    assert not test.running
    assert not test.poll(2, 0, 0)
    return test.names()


def test_a_sound_pen_passes() -> None:
    assert names(sound()) == []


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("ntc_code", 149, "thermistor"),
        ("ntc_code", 4001, "thermistor"),
        ("hall_code", 40, "depth sensor"),
        ("hall_code", 3933, "depth sensor"),
        ("current_ma", 61, "current sensor"),
        ("supply_mv", 2499, "battery"),
        ("supply_mv", 4501, "battery"),
        ("button", 1, "button"),
        ("duty", -5, "bridge"),
        ("bridge_stall", 1, "bridge"),
        ("enable_level", 1, "bridge"),
    ],
)
def test_each_part_is_named(field: str, value: int, name: str) -> None:
    readings = sound()
    setattr(readings, field, value)
    assert names(readings) == [name]


@pytest.mark.parametrize("flash", [Forgetful(1), Dead()])
def test_a_flash_that_does_not_answer_twice_the_same_is_named(flash: Flash) -> None:
    assert names(sound(), flash) == ["flash"]


@pytest.mark.parametrize("who", [None, 0, 0xFF])
def test_a_bus_without_its_accelerometer_is_named(who: int | None) -> None:
    assert names(sound(), bus=Bus(who)) == ["i2c bus"]


def test_a_stop_path_that_was_not_proven_is_named() -> None:
    assert names(sound(), proof_bits=8) == ["stop path"]


def test_a_latched_fault_ends_the_test_unproven() -> None:
    test = SelfTest(sound(), NorFlash(1), Bus())
    test.begin(3)
    assert not test.poll(3, 0, 0)
    assert test.poll(3, 0, codes.FAULT_ENABLE)
    assert test.names() == ["stop path"]


def test_names_are_short_and_one_per_bit() -> None:
    assert len(set(self_test.CHECKS)) == len(self_test.CHECKS)
    assert all(len(name) <= 14 for name in self_test.CHECKS)
    assert 1 << self_test.CHECKS.index("stop path") == self_test.FAILED_STOP_PATH
