"""The limits as a table: complete, consistent, and each with the hazard it answers."""

import re
from pathlib import Path

import pytest

from firmware.safety import limits
from hardware.board import rev_a
from protocol import zones

SOURCE = Path(limits.__file__).read_text(encoding="utf-8")
CONSTANT = re.compile(r"^([A-Z][A-Z0-9_]+) = const\((-?[\d_]+)\)  # ((?:H\d\d, )*H\d\d)(:|$)")


def test_every_limit_names_the_hazard_it_answers() -> None:
    lines = [line for line in SOURCE.splitlines() if "= const(" in line]
    assert len(lines) > 70
    assert [line for line in lines if not CONSTANT.match(line)] == []


def test_every_zone_has_limits_and_no_other() -> None:
    assert [row[0] for row in limits.ZONE_LIMITS] == [number for number, _ in zones.ZONES]


@pytest.mark.parametrize("row", limits.ZONE_LIMITS)
def test_no_zone_reaches_beyond_the_general_limits(row: tuple[int, int, int, int, int]) -> None:
    _, cap_um, override_max_um, slowest_chz, fastest_chz = row
    assert 50 <= cap_um <= 1500
    assert cap_um <= override_max_um <= 2500
    assert 5000 <= slowest_chz < fastest_chz <= 15000


def test_limits_agree_with_the_board() -> None:
    assert limits.DEPTH_HARD_CAP_UM == rev_a.DEPTH_TRAVEL_UM == 2500
    assert (limits.NTC_OPEN_CODE, limits.NTC_SHORT_CODE) == (
        rev_a.NTC_OPEN_CODE,
        rev_a.NTC_SHORT_CODE,
    )
    assert limits.TICK_LATE_US < rev_a.ENABLE_COUNTDOWN_US < limits.ENABLE_FALL_MS * 1000
    assert limits.CURRENT_PEAK_MA == rev_a.BRIDGE_STALL_MA < rev_a.BRIDGE_CURRENT_LIMIT_MA

    def hall_um(code: int) -> int:
        return (code - rev_a.HALL_ZERO_CODE) * rev_a.HALL_UM_Q16 >> 16

    assert hall_um(limits.HALL_LOW_CODE) < rev_a.DEPTH_RETRACTED_STOP_UM
    assert hall_um(limits.HALL_HIGH_CODE) > rev_a.DEPTH_STOP_UM


def test_warnings_come_before_stops() -> None:
    assert limits.TEMPERATURE_WARN_CDEG < limits.TEMPERATURE_STOP_CDEG
    assert limits.BATTERY_STOP_PERCENT < limits.BATTERY_WARN_PERCENT < limits.BATTERY_START_PERCENT
    assert limits.DWELL_WARN_MS < limits.DWELL_STOP_MS
    assert limits.RATE_WARN_PERCENT < 100 - limits.RATE_LOW_PERCENT
    assert limits.DOSE_WARN_PERCENT < 100


def test_the_window_of_uncommanded_motion_is_a_power_of_two() -> None:
    assert limits.UNCOMMANDED_WINDOW_MS == 256


@pytest.mark.parametrize("row", limits.CARTRIDGE_LIMITS)
def test_no_cartridge_is_given_more_than_the_most(row: tuple[int, int, int, int]) -> None:
    pins, current_ma, depth_um, per_stroke = row
    assert 0 < current_ma <= limits.CURRENT_MOST_MA
    assert depth_um <= 2500
    assert per_stroke >= max(pins, 12)
