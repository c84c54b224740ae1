"""The board's figures agree with each other, with the parts list and with the README."""

import csv
import re
from math import exp, pi
from pathlib import Path

import pytest

from hardware.board import rev_a as board

HERE = Path(board.__file__).parent
README = (HERE / "README.md").read_text(encoding="utf-8")
PARTS = list(
    csv.DictReader((HERE / "bill_of_materials.csv").read_text(encoding="utf-8").splitlines())
)
FIGURES = [
    (row["reference"], name, int(value, 0))
    for row in PARTS
    for name, _, value in (figure.partition("=") for figure in row["figures"].split(";") if figure)
]
PINS = {name[4:]: pin for name, pin in vars(board).items() if name.startswith("PIN_")}


@pytest.mark.parametrize(("reference", "name", "value"), FIGURES)
def test_a_figure_in_the_bill_of_materials_is_the_boards(
    reference: str, name: str, value: int
) -> None:
    assert getattr(board, name) == value, reference


def test_the_bill_of_materials_is_complete_enough_to_order() -> None:
    references = [row["reference"] for row in PARTS]
    assert len(set(references)) == len(references)
    for row in PARTS:
        assert row["part"]
        assert row["maker"]
        assert int(row["quantity"]) >= 1
    assert len(FIGURES) > 40


def test_everything_is_an_integer_or_integers() -> None:
    """MicroPython on the board has no use for floats in the tick."""
    for name, value in vars(board).items():
        if name.isupper() and name != "BOARD_NAME":
            values = value if isinstance(value, tuple) else (value,)
            assert all(isinstance(one, int) for one in values), name
            assert all(abs(one) <= 1 << 30 for one in values), name


def test_every_pin_has_one_job() -> None:
    assert sorted(PINS.values()) == list(range(30))


def test_pins_can_do_their_job() -> None:
    """RP2040: PWM slice = (pin // 2) % 8; ADC on 26-29; I2C 0 data on 0, 4, 8, 12, 16, 20."""
    assert PINS["BRIDGE_IN1"] // 2 == PINS["BRIDGE_IN2"] // 2
    slices = [PINS[name] // 2 % 8 for name in ("BRIDGE_IN1", "BUZZER", "LIGHT_RED", "LIGHT_BLUE")]
    assert len(set(slices)) == 4
    assert PINS["I2C_SDA"] % 4 == 0
    assert PINS["I2C_SCL"] == PINS["I2C_SDA"] + 1
    for channel, name in enumerate(("CURRENT", "HALL", "NTC", "BATTERY")):
        assert PINS[f"ADC_{name}"] == 26 + channel
        assert getattr(board, f"ADC_CHANNEL_{name}") == channel
    coils = [
        PINS[f"COIL_{coil}"] for coil in ("A_POSITIVE", "A_NEGATIVE", "B_POSITIVE", "B_NEGATIVE")
    ]
    assert coils == list(range(coils[0], coils[0] + 4))


def test_the_readme_has_the_pins() -> None:
    rows = re.findall(r"^\| (\d+) \| ([A-Z0-9_]+) \| (\S+) \|", README, re.MULTILINE)
    assert {name: int(pin) for pin, name, _ in rows} == PINS
    active = {name: level for _, name, level in rows}
    for name in ("BUTTON", "SEAT", "HOME"):
        assert (active[name] == "low") is getattr(board, f"{name}_ACTIVE_LOW")
    assert (active["BRIDGE_STALL"] == "low") is board.STALL_ACTIVE_LOW
    assert (active["INDEX"] == "low") is board.INDEX_ACTIVE_LOW
    assert (active["VBUS"] == "low") is board.VBUS_ACTIVE_LOW


def test_the_readme_has_the_flash_map() -> None:
    rows = re.findall(r"^\| 0x([0-9A-F]{6}) \| (\d+) KB \|", README, re.MULTILINE)
    mapped = [(int(start, 16), int(size) * 1024) for start, size in rows]
    assert mapped == [
        (board.FLASH_FIRMWARE_OFFSET, board.FLASH_FIRMWARE_BYTES),
        (board.FLASH_UPDATE_OFFSET, board.FLASH_UPDATE_BYTES),
        (board.FLASH_RECORDS_OFFSET, board.FLASH_RECORDS_BYTES),
    ]
    end = 0
    for start, size in mapped:
        assert start == end
        assert size % board.FLASH_SECTOR_BYTES == 0
        end = start + size
    assert end == board.FLASH_BYTES == 2 * 1024 * 1024


def test_ntc_table_is_the_beta_equation() -> None:
    for number, code in enumerate(board.NTC_CODES):
        celsius = -10 + 5 * number
        ohm = 10_000 * exp(3380 * (1 / (celsius + 273.15) - 1 / 298.15))
        assert code == round(4096 * ohm / (ohm + 10_000))
    assert board.NTC_CODES[-1] > board.NTC_SHORT_CODE
    assert board.NTC_CODES[0] < board.NTC_OPEN_CODE
    assert board.NTC_FIRST_CDEG == -1000
    assert board.NTC_STEP_CDEG == 500


def test_scales_are_what_their_arithmetic_says() -> None:
    assert 125_000_000 // board.PWM_HZ == board.PWM_TOP
    assert board.HALL_UM_Q16 == 3000 * 65536 // 4096
    assert pytest.approx(-200, abs=1) == (0 - board.HALL_ZERO_CODE) * board.HALL_UM_Q16 >> 16
    assert pytest.approx(2800, abs=1) == (4095 - board.HALL_ZERO_CODE) * board.HALL_UM_Q16 >> 16
    assert 4095 * board.HALL_UM_Q16 < 1 << 30
    assert 4095 * board.CURRENT_FULL_SCALE_MA < 1 << 30
    assert round(3_000_000 / 4096) == board.CURRENT_UA_PER_CODE
    assert pytest.approx(5350 * 2 * pi, abs=1) == board.MOTOR_BACK_EMF_UV_PER_HZ
    tau_s = 2.83 * 7.3e-8 / 5.35e-3**2
    assert pytest.approx(tau_s * 1e6, rel=0.01) == board.MOTOR_TIME_CONSTANT_US
    assert board.BATTERY_OCV_MV[0] == board.BATTERY_EMPTY_MV
    assert board.BATTERY_OCV_MV[-1] == board.BATTERY_FULL_MV
    assert len(board.BATTERY_OCV_MV) == 100 // board.BATTERY_OCV_STEP_PERCENT + 1
    assert list(board.BATTERY_OCV_MV) == sorted(board.BATTERY_OCV_MV)
    assert board.CAM_STROKE_UM == 2 * board.CAM_RADIUS_UM


def test_the_design_inputs_restated() -> None:
    assert board.DEPTH_TRAVEL_UM == 2500
    assert board.DEPTH_STOP_UM == 2600
    assert board.ENABLE_COUNTDOWN_US == 5000
    assert (board.WATCHDOG_MIN_US, board.WATCHDOG_MAX_US) == (200, 20_000)
    assert board.BOOST_MV == 6000
    assert board.TACH_PER_REVOLUTION == len(board.TACH_MARKS_DEG) == 4
    assert board.BRIDGE_CURRENT_LIMIT_MA == 2200
