"""The ways out of the firmware, on a chip of which the registers are modelled."""

import pytest

from tests.firmware.hal.chip_modules import Loaded, load

CONTROL, CONTROL_CLEAR, SCRATCH = 0x40058000, 0x4005B000, 0x4005800C


@pytest.fixture
def loaded() -> Loaded:
    return load()


def test_the_image_is_read_as_the_processor_sees_it(loaded: Loaded) -> None:
    loaded.fakes.image[0x1234:0x1238] = b"pen!"
    image = loaded.leaving.Rp2040Image()
    buffer = bytearray(6)
    image.read_into(0x1233, buffer)
    assert buffer == b"\xffpen!\xff"


@pytest.mark.parametrize("address", [-1, 0x0B_FFFF, 0x18_0000])
def test_nothing_outside_the_firmwares_area_is_read(loaded: Loaded, address: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        loaded.leaving.Rp2040Image().read_into(address, bytearray(2))


def test_the_boot_loader_comes_after_the_cut_and_without_a_watchdog(loaded: Loaded) -> None:
    board = loaded.board.Rp2040Board()
    board.enable.grant()
    loaded.chip.run_us(100)
    assert loaded.chip.level(4) == 1
    loaded.chip.watchdog_control = 1 << 30
    board.enter_boot_loader()
    loaded.chip.run_us(10)
    assert loaded.chip.level(4) == 0
    assert loaded.chip.watchdog_control == 0
    assert loaded.fakes.boot_loader == 1


def test_the_service_stays_across_soft_resets_and_ends_with_the_chips(loaded: Loaded) -> None:
    leaving = loaded.leaving
    assert not leaving.take_up_service()
    assert not leaving.in_service()
    loaded.board.Rp2040Board().enter_service()
    assert loaded.fakes.resets == 1
    loaded.fakes.ticks_ms = 15  # the chip's clock begins anew
    assert leaving.take_up_service()
    assert leaving.in_service()
    for ticks_ms in (700, 5000):
        loaded.fakes.ticks_ms = ticks_ms
        assert leaving.take_up_service()
    loaded.fakes.ticks_ms = 15
    assert not leaving.take_up_service()
    assert not leaving.in_service()


def test_what_anything_else_left_in_the_register_is_no_service(loaded: Loaded) -> None:
    for value in (1, 0x1E5E41CD, 0x3FFFFFFF):
        loaded.chip.scratch = value
        assert not loaded.leaving.take_up_service()
        assert not loaded.leaving.in_service()
        assert loaded.chip.scratch == value


def test_whatever_ends_the_firmware_no_prompt_comes(loaded: Loaded) -> None:
    loaded.leaving.start_again()
    assert loaded.fakes.resets == 1
