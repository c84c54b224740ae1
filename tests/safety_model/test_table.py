"""No way through the state table hurts anybody, and every way leads home: all of them walked."""

import random

import pytest

from firmware.safety.transitions import ROWS, next_row
from tests.safety_model.environment import KEPT, LATCH, kept_words, problem, ticks
from tests.safety_model.explore import Exploration, Node, backwards
from tests.safety_model.facts import (
    ARMED,
    BOOT,
    CONFIGURED,
    FAULT,
    FAULTED,
    HOMED,
    IDLE,
    PARKED,
    PARKING,
    POSITIONING,
    PROVEN,
    RUNNING,
    SEATED,
    SELF_TEST,
    STATES,
    STOP,
    TIMEOUT,
    VIEWS,
)

NEEDLES_IN_STATES = (IDLE, IDLE + 1, CONFIGURED, ARMED)


def test_no_reachable_tick_breaks_a_property(explored: Exploration) -> None:
    assert explored.broken == "", "\n".join(explored.path)


def test_the_walk_is_as_wide_as_it_claims(explored: Exploration) -> None:
    assert explored.sets > 300_000
    assert len(explored.came_from) > 200
    assert {node.state for node in explored.came_from} == set(range(len(STATES)))


def test_every_row_of_the_table_is_taken_by_some_path(explored: Exploration) -> None:
    assert [row for row in ROWS if row not in explored.rows_taken] == []


def test_needles_run_only_after_self_test_homing_and_proof_of_this_seating(
    explored: Exploration,
) -> None:
    """The bits are set by their events alone (environment), so a set bit is a past event."""
    # The way from power-up: a node in ARMED or beyond always came with all four.
    for node in explored.nodes(POSITIONING, RUNNING):
        before, _ = explored.came_from[node]
        assert before is not None
        if before.state == ARMED:
            needed = SELF_TEST | HOMED | PROVEN | SEATED
            assert explored.came_from[node][1] & needed == needed


@pytest.mark.parametrize("goal", range(len(STATES)), ids=STATES)
def test_from_everywhere_there_is_a_way_to_every_state(explored: Exploration, goal: int) -> None:
    """No dead end: from wherever it is, the pen can fail, rest, and treat again."""
    distance = backwards(explored.edges, explored.nodes(goal))
    assert set(distance) == set(explored.came_from)


def test_a_fault_is_one_tick_away_or_two_by_way_of_parking(explored: Exploration) -> None:
    distance = backwards(explored.edges, explored.nodes(FAULTED))
    for node, ticks_left in distance.items():
        assert ticks_left <= (2 if node.state in (POSITIONING, RUNNING) else 1)


def test_a_fault_is_left_into_boot_with_nothing_remembered(explored: Exploration) -> None:
    for node in explored.nodes(FAULTED):
        for after in explored.edges[node]:
            assert after.state in (FAULTED, BOOT)
            if after.state == BOOT:
                assert after.memory & (FAULT | SELF_TEST | HOMED | STOP) == 0


def test_from_a_run_every_way_leads_through_parking_to_a_parked_state(
    explored: Exploration,
) -> None:
    for node in explored.nodes(POSITIONING, RUNNING, PARKING):
        for after in explored.edges[node]:
            if node.state == PARKING:
                assert after.state in (PARKING, ARMED, CONFIGURED, FAULTED)
            else:
                assert after.state in (POSITIONING, RUNNING, PARKING)


def test_parking_always_ends_when_parked_is_sensed_or_its_time_is_over(
    explored: Exploration,
) -> None:
    answers = explored.answers[PARKING]
    parked = {after for facts, (after, _) in answers.items() if facts & PARKED}
    late = {after for facts, (after, _) in answers.items() if facts & TIMEOUT}
    assert parked == {ARMED, CONFIGURED, FAULTED}
    assert late == {FAULTED}


def test_in_boot_a_state_that_lasts_too_long_is_a_fault(explored: Exploration) -> None:
    for state in (BOOT, POSITIONING, PARKING):
        after = {a for facts, (a, _) in explored.answers[state].items() if facts & TIMEOUT}
        assert after == {PARKING} if state == POSITIONING else {FAULTED}


def test_views_and_warnings_decide_nothing(rng: random.Random, explored: Exploration) -> None:
    for state, answers in enumerate(explored.answers):
        for facts in rng.sample(list(answers), min(2000, len(answers))):
            assert next_row(state, facts) == next_row(state, facts | rng.getrandbits(30) & VIEWS)


def test_the_generated_worlds_keep_the_written_rules(explored: Exploration) -> None:
    """`ticks` makes exactly what `problem` does not object to, for worlds drawn by chance."""
    for state in range(len(STATES)):
        node = sorted(explored.nodes(state))[-1]
        made = {facts for word in kept_words(*node) for facts in ticks(state, word)}
        assert not {problem(state, node.memory, facts) for facts in made} - {""}


def test_the_rules_forbid_nothing_that_is_not_written(
    rng: random.Random, explored: Exploration
) -> None:
    for state in range(len(STATES)):
        nodes = sorted(explored.nodes(state))
        for node in (nodes[0], nodes[-1]):
            made = {facts for word in kept_words(*node) for facts in ticks(state, word)}
            seen = 0
            for facts in drawn(rng, node):
                if not problem(state, node.memory, facts):
                    seen += 1
                    assert facts in made
            assert seen > 0


def drawn(rng: random.Random, node: Node) -> list[int]:
    """Words near to what is kept: every other fact by chance."""
    base = node.memory & KEPT
    words = []
    for _ in range(4000):
        flips = rng.getrandbits(30) & rng.getrandbits(30) & ~VIEWS & ~LATCH
        words.append((base ^ flips) & ((1 << 30) - 1) & ~VIEWS)
    return words
