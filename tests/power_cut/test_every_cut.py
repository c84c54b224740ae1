"""In whatever flash operation the supply goes: nothing committed is lost, nothing half is used."""

import pytest

from tests.power_cut.cartridge_marks import every_mark
from tests.power_cut.every_cut import Tally, every_pair, every_single, subsets
from tests.power_cut.scenarios import NEW, OLD, Model, Scenario, judge, scenarios, write_plan
from tests.power_cut.torn import AFTER, BEFORE, INSIDE, TornFlash

ALL = list(scenarios())
PAIRS = [one for one in ALL if one.name.startswith(("plan replaced", "fault after 6", "two runs"))]
FEW = (BEFORE, INSIDE[1], INSIDE[3], INSIDE[5], AFTER)


@pytest.mark.parametrize("scenario", ALL, ids=lambda one: one.name)
def test_one_cut(scenario: Scenario) -> None:
    tally = Tally()
    every_single(scenario, tally)
    assert tally.wrong == []
    assert tally.cuts >= 20


@pytest.mark.slow
@pytest.mark.parametrize("scenario", PAIRS, ids=lambda one: one.name)
def test_a_second_cut_while_it_starts_or_tries_again(scenario: Scenario) -> None:
    tally = Tally()
    every_pair(scenario, tally, FEW)
    assert tally.wrong == []
    assert tally.cuts >= 100


def test_programs_that_are_lost_or_overtake_each_other_make_no_plan() -> None:
    flash, model = TornFlash(), Model()
    write_plan(OLD)(flash, model)
    model.plan_in_hand = NEW
    left = list(subsets(lambda cells: write_plan(NEW)(cells, Model()), flash))
    assert len(left) == 2**3  # two pages of plan and its header
    assert [words for cells in left for words in judge(cells, model)] == []


def test_a_mark_that_was_cut_short_frees_no_cartridge() -> None:
    tally = Tally()
    every_mark(tally)
    assert tally.wrong == []
    assert tally.cuts == 50
