"""The state table: row by row, and as a whole."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.safety import transitions
from protocol import codes

NAMES = codes.STATE_NAMES
BITS = codes.CONDITION_NAMES + transitions.EVENT_NAMES


def bits(*names: str) -> int:
    """A word by the names of its bits."""
    return sum(1 << BITS.index(name) for name in names)


READY_TO_MOVE = (
    "cartridge seated",
    "cartridge valid",
    "cartridge fits plan",
    "plan ready",
    "zone chosen",
    "self-test passed",
    "homed",
    "stop path proven",
    "tether ok",
)

# The table restated by hand, in the words of the design: from, with, without, lacking any, to.
BY_HAND = [
    ("boot", ["fault latched"], [], [], "fault"),
    ("boot", ["self-test passed", "homed"], [], [], "idle"),
    ("idle", ["fault latched"], [], [], "fault"),
    ("idle", ["cartridge seated", "cartridge valid"], [], [], "cartridge ok"),
    ("cartridge ok", ["fault latched"], [], [], "fault"),
    ("cartridge ok", [], [], ["cartridge seated", "cartridge valid"], "idle"),
    ("cartridge ok", ["plan ready", "zone chosen", "cartridge fits plan"], [], [], "configured"),
    ("configured", ["fault latched"], [], [], "fault"),
    ("configured", [], [], ["cartridge seated", "cartridge valid"], "idle"),
    ("configured", [], [], ["plan ready", "zone chosen", "cartridge fits plan"], "cartridge ok"),
    (
        "configured",
        [*READY_TO_MOVE, "needles in", "battery ok", "arm by host"],
        ["stop asked", "button pressed"],
        [],
        "armed",
    ),
    (
        "configured",
        [*READY_TO_MOVE, "needles in", "battery ok", "arm by button"],
        ["stop asked"],
        [],
        "armed",
    ),
    ("armed", ["fault latched"], [], [], "fault"),
    ("armed", ["stop asked"], [], [], "configured"),
    ("armed", ["state too long"], [], [], "configured"),
    ("armed", [], [], [*READY_TO_MOVE, "needles in", "battery ok"], "configured"),
    (
        "armed",
        [*READY_TO_MOVE, "needles in", "battery ok", "button press"],
        [],
        [],
        "positioning",
    ),
    ("positioning", ["fault latched"], [], [], "parking"),
    ("positioning", ["stop asked"], [], [], "parking"),
    ("positioning", ["button stop"], [], [], "parking"),
    ("positioning", [], [], READY_TO_MOVE, "parking"),
    ("positioning", [*READY_TO_MOVE, "in position"], [], [], "running"),
    ("running", ["fault latched"], [], [], "parking"),
    ("running", ["stop asked"], [], [], "parking"),
    ("running", ["button stop"], [], [], "parking"),
    ("running", [], [], READY_TO_MOVE, "parking"),
    ("parking", ["fault latched", "parked"], [], [], "fault"),
    ("parking", ["fault latched", "state too long"], [], [], "fault"),
    (
        "parking",
        [*READY_TO_MOVE, "needles in", "battery ok", "parked"],
        ["fault latched", "stop asked"],
        [],
        "armed",
    ),
    ("parking", ["parked"], ["fault latched"], [], "configured"),
    ("fault", ["acknowledged"], [], [], "boot"),
]

ALL = (1 << 30) - 1
FACTS = st.integers(min_value=0, max_value=ALL)
STATES = st.integers(min_value=0, max_value=len(NAMES) - 1)


def test_the_table_is_the_one_of_the_design() -> None:
    by_hand = [
        (NAMES.index(state), bits(*need), bits(*block), bits(*lack), NAMES.index(after))
        for state, need, block, lack, after in BY_HAND
    ]
    assert [row[:5] for row in transitions.ROWS] == by_hand


def test_actions_stand_only_where_they_belong() -> None:
    acting = {(row[0], row[4]): row[5] for row in transitions.ROWS if row[5]}
    assert acting == {
        (codes.STATE_ARMED, codes.STATE_POSITIONING): transitions.ACTION_TAKE_GRANT,
        (codes.STATE_FAULT, codes.STATE_BOOT): transitions.ACTION_CLEAR,
    }


def earlier(row: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Rows of the same state that stand before `row`."""
    for other in transitions.ROWS:
        if other is row:
            return
        if other[0] == row[0]:
            yield other


def fits(row: tuple[int, ...], facts: int) -> bool:
    """The meaning of a row, written a second time."""
    needs_all = all(facts >> bit & 1 for bit in range(30) if row[1] >> bit & 1)
    blocked = any(facts >> bit & 1 for bit in range(30) if row[2] >> bit & 1)
    lacks = not row[3] or any(not facts >> bit & 1 for bit in range(30) if row[3] >> bit & 1)
    return needs_all and not blocked and lacks


@pytest.mark.parametrize("row", transitions.ROWS, ids=lambda row: f"{NAMES[row[0]]}-{row[4]}")
def test_a_row_is_taken_with_its_facts_and_not_without_any_of_them(row: tuple[int, ...]) -> None:
    enough = row[1] | keeps_others_quiet(row) & ~row[3]
    assert transitions.next_row(row[0], enough) == row
    for bit in range(30):
        if row[1] >> bit & 1:
            assert transitions.next_row(row[0], enough & ~(1 << bit)) != row
        if row[2] >> bit & 1:
            assert transitions.next_row(row[0], enough | 1 << bit) != row
    if row[3]:
        assert transitions.next_row(row[0], enough | row[3]) != row


def keeps_others_quiet(row: tuple[int, ...]) -> int:
    """Bits that earlier rows of the state would complain about if they were missing."""
    return sum({1 << bit for other in earlier(row) for bit in range(30) if other[3] >> bit & 1})


@given(STATES, FACTS)
def test_the_first_row_that_fits_is_taken(state: int, facts: int) -> None:
    expected = next((row for row in transitions.ROWS if row[0] == state and fits(row, facts)), None)
    assert transitions.next_row(state, facts) == expected


@given(STATES, FACTS)
def test_a_latched_fault_never_lets_anything_start(state: int, facts: int) -> None:
    row = transitions.next_row(state, facts | transitions.FAULT)
    after = state if row is None else row[4]
    moving = (codes.STATE_POSITIONING, codes.STATE_RUNNING, codes.STATE_ARMED)
    assert after not in moving
    if state in (codes.STATE_POSITIONING, codes.STATE_RUNNING):
        assert after == codes.STATE_PARKING
    elif state < codes.STATE_POSITIONING:
        assert after == codes.STATE_FAULT


@given(STATES, FACTS)
def test_a_stop_leaves_every_state_in_which_something_moves_or_may_start(
    state: int, facts: int
) -> None:
    row = transitions.next_row(state, (facts | transitions.STOP) & ~transitions.FAULT)
    after = state if row is None else row[4]
    assert after not in (codes.STATE_ARMED, codes.STATE_POSITIONING, codes.STATE_RUNNING)


@given(STATES, FACTS)
def test_the_needles_start_only_by_a_press_in_armed(state: int, facts: int) -> None:
    row = transitions.next_row(state, facts)
    if row is None:
        return
    if row[4] == codes.STATE_RUNNING:
        assert state == codes.STATE_POSITIONING
    if row[4] == codes.STATE_POSITIONING:
        assert state == codes.STATE_ARMED
        assert facts & bits("button press")
    if row[4] == codes.STATE_ARMED and state != codes.STATE_PARKING:
        assert state == codes.STATE_CONFIGURED
        assert facts & bits("arm by host", "arm by button")
    if row[4] in (codes.STATE_ARMED, codes.STATE_POSITIONING, codes.STATE_RUNNING):
        assert facts & bits(*READY_TO_MOVE) == bits(*READY_TO_MOVE)


@given(FACTS)
def test_a_fault_ends_only_by_acknowledging(facts: int) -> None:
    row = transitions.next_row(codes.STATE_FAULT, facts)
    acknowledged = bool(facts & transitions.ACKNOWLEDGED)
    assert (row is not None) == acknowledged


@pytest.mark.parametrize(
    ("facts", "asked", "reason"),
    [
        (transitions.FAULT | transitions.BUTTON_STOP, codes.STOP_HOST, codes.STOP_FAULT),
        (transitions.BUTTON_STOP, codes.STOP_HOST, codes.STOP_HOST),
        (transitions.BUTTON_STOP, 0, codes.STOP_BUTTON),
        (bits("cartridge seated"), 0, codes.STOP_CARTRIDGE),
        (bits("cartridge seated", "cartridge valid"), 0, codes.STOP_PLAN_CHANGED),
        (transitions.CARTRIDGE | transitions.PLAN, 0, codes.STOP_NOT_READY),
    ],
)
def test_the_reason_of_a_stop_is_the_gravest(facts: int, asked: int, reason: int) -> None:
    assert transitions.stop_reason(facts, asked) == reason


def test_names_go_with_numbers() -> None:
    assert len(codes.CONDITION_NAMES) == transitions.EVENT_FAULT == 20
    assert len(BITS) == 30
    assert transitions.EVENT_NAMES[transitions.EVENT_PRESS - 20] == "button press"
    assert transitions.EVENT_NAMES[transitions.EVENT_ACKNOWLEDGED - 20] == "acknowledged"
