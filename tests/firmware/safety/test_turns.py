"""Four pulses between two index marks, exactly: dropped and spurious pulses, lost marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import words as place
from firmware.safety import measures
from protocol import codes
from tests.firmware.safety.rig import Rig


def turn(rig: Rig, pulses: int, marks: int, later: bool = False) -> None:
    """One revolution as the captures would show it; `later`: a pulse came right after the mark."""
    words = rig.words
    words[place.TACH_COUNT] = words[place.TACH_COUNT] + pulses & 0xFFFF
    words[place.INDEX_COUNT] = words[place.INDEX_COUNT] + marks & 0xFFFF
    words[place.INDEX_EDGE_US] = words[place.NOW_US] - 300
    words[place.TACH_EDGE_US] = words[place.NOW_US] - (100 if later else 500)
    measures.count_turns(words)


def counting(pulses_so_far: int = 65_530) -> Rig:
    rig = Rig().running()
    words = rig.words
    words[place.TACH_COUNT] = words[place.MARK_PULSES] = pulses_so_far
    words[place.INDEX_COUNT] = words[place.MARK_COUNT] = 65_534
    words[place.MARK_KNOWN] = words[place.TURNS_WRONG] = 0
    words[place.NOW_US] = 200  # edges lie before the wrap
    return rig


@given(st.lists(st.tuples(st.integers(3, 5), st.booleans()), min_size=1, max_size=80))
def test_turns_of_four_pulses_are_right_and_all_others_are_counted(
    turns: list[tuple[int, bool]],
) -> None:
    """The restatement: what lies between two marks, whichever turn the sampled pulse is of."""
    rig = counting()
    turn(rig, 2, 1)  # the first mark only begins the count
    wrong = 0
    carried = 0
    for pulses, later in turns:
        turn(rig, pulses - carried + (1 if later else 0), 1, later)
        carried = 1 if later else 0
        wrong = wrong + 16 if pulses != 4 else max(wrong - 1, 0)
        assert rig.words[place.TURNS_WRONG] == wrong


def test_marks_that_a_late_tick_saw_together_are_right_with_their_pulses() -> None:
    rig = counting()
    turn(rig, 3, 1)
    turn(rig, 8, 2)
    assert rig.words[place.TURNS_WRONG] == 0
    turn(rig, 7, 2)
    assert rig.words[place.TURNS_WRONG] == 16


def test_a_mark_that_never_comes_is_wrong_every_nine_pulses() -> None:
    rig = counting()
    for pulse in range(1, 40):
        turn(rig, 1, 0)
        assert rig.words[place.TURNS_WRONG] == pulse // 9 * 16


@pytest.mark.parametrize(("lost", "turns"), [(1, 4), (0, 0)])
def test_the_fourth_wrong_turn_is_a_broken_tachometer(lost: int, turns: int) -> None:
    rig = Rig().running()
    real = rig.motion._mark

    def mark(pulses: int) -> None:
        before = rig.words[place.INDEX_COUNT]
        real(pulses)
        if lost and rig.words[place.INDEX_COUNT] != before:
            rig.words[place.TACH_COUNT] = rig.words[place.TACH_COUNT] - lost & 0xFFFF

    rig.motion._mark = mark  # type: ignore[method-assign]
    ticks = rig.ticks_to_fault(500)
    if not lost:
        assert rig.fault == 0
        return
    assert rig.fault == codes.FAULT_TACHOMETER
    assert turns * 10 <= ticks <= turns * 10 + 12  # at 100 Hz a turn lasts 10 ms
