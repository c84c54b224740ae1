"""Stopping on the plant: still, retracted, withdrawn, in time; and saying so when it cannot be."""

from math import cos, pi

import pytest

from firmware.control import cam_phase
from firmware.modes import MODE_OFF, MODE_PARK, MODE_POSITION
from hardware.plant.parameters import Parameters
from protocol import codes
from tests.evidence.measure_stop import LIMIT_MS, retracted, stop_case, watch_stop
from tests.firmware.control.closed_loop import ClosedLoop, loaded, steady_hand


# 223, 346: the motor has stalled in scar between two marks when the stop comes.
@pytest.mark.parametrize("number", [223, 346, *range(2000, 2030)])
def test_a_seeded_stop_is_still_in_50_ms_and_parked_in_250(number: int) -> None:
    case = stop_case(number)
    assert case.fault == 0, case.told
    assert case.still_ms <= 50, case.told
    assert case.parked_ms <= 250, case.told
    assert case.deeper_um <= 1.0, case.told


def at_phase(theta: float) -> ClosedLoop:
    loop = ClosedLoop(steady_hand(), seed=7)
    loop.home()
    loop.position(1500)
    loop.run(10_000, 300)
    while abs((loop.pen.motor.theta - theta + pi) % (2 * pi) - pi) > 0.36:
        loop.step()
    return loop


@pytest.mark.parametrize("degrees", range(0, 360, 45))
def test_a_stop_at_any_phase_parks(degrees: int) -> None:
    case = watch_stop(at_phase(degrees * pi / 180), degrees, str(degrees))
    assert case.parked_ms <= 250
    assert case.deeper_um <= 1.0


def standing_at(theta: float, depth_um: int = 1000) -> ClosedLoop:
    """A cam that came to rest at `theta` with the needles out and its phase known."""
    loop = ClosedLoop(steady_hand(), seed=7)
    loop.home()
    loop.position(depth_um)
    loop.run(6000, 200)
    # Brake by hand at the right moment until it rests near the angle.
    loop.mode = MODE_OFF
    loop.advance(60)
    return loop


def test_the_creep_turns_the_way_that_retracts() -> None:
    for extra in range(17):
        loop = ClosedLoop(steady_hand(), seed=7)
        loop.home()
        loop.position(1000)
        loop.run(6000, 200 + extra)
        loop.mode = MODE_OFF
        loop.advance(60)
        tip_um = -1250 * (1 - cos(loop.pen.motor.theta))
        loop.mode = MODE_PARK
        while not loop.motion.cam_parked:
            loop.step()
            now_um = -1250 * (1 - cos(loop.pen.motor.theta))
            assert now_um <= tip_um + 15, "the cam went towards extension"
            tip_um = min(tip_um, now_um)
            assert not loop.motion.failed


def test_parked_at_once_where_the_mark_is_in_view() -> None:
    loop = ClosedLoop(seed=1)
    loop.home()
    loop.position(300)
    before = loop.pen.motor.revolutions
    loop.mode = MODE_PARK
    loop.step()
    loop.until("stage_withdrawn", 300)
    assert loop.motion.cam_parked
    assert loop.pen.motor.revolutions == before


@pytest.mark.parametrize("seed", range(6))
def test_an_unknown_phase_is_found_with_the_stage_at_home(seed: int) -> None:
    loop = ClosedLoop(seed=seed)
    loop.home()
    loop.mode = MODE_POSITION
    loop.depth_um = 1500
    while not loop.motion.cam_parked:
        loop.step()
        assert loop.pen.truth.depth_um < 0, "the stage went out before the cam was parked"
        assert loop.pen.t_us < 3_000_000
    loop.until("in_position", 600)
    assert loop.motion.cam_known


def test_an_unknown_phase_with_needles_out_waits_for_the_stage() -> None:
    loop = ClosedLoop(seed=2)
    loop.home()
    loop.position(2000)
    loop.pen.motor.place(0.3)
    cam_phase.forget(loop.readings.words)
    loop.mode = MODE_PARK
    while not loop.motion.stage_withdrawn:
        before = loop.pen.motor.revolutions
        loop.step()
        assert loop.pen.motor.revolutions == before
    loop.advance(300)
    assert retracted(loop)


def test_braking_stops_the_motor_within_a_stroke() -> None:
    loop = at_phase(1.0)
    start = loop.pen.motor.revolutions
    loop.mode = MODE_OFF
    loop.advance(50)
    assert loop.motion.still
    assert loop.pen.motor.revolutions - start < 1.0


def test_still_is_never_said_of_a_turning_motor() -> None:
    loop = at_phase(2.0)
    loop.mode = MODE_OFF
    for _ in range(80):
        loop.step()
        if loop.motion.still:
            assert abs(loop.pen.motor.omega) < 2 * pi  # one revolution per second


def test_a_stop_with_enable_cut_withdraws_and_reports_the_cam() -> None:
    loop = at_phase(0.2)
    loop.granting = False
    loop.board.enable.cut()
    loop.mode = MODE_PARK
    for _ in range(LIMIT_MS):
        loop.step()
    assert loop.motion.stage_withdrawn
    assert loop.motion.cam_parked or loop.motion.failed == codes.FAULT_PARK


def test_a_jammed_cam_is_a_fault_and_the_stage_still_withdraws() -> None:
    loop = at_phase(0.2)
    loop.pen.faults.cam_jammed = True
    loop.mode = MODE_PARK
    loop.advance(LIMIT_MS)
    assert loop.motion.stage_withdrawn
    assert loop.motion.failed == codes.FAULT_PARK
    assert loop.motion.driving == 0


def test_a_lost_index_mark_is_a_fault() -> None:
    loop = at_phase(0.2)
    loop.pen.faults.index_stuck = 0
    loop.mode = MODE_PARK
    loop.advance(LIMIT_MS)
    assert loop.motion.failed == codes.FAULT_PARK
    assert (loop.motion.driving, loop.motion.stage_withdrawn) == (0, 1)


def test_parking_draws_no_more_than_its_limit() -> None:
    loop = ClosedLoop(Parameters(), seed=3)
    loop.home()
    loop.position(2400)
    loop.run(10_000, 200)
    loaded(loop.pen, 36, 0.3)
    loop.advance(200)  # stalls in the skin
    loop.mode = MODE_PARK
    loop.advance(3)
    for _ in range(300):
        loop.step()
        assert loop.readings.current_ma < 1000
    assert retracted(loop)


def test_a_cam_turned_by_hand_is_not_believed() -> None:
    loop = ClosedLoop(seed=1)
    loop.home()
    loop.position(300)
    loop.mode = MODE_OFF
    loop.advance(50)
    loop.pen.tach_count += 1
    loop.advance(2)
    assert loop.motion.cam_known == 0
