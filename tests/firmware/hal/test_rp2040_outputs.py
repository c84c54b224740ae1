"""The set-up of the outputs is read back: whatever changes in it is found."""

from collections.abc import Callable
from typing import Any

import pytest

from hardware.board import rev_a
from tests.firmware.hal.chip_model import Chip
from tests.firmware.hal.chip_modules import Loaded, load


def running() -> tuple[Loaded, Any]:
    loaded = load()
    board = loaded.board.Rp2040Board()
    board.ticker.start(lambda: None)
    return loaded, board


def test_a_board_as_it_was_set_up_is_right_driving_or_not() -> None:
    loaded, board = running()
    assert board.outputs_wrong() == 0
    board.enable.grant()
    board.bridge.drive(2000)
    loaded.chip.run_us(300)
    assert board.outputs_wrong() == 0
    board.enable.cut()
    board.bridge.coast()
    assert board.outputs_wrong() == 0


def _stop_machine(block: int, number: int) -> Callable[[Chip], None]:
    def change(chip: Chip) -> None:
        chip.blocks[block].machines[number].enabled = False

    return change


def _slice(name: str, value: int) -> Callable[[Chip], None]:
    def change(chip: Chip) -> None:
        chip.pwm[1][name] = value

    return change


def _pin(pin: int, owner: str) -> Callable[[Chip], None]:
    def change(chip: Chip) -> None:
        chip.function[pin] = owner

    return change


def _divider(chip: Chip) -> None:
    chip.blocks[0].machines[1].config.divider_256 += 1


CHANGES = [
    *(_stop_machine(0, number) for number in range(4)),
    _stop_machine(1, 0),
    _divider,
    _pin(rev_a.PIN_DRIVE_ENABLE, "sio"),
    _pin(rev_a.PIN_BRIDGE_IN1, "sio"),
    _pin(rev_a.PIN_BRIDGE_IN2, "none"),
    _slice("on", 0),
    _slice("div", 0x11),
    _slice("top", 5000),
]


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_of_it_is_found(change: Callable[[Chip], None]) -> None:
    loaded, board = running()
    change(loaded.chip)
    assert board.outputs_wrong() != 0
