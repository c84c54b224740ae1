"""The rules once more, by hand: what may not last how long in which state, and what follows."""

from array import array  # noqa: TC003 - the annotation of words

import pytest

from firmware import words as place
from firmware.safety import rules, verdict

BOOT, IDLE, SEATED, CONFIGURED, ARMED, POSITIONING, RUNNING, PARKING, FAULT = range(9)
ALL = set(range(9))
DRIVEN = {POSITIONING, RUNNING, PARKING}
ARMED_ON = DRIVEN | {ARMED}
WAITING = {IDLE, SEATED, CONFIGURED}
TRIP, NET, CAUSE, TELL = range(4)
LOW, HIGH = -(1 << 28), 1 << 28

# word, lowest, highest, ms, states, what, fault (or condition that is told)
FAST = [
    ("TICK_US", 0, 4000, 1, ARMED_ON, TRIP, 61),
    ("LINE_LOW", 0, 0, 4, DRIVEN, TRIP, 28),
    ("LINE_HIGH", 0, 0, 8, ALL - {RUNNING}, TRIP, 28),
    ("DUTY_WRONG", 0, 0, 3, ALL, TRIP, 67),
    ("SEATED", 1, 1, 1, ARMED_ON, TRIP, 40),
    ("PEAK_CODE", 0, 4089, 3, DRIVEN, TRIP, 29),
    ("PEAK_MA", 0, 1500, 3, DRIVEN, TRIP, 24),
    ("ABOVE_LIMIT_MA", LOW, 0, 100, DRIVEN, NET, 23),
    ("CURRENT_CODE", 8, 4095, 96, {RUNNING}, TRIP, 29),
    ("MOTION_FAILED", 0, 0, 1, ALL, TRIP, 0),
    ("RATE_CHZ", 0, 16_000, 3, DRIVEN, TRIP, 20),
    ("ABOVE_RATE", LOW, 0, 20, DRIVEN, TRIP, 20),
    ("BELOW_RATE", LOW, 0, 300, {RUNNING}, TRIP, 21),
    ("UNTURNED_MS", 0, 29, 1, {RUNNING}, TRIP, 22),
    ("DISAGREED_CHZ", -2500, 2500, 200, {RUNNING}, NET, 25),
    ("DEPTH_WRONG_UM", -120, 120, 3, DRIVEN, TRIP, 10),
    ("REST_PULSES", 0, 2, 1, ALL - DRIVEN, TRIP, 26),
    ("REST_MA", 0, 150, 20, ALL - DRIVEN, TRIP, 26),
    ("OVERDUE", 0, 0, 1, {BOOT, POSITIONING, PARKING}, TRIP, 0),
]
SLOW = [
    ("MAIN_LOOP_MS", 0, 999, 1, ARMED_ON, TRIP, 63),
    ("BRIDGE_STALL", 0, 0, 32, DRIVEN, TRIP, 24),
    ("DUTY", 0, 0, 32, ALL - DRIVEN, TRIP, 26),
    ("CURRENT_CODE", 0, 4089, 96, ALL, CAUSE, 29),
    ("CURRENT_SAME", 0, 31, 1, {RUNNING}, TRIP, 29),
    ("HALL_CODE", 41, 3932, 64, ALL, CAUSE, 11),
    ("HALL_SAME", 0, 127, 1, ALL, CAUSE, 11),
    ("TURNS_WRONG", 0, 63, 1, {RUNNING}, TRIP, 25),
    ("NTC_CODE", 150, 4000, 96, ALL, CAUSE, 32),
    ("SUPPLY_MV", 2500, 4500, 96, ALL, CAUSE, 34),
    ("TEMPERATURE_CDEG", LOW, 4299, 480, ALL, CAUSE, 30),
    ("WINDING_CDEG", LOW, 9999, 480, ALL, CAUSE, 31),
    ("SUPPLY_MV", 3100, HIGH, 96, ARMED_ON, CAUSE, 33),
    ("BATTERY_PERCENT", 11, 100, 96, ARMED_ON, CAUSE, 33),
    ("LATCH_DOWN", 0, 0, 10_048, {RUNNING}, TRIP, 65),
    ("DOWN", 0, 0, 10_048, WAITING, CAUSE, 65),
    ("DOWN", 0, 0, 10_048, {BOOT}, CAUSE, 66),
    ("TEMPERATURE_CDEG", LOW, 4099, 480, ALL, TELL, 13),
    ("RATE_OFF", LOW, 0, 96, {RUNNING}, TELL, 14),
    ("BATTERY_PERCENT", 0, 29, 96, ALL, TELL, 9),
    ("BATTERY_PERCENT", 20, 100, 96, ALL, TELL, 15),
]


def spelled(row: tuple[int, ...]) -> tuple[object, ...]:
    """A row with the set of its states."""
    states = {state for state in range(9) if row[4] >> state & 1}
    assert row[4] >> 9 == 0
    return (*row[:4], states, *row[5:])


@pytest.mark.parametrize(("there", "by_hand"), [(rules.FAST, FAST), (rules.SLOW, SLOW)])
def test_every_rule_is_the_one_that_was_reasoned(
    there: tuple[tuple[int, ...], ...], by_hand: list[tuple[object, ...]]
) -> None:
    expected = [(getattr(place, str(row[0])), *row[1:]) for row in by_hand]
    assert [spelled(row) for row in there] == expected


def test_the_tick_walks_these_rules() -> None:
    """The table of numbers that the tick reads: 9 lists a state, 7 columns a row."""
    half = 1 << 29
    lists: list[list[int]] = []
    for state in range(9):
        for part in range(9):
            mine = list(enumerate(FAST)) if part == 0 else []
            if part:
                mine = [(len(FAST) + n, row) for n, row in enumerate(SLOW) if n % 8 == part - 1]
            columns: list[int] = []
            for number, (word, low, high, ms, states, what, code) in mine:
                if state in states:
                    at = getattr(place, word)
                    columns += [at, low + half, high + half, ms, what, code, number]
            lists.append(columns)
    starts = [82]
    for one in lists:
        starts.append(starts[-1] + len(one))
    assert list(rules.TABLE) == starts + [number for one in lists for number in one]


def test_a_rule_of_other_states_forgets() -> None:
    rows = FAST + SLOW
    assert list(verdict.RULE_STATES) == [sum(1 << state for state in row[4]) for row in rows]
    assert list(verdict.RULE_BITS) == [1 << row[6] if row[5] == TELL else 0 for row in rows]


def test_names_of_what_follows_and_of_sets_of_states() -> None:
    assert (rules.TRIP, rules.NET, rules.CAUSE, rules.TELL) == (0, 1, 2, 3)
    assert rules.SLOTS == 8
    assert rules.ANY == 0x1FF
    assert (rules.BOOT, rules.RUNNING, rules.PASSING) == (1, 0x40, 0xA0)
    assert (rules.DRIVEN, rules.ARMED) == (0xE0, 0xF0)
    assert (rules.WAITING, rules.RESTING) == (0x0E, 0x11F)


CAUSES = [row for row in SLOW if row[5] == CAUSE]


def sound() -> "array[int]":
    """Words of a pen on which no rule has anything to say."""
    words = place.new()
    for name, low, high, *_ in CAUSES:
        words[getattr(place, name)] = (max(low, 0) + min(high, 4500)) // 2
    words[place.SUPPLY_MV] = 3700
    words[place.BATTERY_PERCENT] = 80
    return words


@pytest.mark.parametrize("row", FAST + SLOW)
def test_what_keeps_a_fault_from_being_acknowledged(
    row: tuple[str, int, int, int, set[int], int, int],
) -> None:
    word, low, high, _, _, _, fault = row
    assert not rules.is_outside(sound(), fault)
    for value in (low - 1, low, high, high + 1):
        words = sound()
        words[getattr(place, word)] = value
        expected = any(
            not low <= value <= high
            for name, low, high, _, _, _, keeps in CAUSES
            if name == word and keeps == fault
        )
        assert rules.is_outside(words, fault) == expected
