"""Rules on what changes slowly: ranges and times restated by hand, to the tick."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import words as place
from firmware.safety import limits, rules
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
    (CONFIGURED, "duty", 0, 1, 3, codes.FAULT_OUTPUT),
    (RUNNING, "duty", 0, -1, 3, codes.FAULT_OUTPUT),
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
    ticks = rig.ticks_to_fault(LONG)
    assert ms - 7 <= ticks <= ms  # the first look comes within eight ticks
    assert ticks == ms or field != "duty" or ms != 3
    assert rig.fault == fault


@pytest.mark.parametrize(("state", "field", "good", "bad", "ms", "fault"), TRIPS)
def test_one_good_look_starts_the_time_afresh(
    state: int, field: str, good: int, bad: int, ms: int, fault: int
) -> None:
    rig = Rig().in_state(state)
    assert fault
    for _ in range(5):
        rig.force[field] = bad
        rig.step(ms - 8 if ms > 8 else ms - 1)
        rig.force[field] = good
        rig.step(8)
    assert rig.fault == 0


# state, field, bad value where the limit does not apply
APPLIES_ELSEWHERE = [
    (CONFIGURED, "supply_mv", 3000),
    (CONFIGURED, "battery_percent", 5),
    (CONFIGURED, "bridge_stall", 1),
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
    ("rate_chz", 11000, 11001, 96, codes.COND_RATE_WARN),
    ("rate_chz", 9000, 8999, 96, codes.COND_RATE_WARN),
]


@pytest.mark.parametrize(("field", "good", "bad", "ms", "condition"), WARNINGS)
def test_a_warning_comes_in_its_time_and_goes_at_the_first_good_look(
    field: str, good: int, bad: int, ms: int, condition: int
) -> None:
    rig = Rig().running()
    rig.motion.back_emf_chz = 10000
    rig.words[place.RUN_RATE_CHZ] = 20000  # the cut-off is another matter
    rig.force[field] = good
    rig.step(LONG)
    assert not rig.pen.conditions.word >> condition & 1
    rig.force[field] = bad
    ticks = 0
    while not rig.pen.conditions.word >> condition & 1:
        rig.step()
        ticks += 1
        assert ticks <= ms
    assert ticks >= ms - 7
    rig.force[field] = good
    rig.step(8)
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
    rig.step(8)
    assert not rig.pen.conditions.word >> codes.COND_BATTERY_OK & 1
    rig.force["battery_percent"] = 30
    rig.step(88)
    assert not rig.pen.conditions.word >> codes.COND_BATTERY_OK & 1
    rig.step(8)
    assert rig.pen.conditions.word >> codes.COND_BATTERY_OK & 1


def test_a_button_held_for_10_s_where_it_means_nothing_is_stuck() -> None:
    rig = Rig().in_state(codes.STATE_IDLE)
    rig.press()
    rig.step(5 + 9_999)
    assert rig.fault == 0
    assert rig.ticks_to_fault(60) in range(41, 49)
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
    assert rig.ticks_to_fault(1100) in range(999, 1007)
    assert rig.fault == codes.FAULT_INTERNAL


def test_a_silent_main_loop_is_no_matter_while_nothing_is_armed() -> None:
    rig = Rig().configured()
    rig.main_loop = False
    rig.step(5000)
    assert rig.fault == 0


def test_every_row_is_well_made() -> None:
    for word, low, high, ms, states, what, code in rules.ROWS:
        assert 0 <= word < place.SIZE
        assert -(1 << 29) < low <= high < 1 << 29
        assert states & rules.ANY == states
        assert what in (rules.TRIP, rules.NET, rules.CAUSE, rules.TELL)
        assert ms >= (2 if what in (rules.NET, rules.TELL) else 1)
        assert 0 <= code < (20 if what == rules.TELL else 256)
    for row in rules.SLOW:
        assert row[3] == 1 or row[3] % 8 == 0
    assert len(rules.ROWS) <= 48  # words kept for their times


def test_each_row_is_walked_in_its_states_and_a_slow_one_in_one_slot_of_eight() -> None:
    table = rules.TABLE
    for number, row in enumerate(rules.ROWS):
        found = []
        for state in range(len(codes.STATE_NAMES)):
            for part in range(9):
                begin, end = table[state * 9 + part], table[state * 9 + part + 1]
                for at in range(begin, end, 7):
                    if table[at + 6] == number:
                        found.append((state, part))
                        half = 1 << 29
                        columns = (row[0], row[1] + half, row[2] + half, row[3], *row[5:], number)
                        assert tuple(table[at : at + 7]) == columns
        assert [state for state, _ in found] == [s for s in range(9) if row[4] >> s & 1]
        fast = row in rules.FAST
        assert all((part == 0) == fast for _, part in found)


def outside(row: tuple[int, ...], values: list[int], step: int) -> bool:
    """The meaning of a row that trips, written a second time: whether it has tripped."""
    spent = 0
    for value in values:
        if row[1] <= value <= row[2]:
            spent = max(spent - 1, 0) if row[5] == rules.NET else 0
        else:
            spent += step
            if spent >= row[3]:
                return True
    return False


TRIPPING = [
    number
    for number, row in enumerate(rules.ROWS)
    if row[5] != rules.TELL and row[6] and row[3] <= 96
]


@given(st.sampled_from(TRIPPING), st.data())
def test_a_row_means_what_it_says(number: int, data: st.DataObject) -> None:
    """The walk alone, on one row, against the plain restatement."""
    row = rules.ROWS[number]
    step = 1 if row in rules.FAST else 8
    near = st.sampled_from([row[1] - 1, row[1], row[2], row[2] + 1, (row[1] + row[2]) // 2])
    values = data.draw(st.lists(near, min_size=1, max_size=200 // step))
    words = place.new()
    table = rules.TABLE
    half = 1 << 29
    one = [row[0], row[1] + half, row[2] + half, row[3], *row[5:], number]
    rules.TABLE = array("i", [10, *([17] * 9 if step == 1 else [10] + [17] * 8), *one])
    try:
        words[place.STEP_MS] = 1
        for value in values:
            words[row[0]] = value
            rules.walk(words)
    finally:
        rules.TABLE = table
    assert (words[place.FAULT] == row[6]) == outside(row, values, step)


@pytest.mark.parametrize("duty", [2000, -2000])
def test_a_duty_that_was_put_out_is_no_fault_while_driven_and_one_at_rest(duty: int) -> None:
    rig = Rig().running()
    rig.words[place.BRIDGE] = place.BRIDGE_DRIVE
    rig.words[place.DUTY_OUT] = rig.words[place.DUTY] = duty
    rig.step(LONG)
    assert rig.fault == 0
    rig.force["duty"] = duty + 1  # read back as another
    assert rig.ticks_to_fault(LONG) == 3
    assert rig.fault == codes.FAULT_OUTPUT
    rig = Rig().configured()
    rig.words[place.BRIDGE] = place.BRIDGE_DRIVE
    rig.words[place.DUTY_OUT] = rig.words[place.DUTY] = duty
    assert rig.ticks_to_fault(LONG) in range(25, 33)
    assert rig.fault == codes.FAULT_MOTION_UNCOMMANDED


def test_missed_ticks_count_as_the_time_they_took() -> None:
    rig = Rig().in_state(codes.STATE_IDLE)
    rig.step(100)
    rig.force["current_ma"] = 151
    rig.force["tick_us"] = 10_000
    rig.step()
    assert rig.fault == 0
    rig.step()
    assert rig.fault == codes.FAULT_MOTION_UNCOMMANDED  # 20 ms


@pytest.mark.parametrize(
    ("word", "state", "ticks", "fault"),
    [
        ("CURRENT_CODE", RUNNING, limits.CURRENT_FROZEN_MS, codes.FAULT_CURRENT_SENSOR),
        ("HALL_CODE", CONFIGURED, limits.HALL_FROZEN_MS, codes.FAULT_DEPTH_SENSOR),
        ("HALL_CODE", ARMED, limits.HALL_FROZEN_MS, codes.FAULT_DEPTH_SENSOR),
    ],
)
def test_a_converter_that_repeats_itself_is_broken(
    word: str, state: int, ticks: int, fault: int
) -> None:
    rig = Rig().in_state(state)
    rig.noise = False
    code = rig.words[getattr(place, word)]
    for tick in range(1000):  # two codes in turn are noise
        rig.words[place.HALL_LAST] = code + tick % 2
        rig.words[place.CURRENT_LAST] = code + tick % 2
        rig.words[place.HALL_SAME] = rig.words[place.HALL_SAME] if tick % 2 else 0
        rig.words[place.CURRENT_SAME] = rig.words[place.CURRENT_SAME] if tick % 2 else 0
        rig.step()
    assert rig.fault == 0
    rig.words[place.HALL_SAME] = rig.words[place.CURRENT_SAME] = 0
    assert rig.ticks_to_fault(200) in range(ticks, ticks + 8)
    assert rig.fault == fault


@pytest.mark.parametrize(
    "late_ms", [1, 96, 400]
)  # the flash holds ticks up for 45 ms, aged for 400
def test_what_one_long_tick_has_told_is_taken_back(late_ms: int) -> None:
    words = place.new()
    ready = 1 << codes.COND_BATTERY_OK
    words[place.STATE] = codes.STATE_CONFIGURED
    for percent, told in ((80, late_ms >= 96), (29, False)):
        words[place.BATTERY_PERCENT] = percent
        words[place.STEP_MS] = late_ms
        for _ in range(rules.SLOTS):
            words[place.T_MS] += 1
            rules.walk(words)
            words[place.STEP_MS] = late_ms if percent == 80 else 1
        assert bool(words[place.STANDING] & ready) == told
