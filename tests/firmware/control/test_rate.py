"""Stroke rate on the plant: exact under load, quick after one, bounded when senses fail."""

import pytest

from firmware.drivers.calibration import Calibration
from firmware.modes import MODE_RUN
from hardware.plant.parameters import replace
from tests.evidence.measure_rate import (
    CORNERS,
    NOMINAL,
    LastRevolution,
    load_step_case,
    mean_error_pct,
    pen_of,
    running,
    steady_case,
    within_authority,
)
from tests.firmware.control.closed_loop import ClosedLoop, loaded, steady_hand

CASES = [
    (0, 0.0, 2500),
    (0, 0.0, 15_000),
    (12, 0.055, 5000),
    (12, 0.3, 10_000),
    (36, 0.055, 15_000),
    (36, 0.15, 5000),
    (36, 0.15, 12_500),
]


@pytest.mark.parametrize(("pins", "force_n", "rate_chz"), CASES)
def test_steady_rate_is_within_one_percent(pins: int, force_n: float, rate_chz: int) -> None:
    assert within_authority(pen_of(NOMINAL), pins, force_n, rate_chz)
    assert abs(steady_case(NOMINAL, pins, force_n, rate_chz)) <= 1.0


@pytest.mark.parametrize("corner", CORNERS[::2])
def test_steady_rate_holds_at_the_corners_of_tolerance(corner: tuple[float, float, float]) -> None:
    assert abs(steady_case(corner, 36, 0.055, 10_000)) <= 1.0


@pytest.mark.parametrize("corner", [NOMINAL, *CORNERS])
def test_nothing_swings(corner: tuple[float, float, float]) -> None:
    loop = running(pen_of(corner), 2, 10_000)
    rate = LastRevolution(loop)
    free = [rate.step() for _ in range(500)][100:]
    assert max(free) - min(free) < 2.5  # Hz
    loaded(loop.pen, 36, 0.055)
    for _ in range(300):
        rate.step()
    under_load = [rate.step() for _ in range(500)]
    assert max(under_load) - min(under_load) < 3.5


@pytest.mark.parametrize("seed", [0, 5, 11])
def test_a_sudden_load_dips_the_rate_little_and_not_for_long(seed: int) -> None:
    dip, recovery_ms = load_step_case(NOMINAL, seed)
    assert dip <= 10.0
    assert recovery_ms <= 100


@pytest.mark.parametrize(("pins", "force_n", "rate_chz"), [(12, 0.15, 7500), (36, 0.055, 5000)])
def test_lifting_the_pen_does_not_overspeed(pins: int, force_n: float, rate_chz: int) -> None:
    loop = running(steady_hand(), 1, rate_chz)
    loaded(loop.pen, pins, force_n)
    loop.advance(300)
    loop.pen.person.lift()
    for _ in range(300):
        loop.step()
        assert loop.readings.rate_chz <= rate_chz * 1.1


def test_the_start_is_soft_and_without_overshoot() -> None:
    loop = ClosedLoop(steady_hand(), 1)
    loop.home()
    loop.position(500)
    loop.mode = MODE_RUN
    loop.rate_chz = 12_000
    rate = LastRevolution(loop)
    highest = 0.0
    for elapsed in range(400):
        highest = max(highest, rate.step())
        assert loop.readings.current_ma < 500
        assert loop.motion.rate_set_chz == min(125 * (elapsed + 1), 12_000) or elapsed == 0
    assert highest < 124


def test_a_new_rate_is_approached_along_the_ramp() -> None:
    loop = running(steady_hand(), 1, 10_000)
    loop.rate_chz = 6000
    loop.step()
    assert loop.motion.rate_set_chz == 10_000 - 125
    loop.advance(400)
    assert abs(mean_error_pct(loop, 6000, 500)) < 1.0


@pytest.mark.parametrize("charge", [0.02, 0.5, 1.0])
@pytest.mark.parametrize("warm_c", [10.0, 40.0])
def test_battery_and_warmth_do_not_move_the_rate(charge: float, warm_c: float) -> None:
    base = steady_hand()
    parameters = replace(
        base,
        battery=replace(base.battery, soc=charge),
        thermal=replace(base.thermal, ambient_c=warm_c),
    )
    loop = running(parameters, 1, 10_000)
    loaded(loop.pen, 12, 0.15)
    loop.advance(400)
    assert abs(mean_error_pct(loop, 10_000, 500)) < 1.0


def test_a_dead_boost_makes_it_slow_enough_for_a_warning_and_never_fast() -> None:
    loop = ClosedLoop(steady_hand(), 1)
    loop.home()
    loop.position(500)
    loop.pen.faults.boost_dead = True
    loop.run(7000, 500)
    assert -60 < mean_error_pct(loop, 7000, 500) < -10


@pytest.mark.parametrize("fault", ["tach_lost", "tach_stuck"])
@pytest.mark.parametrize("rate_chz", [2500, 10_000, 15_000])
def test_without_its_tachometer_the_motor_does_not_run_away(fault: str, rate_chz: int) -> None:
    loop = running(steady_hand(), 1, rate_chz)
    setattr(loop.pen.faults, fault, True)
    fastest = 0.0
    for _ in range(500):
        loop.step()
        fastest = max(fastest, loop.pen.motor.omega / 6.2832)
    assert fastest < rate_chz / 100 * 1.10 + 3


@pytest.mark.parametrize("code", [0, 30, 300, 1000, 2000, 3000, 4095])
def test_a_stuck_current_sense_neither_speeds_it_up_much_nor_turns_it_round(code: int) -> None:
    loop = running(steady_hand(), 1, 10_000)
    loop.pen.faults.current_code = code
    fastest = 0.0
    for _ in range(500):
        loop.step()
        fastest = max(fastest, loop.pen.motor.omega / 6.2832)
        assert loop.pen.motor.omega > -1.0
        assert loop.readings.duty >= 0
    assert fastest < 140  # the supervisor sees the overspeed within 20 ms


def test_a_trimmed_pen_is_as_exact() -> None:
    calibration = Calibration()
    calibration.kt_ppt = 1050
    calibration.resistance_ppt = 1100
    corner = (1.1, 1.05, 0.8)
    loop = ClosedLoop(pen_of(corner), 3, calibration)
    loop.home()
    loop.position(1000)
    loop.run(10_000, 500)
    assert abs(loop.motion.back_emf_chz - 10_000) < 300
    assert abs(mean_error_pct(loop, 10_000, 500)) < 1.0


def test_the_rate_is_right_across_the_wrap_of_the_clock() -> None:
    loop = ClosedLoop(steady_hand(), 1, t_us=(1 << 30) - 1_600_000)
    loop.home()
    loop.position(500)
    loop.run(10_000, 400)
    assert abs(mean_error_pct(loop, 10_000, 1000)) < 1.0
    assert loop.pen.t_us > 1 << 30
