"""What the pin table must keep apart or together: slices, blocks, compiled code."""

import pytest

from hardware.board import rev_a
from tests.firmware.hal.chip_modules import Loaded, load


@pytest.fixture
def loaded() -> Loaded:
    return load()


def test_no_two_pwm_users_share_a_slice_unless_they_share_its_frequency() -> None:
    def slice_of(pin: int) -> int:
        return pin >> 1 & 7

    bridge = {slice_of(rev_a.PIN_BRIDGE_IN1), slice_of(rev_a.PIN_BRIDGE_IN2)}
    light = {
        slice_of(pin) for pin in (rev_a.PIN_LIGHT_RED, rev_a.PIN_LIGHT_GREEN, rev_a.PIN_LIGHT_BLUE)
    }
    buzzer = {slice_of(rev_a.PIN_BUZZER)}
    assert bridge == {1}, "both inputs change at the same wrap; the bridge writes slice 1"
    assert rev_a.PIN_BRIDGE_IN1 & 1 == 0, "input 1 is the slice's channel A"
    assert rev_a.PIN_BRIDGE_IN2 & 1 == 1
    assert not bridge & light
    assert not bridge & buzzer
    assert not light & buzzer


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        ("enable", "_CONTROL", 2 * rev_a.PIN_DRIVE_ENABLE + 1),
        ("enable", "_SENSE", rev_a.PIN_ENABLE_SENSE),
        ("pulses", "_INDEX", rev_a.PIN_INDEX),
        ("bridge", "_AWAKE", 1 << rev_a.PIN_BRIDGE_SLEEP),
        ("bridge", "_TOP", rev_a.PWM_TOP),
        ("lines", "_KICK", 1 << rev_a.PIN_WATCHDOG_KICK),
        ("tick_ports", "_PIN_SENSE", rev_a.PIN_ENABLE_SENSE),
        ("tick_ports", "_PIN_STALL", rev_a.PIN_BRIDGE_STALL),
        ("tick_ports", "_PIN_INDEX", rev_a.PIN_INDEX),
        ("tick_ports", "_PIN_BUTTON", rev_a.PIN_BUTTON),
        ("tick_ports", "_PIN_SEAT", rev_a.PIN_SEAT),
        ("tick_ports", "_PIN_HOME", rev_a.PIN_HOME),
        ("tick_ports", "_PIN_VBUS", rev_a.PIN_VBUS),
        ("tick_ports", "_BIT_SLEEP", 1 << rev_a.PIN_BRIDGE_SLEEP),
        ("tick_ports", "_BIT_BOOST", 1 << rev_a.PIN_BOOST_ENABLE),
        ("tick_ports", "_BIT_KICK", 1 << rev_a.PIN_WATCHDOG_KICK),
        ("tick_ports", "_ENABLE_CONTROL", 2 * rev_a.PIN_DRIVE_ENABLE + 1),
        ("tick_ports", "_TOP", rev_a.PWM_TOP),
        ("tick_ports", "_GRANT_US", rev_a.ENABLE_COUNTDOWN_US - 2),
    ],
)
def test_what_compiled_code_restates_is_the_boards(
    loaded: Loaded, module: str, name: str, value: int
) -> None:
    assert getattr(getattr(loaded, module), name) == value


def test_no_pin_has_two_users() -> None:
    pins = [value for name, value in vars(rev_a).items() if name.startswith("PIN_")]
    assert len(set(pins)) == len(pins)
    assert set(pins) <= set(range(30))


def test_the_polarities_that_the_captures_count_on() -> None:
    assert rev_a.INDEX_ACTIVE_LOW is False


def test_the_coils_are_four_pins_in_a_row() -> None:
    assert [
        rev_a.PIN_COIL_A_POSITIVE,
        rev_a.PIN_COIL_A_NEGATIVE,
        rev_a.PIN_COIL_B_POSITIVE,
        rev_a.PIN_COIL_B_NEGATIVE,
    ] == [12, 13, 14, 15]
    assert rev_a.STEPPER_PER_MS_MAX == 4
