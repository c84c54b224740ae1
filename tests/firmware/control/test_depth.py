"""The depth stage on the plant: homing, exact from both sides, turning round, failing loudly."""

from random import Random

import pytest

from firmware import words as place
from firmware.control import depth_homing
from firmware.modes import MODE_HOME, MODE_OFF, MODE_PARK, MODE_POSITION, MODE_RUN, MODE_WITHDRAW
from hardware.plant.parameters import Parameters, replace
from protocol import codes
from tests.evidence.measure_depth import depth_errors_um, travel_ms
from tests.firmware.control.closed_loop import ClosedLoop

GOAL_UM = 20


@pytest.fixture
def loop() -> ClosedLoop:
    made = ClosedLoop(seed=1)
    made.home()
    return made


def started_at(carriage_um: float, seed: int = 0) -> ClosedLoop:
    base = Parameters()
    return ClosedLoop(replace(base, stage=replace(base.stage, start_um=carriage_um)), seed)


@pytest.mark.parametrize("start_um", [-90.0, -20.0, 0.0, 3.0, 40.0, 180.0, 1234.5, 2500.0, 2600.0])
def test_homing_from_anywhere_ends_withdrawn(start_um: float) -> None:
    loop = started_at(start_um)
    loop.home()
    assert loop.motion.homed
    assert loop.pen.home
    assert -60 < loop.pen.stage.carriage_um < 0
    assert loop.pen.stage.slips == 0


def test_the_way_home_is_as_fast_as_the_distance_allows_whatever_the_first_reading_was() -> None:
    words = place.new()
    words[place.DEPTH_UM] = 0  # nothing was measured yet
    depth_homing.begin_seek(words)
    for depth_um, top_per_s in ((0, 400), (2300, 1500), (501, 1500), (500, 400), (-20, 400)):
        words[place.DEPTH_UM] = depth_um
        assert depth_homing.seek(words) == 0
        assert words[place.STEP_TOP] == top_per_s


def test_homing_neither_drives_the_motor_nor_raises_the_rail() -> None:
    loop = started_at(900.0)
    loop.mode = MODE_HOME
    for _ in range(600):
        loop.step()
        assert (loop.motion.driving, loop.pen.boost) == (0, False)


def test_homed_is_said_only_when_withdrawn() -> None:
    loop = started_at(300.0)
    loop.mode = MODE_HOME
    while not loop.motion.homed:
        loop.step()
    assert loop.motion.stage_withdrawn


def test_home_again_holds_still(loop: ClosedLoop) -> None:
    before = loop.pen.stage.carriage_um
    loop.advance(300)
    assert loop.pen.stage.carriage_um == before


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_depth_is_right_from_both_sides(seed: int) -> None:
    errors = depth_errors_um(seed, tuple(range(50, 2501, 175)))
    assert max(abs(error) for error in errors) <= GOAL_UM


def test_any_depth_is_right_after_any_other(loop: ClosedLoop) -> None:
    choose = Random(4)
    for _ in range(25):
        depth_um = choose.randrange(50, 2501)
        loop.position(depth_um)
        loop.advance(30)
        assert abs(loop.pen.truth.depth_um - depth_um) <= GOAL_UM, depth_um
    assert loop.pen.stage.slips == 0


def test_full_travel_is_done_in_200_ms_and_taken_back_in_200() -> None:
    out_ms, back_ms = travel_ms(3)
    assert out_ms <= 200
    assert back_ms <= 200


def test_a_stop_in_the_middle_of_extending_withdraws(loop: ClosedLoop) -> None:
    for after_ms in range(20, 200, 30):
        loop.mode = MODE_POSITION
        loop.depth_um = 2500
        loop.advance(after_ms)
        deepest = loop.pen.stage.carriage_um
        loop.mode = MODE_PARK
        loop.step()
        loop.until("stage_withdrawn", 300)
        assert loop.pen.truth.depth_um < 0
        assert deepest < 2520
        loop.advance(60)
    assert loop.pen.stage.slips == 0
    assert loop.motion.failed == 0
    loop.position(1000)
    assert abs(loop.pen.truth.depth_um - 1000) <= GOAL_UM


@pytest.mark.parametrize("depth_um", [250, 500, 1000])
def test_a_tap_on_the_button_of_any_length_loses_no_step(depth_um: int) -> None:
    for pressed_ms in range(5, 180, 6):
        loop = ClosedLoop(seed=1)
        loop.home()
        loop.mode = MODE_POSITION
        loop.depth_um = depth_um
        loop.advance(pressed_ms)
        loop.mode = MODE_PARK
        loop.advance(300)
        assert loop.pen.stage.slips == 0, pressed_ms
        assert loop.motion.stage_withdrawn, pressed_ms
        assert loop.motion.failed == 0, pressed_ms


def test_withdraw_mode_brings_it_home_without_the_motor(loop: ClosedLoop) -> None:
    loop.position(1500)
    loop.mode = MODE_WITHDRAW
    for _ in range(250):
        loop.step()
        assert loop.motion.driving == 0
    assert loop.motion.stage_withdrawn


def test_off_in_the_middle_of_a_move_stops_it_and_go_takes_it_up_again(loop: ClosedLoop) -> None:
    loop.mode = MODE_POSITION
    loop.depth_um = 2000
    loop.advance(90)
    loop.mode = MODE_OFF
    loop.advance(110)
    stopped_um = loop.pen.stage.carriage_um
    loop.advance(200)
    assert loop.pen.stage.carriage_um == stopped_um
    assert 100 < stopped_um < 1900
    assert abs(loop.motion.depth_set_um - stopped_um) < 30
    assert not loop.motion.in_position
    loop.position(2000)
    assert abs(loop.pen.truth.depth_um - 2000) <= GOAL_UM


def test_off_lets_a_withdrawal_finish(loop: ClosedLoop) -> None:
    loop.position(1500)
    loop.mode = MODE_WITHDRAW
    loop.advance(60)
    loop.mode = MODE_OFF
    loop.advance(200)
    assert loop.pen.truth.depth_um < 0


def test_the_stage_holds_its_depth_while_needles_run(loop: ClosedLoop) -> None:
    loop.position(800)
    loop.mode = MODE_RUN
    loop.rate_chz = 10_000
    loop.advance(500)
    assert abs(loop.pen.truth.depth_um - 800) <= GOAL_UM
    assert loop.motion.depth_set_um == pytest.approx(800, abs=5)


def test_coils_rest_when_withdrawn_and_the_place_is_kept(loop: ClosedLoop) -> None:
    loop.mode = MODE_OFF
    loop.advance(800)
    assert not loop.pen.stage.powered
    loop.position(600)
    assert abs(loop.pen.truth.depth_um - 600) <= GOAL_UM


def test_the_stage_waits_while_the_flash_is_written(loop: ClosedLoop) -> None:
    loop.motion.words[place.NOTE_DUE] = 1
    loop.mode = MODE_POSITION
    loop.depth_um = 1000
    loop.advance(600)
    assert loop.pen.truth.depth_um < 0
    loop.motion.words[place.NOTE_DUE] = 0
    loop.until("in_position", 400)


def test_in_position_is_said_only_of_the_depth_that_is_asked(loop: ClosedLoop) -> None:
    loop.position(500)
    loop.depth_um = 900
    loop.step()
    assert loop.motion.in_position == 0
    loop.until("in_position", 400)
    assert loop.pen.truth.depth_um > 850


# --- what must not pass unseen --------------------------------------------------------------------


def failure(loop: ClosedLoop, limit_ms: int = 3000) -> int:
    for _ in range(limit_ms):
        loop.step()
        if loop.motion.failed:
            return loop.motion.failed
    return 0


@pytest.mark.parametrize("fault", ["depth_jammed", "depth_coils_off", "home_open"])
def test_a_stage_that_never_comes_home_fails_homing(fault: str) -> None:
    loop = started_at(700.0)
    setattr(loop.pen.faults, fault, True)
    loop.mode = MODE_HOME
    assert failure(loop) == codes.FAULT_HOMING
    assert loop.motion.homed == 0


def test_a_switch_that_always_says_home_fails_homing() -> None:
    loop = started_at(700.0)
    loop.pen.faults.home_shorted = True
    loop.mode = MODE_HOME
    # The Hall sensor contradicts it; which of the two is wrong cannot be known.
    assert failure(loop) in (codes.FAULT_HOMING, codes.FAULT_DEPTH_SENSOR)


@pytest.mark.parametrize("start_um", [-90.0, -20.0, 5.0, 60.0, 300.0, 700.0, 2500.0])
@pytest.mark.parametrize("from_ms", [0, 30, 150, 400])
def test_a_switch_that_always_says_home_pushes_nothing_out(start_um: float, from_ms: int) -> None:
    """At power-up the cam stands anywhere: what the stage pushes out, a needle may show."""
    loop = started_at(start_um)
    loop.mode = MODE_HOME
    loop.advance(from_ms)
    loop.pen.faults.home_shorted = True
    furthest_um = max_carriage_um(loop, 2500)
    assert furthest_um < max(start_um, 120) + 60  # coils that go on pull by 40
    assert loop.pen.stage.carriage_um < 50


def max_carriage_um(loop: ClosedLoop, milliseconds: int) -> float:
    furthest_um = loop.pen.stage.carriage_um
    for _ in range(milliseconds):
        loop.step()
        furthest_um = max(furthest_um, loop.pen.stage.carriage_um)
    return furthest_um


def test_a_hall_sensor_that_disagrees_with_the_switch_fails_homing() -> None:
    loop = started_at(700.0)
    loop.pen.faults.hall_drift_um = 200.0
    loop.mode = MODE_HOME
    assert failure(loop) == codes.FAULT_DEPTH_SENSOR


def test_lost_steps_are_found_before_needles_may_run(loop: ClosedLoop) -> None:
    loop.mode = MODE_POSITION
    loop.depth_um = 1500
    loop.advance(100)
    loop.pen.faults.depth_slip_wells = -1
    assert failure(loop, 400) == codes.FAULT_DEPTH_ERROR
    assert loop.motion.in_position == 0


@pytest.mark.parametrize("wells", [1, 3, 12])
def test_steps_lost_outwards_end_withdrawn_by_the_switch_and_as_a_fault(wells: int) -> None:
    loop = ClosedLoop(seed=1)
    loop.home()
    loop.position(1200)
    loop.pen.faults.depth_slip_wells = wells
    loop.advance(2)
    loop.mode = MODE_PARK
    assert failure(loop, 900) == codes.FAULT_DEPTH_ERROR
    loop.advance(100)
    assert loop.motion.stage_withdrawn
    assert loop.pen.truth.depth_um < 20


def test_a_stage_that_stays_out_fails_to_withdraw(loop: ClosedLoop) -> None:
    loop.position(1200)
    loop.pen.faults.depth_jammed = True
    loop.mode = MODE_PARK
    assert failure(loop, 1400) == codes.FAULT_WITHDRAW


def test_clear_forgets_failure_and_position_and_homing_finds_it_again(loop: ClosedLoop) -> None:
    loop.position(1200)
    loop.pen.faults.depth_jammed = True
    loop.mode = MODE_WITHDRAW
    assert failure(loop, 1400)
    loop.mode = MODE_OFF
    loop.advance(5)
    loop.pen.faults.clear()
    loop.motion.clear()
    loop.step()
    assert (loop.motion.failed, loop.motion.homed) == (0, 0)
    loop.home()
    loop.position(400)
    assert abs(loop.pen.truth.depth_um - 400) <= GOAL_UM


@pytest.mark.parametrize("rested_ms", [1000, 1001, 1002, 1003])
def test_a_carriage_knocked_out_at_rest_is_a_fault_within_its_limit(
    loop: ClosedLoop, rested_ms: int
) -> None:
    loop.mode = MODE_OFF
    loop.advance(rested_ms)
    assert loop.motion.failed == 0
    loop.pen.place_carriage(loop.pen.stage.carriage_um + 300)
    loop.advance(2)
    assert loop.motion.stage_withdrawn == 0
    loop.advance(1010)
    assert loop.motion.failed == codes.FAULT_WITHDRAW
