"""Refusals and faults of the pen as errors people understand."""

import pytest

from host_controller import errors
from host_controller.refusals import PenFaulted, PenRefused, exit_code_of
from protocol import codes
from protocol.texts import FAULT_TEXTS, RESULT_TEXTS


@pytest.mark.parametrize(
    ("code", "fields", "words"),
    [
        (codes.RESULT_WRONG_STATE, (0, 6, 0, 0), "running"),
        (codes.RESULT_WRONG_STATE, (0, 99, 0, 0), "unknown (99)"),
        (codes.RESULT_OUT_OF_RANGE, (0, 300, 0, 200), "300 was given; 0 to 200 is allowed"),
        (codes.RESULT_ABOVE_ZONE_CAP, (5, 800, 50, 500), "nose: 0.80 mm was asked, the cap is 0.5"),
        (codes.RESULT_ABOVE_OVERRIDE_MAX, (3, 1100, 50, 1000), "temple: 1.10 mm was asked, 1.00"),
        (codes.RESULT_RATE_OUT_OF_RANGE, (6, 7000, 8000, 15000), "70 Hz was asked, 80 Hz to 150"),
        (codes.RESULT_ZONE_NOT_IN_PLAN, (0, 16, 0, 0), "hand"),
        (codes.RESULT_CARTRIDGE_EXPIRED, (0, 12, 0, 0), "12 days ago"),
        (codes.RESULT_CARTRIDGE_WRONG, (0, 0, 12, 0), "nano are seated, 12 pins are planned"),
        (codes.RESULT_FAULT_LATCHED, (0, 22, 0, 0), "F22: The needle motor was driven"),
        (codes.RESULT_BATTERY_LOW, (0, 20, 30, 0), "20 %, 30 % is needed"),
    ],
)
def test_figures_are_in_the_sentence(
    code: int, fields: tuple[int, int, int, int], words: str
) -> None:
    assert words in PenRefused(code, *fields).sentence


@pytest.mark.parametrize("code", [code for code in RESULT_TEXTS if code])
def test_every_result_is_an_error_with_a_documented_exit_code(code: int) -> None:
    refusal = PenRefused(code)
    assert refusal.number == f"R{code:02d}"
    assert refusal.exit_code in errors.EXIT_CODES
    assert refusal.next_step == RESULT_TEXTS[code][1]
    assert refusal.as_dict()["pen"] == {"context": 0, "value": 0, "low": 0, "high": 0}


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [
        (codes.RESULT_SCHEMA_MISMATCH, 6),
        (codes.RESULT_ABOVE_ZONE_CAP, 7),
        (codes.RESULT_CARTRIDGE_USED, 7),
        (codes.RESULT_WRONG_STATE, 7),
        (codes.RESULT_HASH_MISMATCH, 8),
        (codes.RESULT_FAULT_LATCHED, 9),
        (codes.RESULT_UNKNOWN_SETTING, 2),
    ],
)
def test_exit_codes_of_refusals(code: int, exit_code: int) -> None:
    assert exit_code_of(code) == exit_code


def test_numbers_of_newer_firmware_are_shown_raw_with_advice() -> None:
    refusal = PenRefused(251)
    assert "result 251" in refusal.sentence
    assert "Update this program" in refusal.next_step
    assert "fault 250" in PenFaulted(250).sentence


@pytest.mark.parametrize("fault", [fault for fault in FAULT_TEXTS if fault])
def test_faults_carry_their_number_and_next_step(fault: int) -> None:
    error = PenFaulted(fault)
    assert error.number == f"F{fault:02d}"
    assert error.exit_code == 9
    assert error.next_step == FAULT_TEXTS[fault][2]
