"""Slow watches: ranges and times restated by hand; a row is looked at every 32 ms."""

import pytest

from firmware.safety import watches
from protocol import codes
from tests.firmware.safety.rig import Rig

CONFIGURED = codes.STATE_CONFIGURED
ARMED = codes.STATE_ARMED
RUNNING = codes.STATE_RUNNING
LONG = 2000

# state, field, last good, first bad, ms, fault
TRIPS = [
    (CONFIGURED, "temperature_cdeg", 4299, 4300, 480, codes.FAULT_TEMPERATURE),
    (RUNNING, "temperature_cdeg", 4299, 4300, 480, codes.FAULT_TEMPERATURE),
    (RUNNING, "winding_cdeg", 9999, 10000, 480, codes.FAULT_WINDING),
    (CONFIGURED, "ntc_code", 150, 149, 96, codes.FAULT_TEMPERATURE_SENSOR),
    (CONFIGURED, "ntc_code", 4000, 4001, 96, codes.FAULT_TEMPERATURE_SENSOR),
    (CONFIGURED, "hall_code", 41, 40, 64, codes.FAULT_DEPTH_SENSOR),
    (CONFIGURED, "hall_code", 3932, 3933, 64, codes.FAULT_DEPTH_SENSOR),
    (RUNNING, "hall_code", 3932, 3933, 64, codes.FAULT_DEPTH_SENSOR),
    (RUNNING, "bridge_stall", 0, 1, 32, codes.FAULT_CURRENT_PEAK),
    (CONFIGURED, "current_code", 4089, 4090, 96, codes.FAULT_CURRENT_SENSOR),
    (CONFIGURED, "supply_mv", 2500, 2499, 96, codes.FAULT_BATTERY_SENSOR),
    (CONFIGURED, "supply_mv", 4500, 4501, 96, codes.FAULT_BATTERY_SENSOR),
    (ARMED, "supply_mv", 3100, 3099, 96, codes.FAULT_BATTERY_EMPTY),
    (RUNNING, "supply_mv", 3100, 3099, 96, codes.FAULT_BATTERY_EMPTY),
    (RUNNING, "battery_percent", 11, 10, 96, codes.FAULT_BATTERY_EMPTY),
    (CONFIGURED, "duty", 0, 1, 32, codes.FAULT_MOTION_UNCOMMANDED),
    (CONFIGURED, "duty", 0, -1, 32, codes.FAULT_MOTION_UNCOMMANDED),
]


@pytest.mark.parametrize(("state", "field", "good", "bad", "ms", "fault"), TRIPS)
def test_a_value_may_stay_at_its_limit_and_trips_beyond_it_in_its_time(
    state: int, field: str, good: int, bad: int, ms: int, fault: int
) -> None:
    rig = Rig().in_state(state)
    rig.force[field] = good
    rig.step(LONG)
    assert rig.fault == 0
    rig.force[field] = bad
    # The first look comes 1..32 ms after the change, the trip ms - 32 after that look.
    assert ms - 31 <= rig.ticks_to_fault(LONG) <= ms
    assert rig.fault == fault


@pytest.mark.parametrize(("state", "field", "good", "bad", "ms", "fault"), TRIPS)
def test_one_good_look_starts_the_time_afresh(
    state: int, field: str, good: int, bad: int, ms: int, fault: int
) -> None:
    rig = Rig().in_state(state)
    assert fault
    for _ in range(5):
        rig.force[field] = bad
        rig.step(ms - 32)
        rig.force[field] = good
        rig.step(32)
    assert rig.fault == 0


# state, field, bad value where the limit does not apply
APPLIES_ELSEWHERE = [
    (CONFIGURED, "supply_mv", 3000),
    (CONFIGURED, "battery_percent", 5),
    (CONFIGURED, "bridge_stall", 1),
    (RUNNING, "duty", 3000),
]


@pytest.mark.parametrize(("state", "field", "value"), APPLIES_ELSEWHERE)
def test_a_limit_of_other_states_does_not_trip(state: int, field: str, value: int) -> None:
    rig = Rig().in_state(state)
    rig.force[field] = value
    rig.step(LONG)
    assert rig.fault == 0


# field, last good, first bad, ms, condition: set while bad
WARNINGS = [
    ("temperature_cdeg", 4099, 4100, 480, codes.COND_TEMPERATURE_WARN),
    ("battery_percent", 20, 19, 96, codes.COND_BATTERY_WARN),
    ("rate_chz", 11000, 11100, 96, codes.COND_RATE_WARN),
    ("rate_chz", 9000, 8900, 96, codes.COND_RATE_WARN),
]


@pytest.mark.parametrize(("field", "good", "bad", "ms", "condition"), WARNINGS)
def test_a_warning_comes_in_its_time_and_goes_at_the_first_good_look(
    field: str, good: int, bad: int, ms: int, condition: int
) -> None:
    rig = Rig().running()
    rig.motion.back_emf_chz = 10000
    rig.pen.cutoffs.rate_chz = 20000  # the cut-off is another matter
    rig.force[field] = good
    rig.step(LONG)
    assert not rig.pen.conditions.word >> condition & 1
    rig.force[field] = bad
    ticks = 0
    while not rig.pen.conditions.word >> condition & 1:
        rig.step()
        ticks += 1
        assert ticks <= ms
    assert ticks >= ms - 63  # the rate is measured once per round
    rig.force[field] = good
    rig.step(64)
    assert not rig.pen.conditions.word >> condition & 1


def test_a_warning_ends_with_the_state_it_speaks_of() -> None:
    rig = Rig().running()
    rig.force["rate_chz"] = 8800
    rig.step(150)
    assert rig.pen.conditions.word >> codes.COND_RATE_WARN & 1
    del rig.force["rate_chz"]
    rig.press()
    rig.step(200)
    assert rig.state == ARMED
    assert not rig.pen.conditions.word >> codes.COND_RATE_WARN & 1


def test_the_battery_must_have_30_percent_to_start() -> None:
    rig = Rig().configured()
    rig.force["battery_percent"] = 30
    rig.step(200)
    assert rig.pen.conditions.word >> codes.COND_BATTERY_OK & 1
    rig.force["battery_percent"] = 29
    rig.step(32)
    assert not rig.pen.conditions.word >> codes.COND_BATTERY_OK & 1
    rig.force["battery_percent"] = 30
    rig.step(64)
    assert not rig.pen.conditions.word >> codes.COND_BATTERY_OK & 1
    rig.step(32)
    assert rig.pen.conditions.word >> codes.COND_BATTERY_OK & 1


def test_a_button_held_for_10_s_where_it_means_nothing_is_stuck() -> None:
    rig = Rig().in_state(codes.STATE_IDLE)
    rig.press()
    rig.step(5 + 9_999)
    assert rig.fault == 0
    assert rig.ticks_to_fault(60) <= 49  # in the round after 10 s
    assert rig.fault == codes.FAULT_BUTTON_STUCK


def test_a_button_may_be_held_as_long_as_the_needles_run() -> None:
    rig = Rig()
    rig.treatment.latch = 0
    rig.treatment.facts |= 1 << codes.COND_CONTACT
    rig.armed()
    rig.press()
    rig.step(20_000)
    assert rig.state == RUNNING


@pytest.mark.parametrize("state", [ARMED, RUNNING])
def test_a_main_loop_that_is_silent_for_a_second_is_a_fault(state: int) -> None:
    rig = Rig().in_state(state)
    rig.step(20)
    rig.main_loop = False
    assert 1000 - 64 <= rig.ticks_to_fault(1100) <= 1000 + 64
    assert rig.fault == codes.FAULT_INTERNAL


def test_a_silent_main_loop_is_no_matter_while_nothing_is_armed() -> None:
    rig = Rig().configured()
    rig.main_loop = False
    rig.step(5000)
    assert rig.fault == 0


def test_sixteen_rows_fill_the_round() -> None:
    assert len(watches.ROWS) == 16
    for row in watches.ROWS:
        assert row[4] % 32 == 0
        assert row[2] <= row[3]
