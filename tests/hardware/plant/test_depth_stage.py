"""The depth stage: follows what it can, falls out when overdriven, by whole turns of its field."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.board import rev_a as board
from hardware.plant.depth_stage import DepthStage
from hardware.plant.parameters import StageParameters, replace
from tests.hardware.plant.rig import Stepping

# Screw error 2 um, backlash 15 um, and the rotor's rest within friction / magnet = 0.13 half steps.
EXACT_UM = 2 + 15 + 2


def make(start_um: float = 0.0, **changes: float) -> Stepping:
    parameters = replace(StageParameters(start_um=start_um), **changes)
    stepping = Stepping(DepthStage(parameters, Random(3)))
    stepping.energise()
    return stepping


def away_um(stepping: Stepping, origin_um: float = 0.0) -> float:
    """How far the carriage is from where the steps say."""
    return stepping.stage.carriage_um - origin_um - 10 * stepping.steps


@given(
    st.lists(st.integers(0, 250), min_size=1, max_size=6),
    st.floats(400.0, 2000.0),
    st.floats(3000.0, 20_000.0),
)
def test_no_step_is_lost_within_the_stated_limits(
    targets: list[int], fastest: float, ramp: float
) -> None:
    stepping = make()
    for target in targets:
        stepping.move(target - stepping.steps, fastest, ramp)
        stepping.settle()
        assert stepping.stage.slips == 0
        assert abs(away_um(stepping)) <= EXACT_UM


@pytest.mark.parametrize("rate", [100, 300, 500, 700, -300, -700])
def test_starts_without_ramp_up_to_the_pull_in_rate(rate: int) -> None:
    stepping = make(0.0 if rate > 0 else 2400.0)
    stepping.at_rate(rate, 100)
    stepping.settle()
    assert stepping.stage.slips == 0
    assert abs(away_um(stepping, 0.0 if rate > 0 else 2400.0)) <= EXACT_UM


@pytest.mark.parametrize("rate", [900, 1200, 2000, 4000, -1000])
def test_falls_out_when_started_too_fast(rate: int) -> None:
    start = 0.0 if rate > 0 else 2400.0
    stepping = make(start, deep_stop_um=9e9, retracted_stop_um=-9e9)
    stepping.at_rate(rate, 100)
    stepping.settle()
    assert stepping.stage.slips > 0
    lost = abs(away_um(stepping, start))
    assert lost > 80 - EXACT_UM
    # The field repeats every eight half steps: it can only be wrong by multiples of 80 um.
    assert abs(lost - 80 * round(lost / 80)) <= EXACT_UM


@pytest.mark.parametrize(("rate", "follows"), [(2000, True), (2200, True), (2800, False)])
def test_follows_up_to_the_pull_out_rate(rate: int, follows: bool) -> None:
    stepping = make(deep_stop_um=9e9)
    for now in range(300, rate, 20):
        stepping.at_rate(now)
    stepping.at_rate(rate, 60)
    for now in range(rate, 300, -20):
        stepping.at_rate(now)
    stepping.settle()
    assert (stepping.stage.slips == 0) is follows


def test_full_travel_within_200_ms_and_settled_soon() -> None:
    stepping = make()
    assert stepping.move(250) <= 200
    assert stepping.settle() <= 60
    assert stepping.stage.carriage_um == pytest.approx(2500, abs=EXACT_UM)
    assert -stepping.move(-250) >= -200
    stepping.settle()
    assert stepping.stage.carriage_um == pytest.approx(0, abs=EXACT_UM)


def test_backlash_shows_when_the_direction_changes() -> None:
    # Damped so that the rotor does not ring: its overshoot would take up the play.
    stepping = make(screw_error_um=0.0, damping_per_s=700.0)
    stepping.at_rate(100, 1000)
    stepping.settle()
    out, steps = stepping.stage.carriage_um, stepping.steps
    stepping.at_rate(100, 500)
    stepping.at_rate(-100, 500)
    stepping.settle()
    moved_um = 10 * (stepping.steps - steps)
    assert abs(moved_um) <= 10
    # 15 um of play, and friction holds the rotor up to 1.9 um short of its goal on either side.
    assert stepping.stage.carriage_um - out - moved_um == pytest.approx(15 + 2, abs=2)


def test_mechanical_stops_hold_the_carriage() -> None:
    stepping = make(2400.0)
    stepping.at_rate(600, 400)
    assert stepping.stage.carriage_um <= 2600.0
    stepping.at_rate(-600, 700)
    assert stepping.stage.carriage_um >= -100.0
    assert stepping.stage.slips > 0


def test_home_switch_repeats_within_three_micrometres() -> None:
    stepping = make(400.0, half_step_um=1.0, screw_error_um=0.0, backlash_um=0.0)
    closed_at = []
    for _ in range(40):
        while not stepping.stage.home:
            stepping.at_rate(-300)
        closed_at.append(stepping.stage.carriage_um)
        stepping.at_rate(300, 150)
        assert not stepping.stage.home
    # 300 half steps of 1 um per second: it may have gone 0.6 um further within the millisecond.
    assert max(closed_at) - min(closed_at) <= 3.0 + 0.6
    assert len({round(at, 1) for at in closed_at}) > 3


def test_coils_off_it_stays_where_it_is() -> None:
    stepping = make(1000.0)
    stepping.move(20)
    stepping.settle()
    at = stepping.stage.carriage_um
    stepping.stage.step_ms(board.COIL_OFF, 1)
    for _ in range(100):
        stepping.stage.step_ms(0, 0)
    assert stepping.stage.carriage_um == pytest.approx(at, abs=1.0)


def test_switching_on_draws_it_to_the_nearest_fit() -> None:
    for start in range(0, 80, 10):
        stepping = make(1000.0 + start)
        assert abs(stepping.stage.carriage_um - (1000 + start)) <= 40 + EXACT_UM


def test_jammed_it_does_not_move() -> None:
    stepping = make(1000.0)
    at = stepping.stage.carriage_um
    stepping.stage.jammed = True
    stepping.at_rate(500, 100)
    assert stepping.stage.carriage_um == at


def test_a_knock_throws_it_by_eighty_micrometres() -> None:
    stepping = make(1000.0)
    at, slips = stepping.stage.carriage_um, stepping.stage.slips
    stepping.stage.lose_steps(2)
    stepping.stage.step_ms(0, 0)
    assert stepping.stage.carriage_um - at == pytest.approx(160, abs=16)
    assert stepping.stage.slips == slips + 1


def test_patterns_are_a_half_step_sequence() -> None:
    assert len(set(board.COIL_PATTERNS)) == 8
    for now, after in zip(
        board.COIL_PATTERNS, board.COIL_PATTERNS[1:] + board.COIL_PATTERNS[:1], strict=True
    ):
        assert (now ^ after).bit_count() == 1  # one coil half switches at a time
        assert now & 0b0011 != 0b0011  # never both ends of a coil
        assert now & 0b1100 != 0b1100
