"""The depth stage's speed profile: right number of steps, gentle ends, limits of the stepper."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import words
from firmware.control import step_profile

PULL_IN_PER_S = 700
PULL_OUT_PER_S = 2200


class StepProfile:
    """The profile's kernels and words by name."""

    remaining = words.named(words.STEPS_LEFT)
    speed_per_s = words.named(words.STEP_SPEED)
    top_per_s = words.named(words.STEP_TOP)
    ramp_steps = words.named(words.RAMP_STEPS)

    def __init__(self) -> None:
        self.words = words.new()

    def start(self, half_steps: int, top_per_s: int) -> None:
        step_profile.start(self.words, half_steps, top_per_s)

    def advance(self) -> int:
        return step_profile.advance(self.words)


def run(profile: StepProfile) -> list[int]:
    made = []
    while profile.remaining:
        made.append(profile.advance())
        assert len(made) < 2000
    return made


@given(st.integers(0, 400), st.sampled_from((300, 400, 1500, 2000)))
def test_a_move_makes_exactly_its_steps_within_the_limits(steps: int, top: int) -> None:
    profile = StepProfile()
    profile.start(steps, top)
    before = profile.speed_per_s
    made = 0
    while profile.remaining:
        made += profile.advance()
        assert profile.speed_per_s <= max(top, 300) < PULL_OUT_PER_S
        assert abs(profile.speed_per_s - before) <= 35  # per ms
        before = profile.speed_per_s
    assert made == steps
    assert profile.advance() == 0


@given(st.integers(1, 400))
def test_it_starts_and_ends_where_no_ramp_is_needed(steps: int) -> None:
    profile = StepProfile()
    profile.start(steps, 2000)
    profile.advance()
    assert profile.speed_per_s < PULL_IN_PER_S
    run(profile)
    assert profile.speed_per_s < PULL_IN_PER_S


def test_full_travel_takes_less_than_200_ms() -> None:
    profile = StepProfile()
    profile.start(254, 2000)  # 2.50 mm and the way out of the switch
    assert len(run(profile)) < 200


@pytest.mark.parametrize("after_ms", [5, 30, 70])
def test_a_move_can_be_ended_early_along_its_ramp(after_ms: int) -> None:
    profile = StepProfile()
    profile.start(400, 2000)
    for _ in range(after_ms):
        profile.advance()
    profile.remaining = profile.ramp_steps + 1
    run(profile)
    assert profile.speed_per_s < PULL_IN_PER_S - 200


def test_a_lower_limit_slows_down_along_the_ramp() -> None:
    profile = StepProfile()
    profile.start(400, 1500)
    for _ in range(80):
        profile.advance()
    profile.top_per_s = 400
    speeds = []
    for _ in range(80):
        profile.advance()
        speeds.append(profile.speed_per_s)
    assert speeds[-1] <= 400
    assert all(before - after <= 35 for before, after in pairwise(speeds))
