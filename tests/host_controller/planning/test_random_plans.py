"""No library and no wish leads a plan to the pen outside its limits; and the judge can tell."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.treatment.plan import OK
from host_controller.library.guardrail import Guardrail, Judgement, Place
from host_controller.library.library import Narrowing
from tests.evidence import random_plans
from tests.evidence.measure_plans import plans

# The whole measurement uses seeds from 0 on; these are others.
SEEDS = st.integers(10**6, 2**31)


@given(SEEDS)
def test_nothing_outside_its_limits_reaches_the_pen(seed: int) -> None:
    assert random_plans.one(seed, 3).wrong == []


def test_the_measurement_tries_what_it_says_and_some_plans_get_through() -> None:
    tried, outside = plans(400)
    assert tried["value"] >= 400
    assert outside["value"] == 0
    assert outside["cases"] > 100  # of the plans tried, so many were compiled


def wrong(seeds: int = 60) -> list[str]:
    return [what for seed in range(seeds) for what in random_plans.one(seed, 6).wrong]


def within(_rail: Guardrail, _value: int) -> Judgement:
    return Judgement("", Place.WITHIN)


@pytest.mark.parametrize("words", ["outside", "without a reason"])
def test_the_judge_sees_a_guardrail_that_is_gone(
    monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setattr(Guardrail, "judge", within)
    assert any(words in found for found in wrong())


def test_the_judge_sees_a_library_that_does_not_nest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Guardrail, "unnested", "")
    assert any("does not nest" in found for found in wrong())


def test_the_judge_sees_a_role_that_was_not_narrowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Narrowing, "apply", lambda _self, entry: entry)
    assert any("outside" in found for found in wrong())


def test_the_judge_sees_a_value_that_changed_on_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = random_plans.compile_plan

    def deeper(plan: random_plans.Plan, session_id: int) -> object:
        rows = tuple(replace(row, depth_um=row.depth_um + 10) for row in plan.zones)
        return compiled(replace(plan, zones=rows), session_id)

    monkeypatch.setattr(random_plans, "compile_plan", deeper)
    assert wrong()


def test_the_pen_itself_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random_plans, "refusal", lambda _data: (29, *OK[1:]))
    assert any("the pen refuses" in found for found in wrong())
