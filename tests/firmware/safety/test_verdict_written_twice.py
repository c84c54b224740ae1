"""Walk of the rules, verdict and order of the tick against a second writing."""

from random import Random

import pytest

from firmware import words as place
from firmware.safety import rules, supervisor, transitions, verdict
from protocol import codes
from tests.firmware.safety.test_conditions_written_twice import (
    LEVEL,
    condition,
    event,
    may_grant,
    take,
    trip,
)
from tests.firmware.safety.test_line_written_twice import hold
from tests.firmware.safety.test_measures_written_twice import (
    measure,
    measure_passage,
    measure_rest,
    measure_run,
)
from tests.firmware.second_writing import Named, agree

TRIP, NET, CAUSE, TELL = range(4)
ARMED, POSITIONING, RUNNING, PARKING = 4, 5, 6, 7
STATES = range(9)


def walk(w: Named) -> None:
    """All fast rows, and of the slow ones those of this eighth of the time."""
    fast = len(rules.FAST)
    busy, w_busy = w.rules_busy, 0
    for number, (word, low, high, ms, states, what, code) in enumerate(rules.ROWS):
        slow = number >= fast
        if not states >> w.state & 1 or (slow and (number - fast) % 8 != w.t_ms % 8):
            continue
        at = place.OUTSIDE_MS + number
        value = w.words[word]
        if not low <= value <= high:
            spent = w.words[at] + w.step_ms + (7 if slow else 0)
            w_busy |= not slow
            if spent < ms:
                w.words[at] = spent
            elif what == TELL:
                w.words[at] = ms  # not 0, however long the tick was: else it was never taken back
                w.standing |= 1 << code
            else:
                trip(w, code or value)
        elif (slow or busy) and w.words[at]:
            if what == NET:
                w.words[at] -= 1
                w_busy |= not slow
            else:
                w.words[at] = 0
                if what == TELL:
                    w.standing &= ~(1 << code)
    w.rules_busy = int(w_busy)


@pytest.mark.parametrize("number", range(len(rules.ROWS)))
def test_each_rule_at_its_limits_with_all_others_inside(number: int) -> None:
    word, low, high, ms, states = rules.ROWS[number][:5]
    inside = {row[0]: (row[1] + row[2]) // 2 for row in rules.ROWS}
    for row in rules.ROWS:
        if row[1] <= 0 <= row[2]:
            inside[row[0]] = 0
    edges = tuple(max(min(v, 1 << 28), -(1 << 28)) for v in (low - 1, low, high, high + 1))

    def prepare(w: Named, rng: Random) -> None:
        for at, value in inside.items():
            if at != word:
                w.words[at] = value
        w.words[word] = rng.choice(edges)
        for other in range(len(rules.ROWS)):
            w.words[place.OUTSIDE_MS + other] = 0
        spent = rng.choice((0, 1, ms - 9, ms - 8, ms - 7, ms - 2, ms - 1, ms))
        w.words[place.OUTSIDE_MS + number] = max(spent, 0)

    choices = {
        "state": tuple(s for s in STATES if states >> s & 1) * 3 + tuple(STATES),
        "t_ms": tuple(range(8)) if number >= len(rules.FAST) else (0,),
        "step_ms": (1, 1, 2),
        "rules_busy": LEVEL,
        "fault": (0, 0, 10),
        "drive_to_park": (1,),
        "standing": (0, 0xFFFFF),
    }
    agree(rules.walk, walk, choices, 160, prepare)


def test_all_rules_at_once() -> None:
    def prepare(w: Named, rng: Random) -> None:
        for row in rules.ROWS:
            middle = 0 if row[1] <= 0 <= row[2] else (row[1] + row[2]) // 2
            w.words[row[0]] = rng.choice((middle, middle, row[1], row[2], row[1] - 1, row[2] + 1))
        for number, row in enumerate(rules.ROWS):
            w.words[place.OUTSIDE_MS + number] = rng.choice((0, 0, 0, 1, row[3] - 1))

    choices = {
        "state": tuple(STATES),
        "t_ms": tuple(range(16)),
        "step_ms": (1, 1, 2),
        "rules_busy": LEVEL,
        "fault": (0, 0, 10),
        "drive_to_park": LEVEL,
        "standing": (0, 0xFFFFF, 0x0A5A5),
    }
    agree(rules.walk, walk, choices, 800, prepare)


MODES = {0: 1, 1: 0, 2: 0, 3: 0, 4: 0, 5: 3, 6: 4, 7: 2, 8: 1}


def stop_reason(facts: int, asked: int) -> int:
    if facts >> 20 & 1:
        return 12
    if asked:
        return asked
    if facts >> 22 & 1:
        return 1
    if facts & 0xC != 0xC:
        return 10
    return 11 if facts & 0x70 != 0x70 else 13


def enter(w: Named, row: tuple[int, ...]) -> None:
    before, (_, _, _, _, state, action) = w.state, row
    if action == 1:
        if not may_grant(w):
            trip(w, 63)
            return
        w.run_depth_um = w.grant_depth_um = w.zone_depth_um
        w.run_rate_chz = w.grant_rate_chz = w.zone_rate_chz
        w.run_current_ma = w.cartridge_ma
        w.run_latch = w.latch
    if action == 2:
        w.fault = w.fault_rank = 0
        w.drive_to_park = w.clear_motion = 1
        w.standing &= ~1
    going = (ARMED, POSITIONING, RUNNING)
    if before in going and state not in going:
        w.end_reason = stop_reason(w.facts, w.stop)
        if before != ARMED or not w.ran:
            w.stop_reason = w.end_reason
        if w.end_reason != 1:
            w.stop = w.end_reason
    if state == RUNNING:
        w.runs += 1
        w.idle_ms = 0
    elif state != POSITIONING:
        w.grant_depth_um = w.grant_rate_chz = 0
    if state == ARMED:
        w.ran = int(before == PARKING)
    w.state = state
    w.mode = MODES[state]
    w.state_ms = w.state_over = w.overdue = 0
    w.facts_seen = 1 << 30
    w.rules_busy = 1
    for number, rule in enumerate(rules.ROWS):
        if not rule[4] >> state & 1:
            w.words[place.OUTSIDE_MS + number] = 0
            if rule[5] == TELL:
                w.standing &= ~(1 << rule[6])


def next_row(state: int, facts: int) -> "tuple[int, ...] | None":
    for row in transitions.ROWS:
        of, need, block, lack, _, _ = row
        fits = facts & need == need and not facts & block
        if of == state and fits and (not lack or facts & lack != lack):
            return row
    return None


def judge(w: Named) -> None:
    w.facts_seen = w.facts
    row = next_row(w.state, w.facts)
    if row:
        enter(w, row)
    if w.state < ARMED:
        w.stop = 0


GRANT = {
    "zone": (6, 6, 6, 0),
    "zone_depth_um": (100, 800, 800),
    "zone_rate_chz": (9000, 9000, 1),
    "override": (0,),
    "demo": (0,),
    "cartridge_um": (2500,),
    "cartridge_ma": (500,),
}
FACTS = {
    row[1] | extra for row in transitions.ROWS for extra in (0, 0xFFFFF, 0xFFFFF | 1 << 20, 1 << 22)
}
JUDGED = GRANT | {
    "state": tuple(STATES),
    "facts": (*sorted(FACTS), 0xC, 0x7C, 0x70, 1 << 21, 1 << 22),
    "stop": (0, 0, 3, 9),
    "ran": LEVEL,
    "fault": (0, 10),
    "drive_to_park": LEVEL,
    "standing": (0, 0xFFFFF),
}


def test_one_look_at_the_table() -> None:
    agree(verdict.judge, judge, JUDGED, 2500)


@pytest.mark.parametrize("row", transitions.ROWS)
def test_what_entering_a_state_changes(row: tuple[int, ...]) -> None:
    own = JUDGED | {"state": (row[0],), "facts": (row[1], row[1] | 0x7C, row[1] | 1 << 22)}
    agree(verdict.judge, judge, own, 40)


@pytest.mark.parametrize("asked", [0, 2])
def test_the_reason_why_a_run_ended(asked: int) -> None:
    for high in range(8):
        for low in range(128):
            facts = high << 20 | low
            assert transitions.stop_reason(facts, asked) == stop_reason(facts, asked)


def supervise(w: Named) -> None:
    condition(w)
    take(w)
    measure(w)
    if w.state == RUNNING:
        measure_run(w)
    elif w.state in (POSITIONING, PARKING):
        measure_passage(w)
    else:
        measure_rest(w)
    walk(w)
    event(w)
    if w.facts != w.facts_seen:
        judge(w)
    if w.state == RUNNING:
        w.line = w.kick = w.line_asked = 1
    else:
        hold(w)


def test_a_whole_tick() -> None:
    choices = JUDGED | {
        "ask_fault": (0, 0, 0, 60),
        "ask_self_test": (0, 0, 0, 1, 2),
        "ask_session": (0, 0, 0, 5),
        "ask_stop": (0, 0, 0, 2),
        "ask_arm": (0, 24),
        "driving": LEVEL,
        "fault": (0, 0, 0, 10),
        "tick_us": (1000,),
        "seat": (1,),
        "seated": (1,),
        "down": LEVEL,
        "run_latch": LEVEL,
        "button": LEVEL,
        "fault_rank": range(4),
        "press_oldest": (0,),
        "plan_seating": (7,),
        "seat_generation": (7,),
        "plan_facts": (0x78, 0x78, 0),
        "standing": (0x80205, 0x80605, 0x80685),
        "homed": LEVEL,
        "home": (1,),
        "index_level": LEVEL,
        "depth_um": (0,),
        "enable_level": LEVEL,
        "proof_active": (0, 0, 1),
        "proof_step": (0, 3),
        "proof_ticks": (0, 3),
        "state_ms": (5, 50, 2000),
        "t_ms": (64, 65, 70),
        "step_ms": (1,),
        "battery_percent": (80,),
        "supply_mv": (3700,),
        "in_position": LEVEL,
        "still": LEVEL,
        "line_asked": LEVEL,
        "motion_failed": (0, 0, 13),
        "note_due": (0, 0, 1),
        "tethered": LEVEL,
        "lease_ms": (0,),
    }

    def calm(w: Named, rng: Random) -> None:
        for number in range(len(rules.ROWS)):
            w.words[place.OUTSIDE_MS + number] = 0
        ahead = Named(w.words[:])
        supervise(ahead)
        w.facts_seen = rng.choice((0, w.facts, ahead.facts))  # the same again: no verdict

    agree(supervisor.supervise, supervise, choices, 1500, calm)


def test_names_of_states_are_nine() -> None:
    assert len(codes.STATE_NAMES) == len(MODES) == 9
    assert dict(enumerate(verdict.MODES)) == MODES
