"""What the emulator restates in its own language is what the bench and the board say."""

import json
import shutil
import subprocess
from typing import Any

import pytest

from firmware.hal import pin_layout
from hardware.board import rev_a
from hardware.simulator.twin_rp2040 import EMULATOR, KIND_COMMAND

pytestmark = pytest.mark.emulated

SCRIPT = """
import { pathToFileURL } from 'node:url';
const link = await import(pathToFileURL(process.argv[1] + '/link.js'));
const board = await import(pathToFileURL(process.argv[1] + '/pen_board.js'));
const chip = await import(pathToFileURL(process.argv[1] + '/chip.js'));
console.log(JSON.stringify({ ...link, ...board, ...chip }));
"""


@pytest.fixture(scope="module")
def theirs() -> dict[str, Any]:
    node = shutil.which("node") or shutil.which("nodejs")
    assert node is not None, "no node: make emulator"
    command = [node, "--input-type=module", "-e", SCRIPT, str(EMULATOR)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    numbers: dict[str, Any] = json.loads(done.stdout)
    return numbers


def test_the_pin_link_is_one(theirs: dict[str, Any]) -> None:
    assert theirs["STEP_SIZE"] == pin_layout.STEP_SIZE
    assert theirs["DRIVE_SIZE"] == pin_layout.DRIVE_SIZE
    assert theirs["SERIAL_OUT_MAX"] == pin_layout.SERIAL_OUT_MAX
    assert theirs["KIND"].pop("command") == KIND_COMMAND
    for group, prefix in (("KIND", "KIND"), ("BRIDGE", "BRIDGE"), ("ENABLE", "ENABLE")):
        for name, number in theirs[group].items():
            assert getattr(pin_layout, f"{prefix}_{name.upper()}") == number, name
    for name, number in theirs["LINE"].items():
        assert getattr(pin_layout, f"LINE_{name.upper()}") == number, name
    for name, number in theirs["HOLD"].items():
        assert getattr(pin_layout, f"HOLD_{name.upper()}") == number, name
    pins = {"stall": "BRIDGE_STALL"}
    for name, number in theirs["PIN"].items():
        assert getattr(pin_layout, f"PIN_{pins.get(name, name.upper())}") == number, name


def test_the_calls_are_the_same(theirs: dict[str, Any]) -> None:
    for name, number in theirs["CALL"].items():
        words = "".join(f"_{c}" if c.isupper() else c.upper() for c in name)
        assert getattr(pin_layout, f"CALL_{words}") == number, name


def test_the_pins_are_the_boards(theirs: dict[str, Any]) -> None:
    names = {
        "in1": "BRIDGE_IN1",
        "in2": "BRIDGE_IN2",
        "enable": "DRIVE_ENABLE",
        "enableSense": "ENABLE_SENSE",
        "stall": "BRIDGE_STALL",
        "sleep": "BRIDGE_SLEEP",
        "boost": "BOOST_ENABLE",
        "kick": "WATCHDOG_KICK",
        "coils": "COIL_A_POSITIVE",
        "sda": "I2C_SDA",
        "scl": "I2C_SCL",
        "red": "LIGHT_RED",
        "green": "LIGHT_GREEN",
        "blue": "LIGHT_BLUE",
    }
    for name, pin in theirs["GPIO"].items():
        assert getattr(rev_a, f"PIN_{names.get(name, name.upper())}") == pin, name


def test_the_flash_is_laid_out_the_same(theirs: dict[str, Any]) -> None:
    assert theirs["RECORDS_AT"] == rev_a.FLASH_RECORDS_OFFSET
    assert theirs["RECORDS_BYTES"] == rev_a.FLASH_RECORDS_BYTES
    assert theirs["IMAGE_BYTES"] == rev_a.FLASH_FIRMWARE_BYTES
    assert theirs["FLASH_BYTES"] == rev_a.FLASH_BYTES
    assert theirs["HZ"] == rev_a.CPU_HZ
