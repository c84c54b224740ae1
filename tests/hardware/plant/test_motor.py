"""The motor: energy balance, stiction, marks on the shaft, and odd step lengths."""

from itertools import pairwise
from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.plant.marks import EXTENDED, INDEX, TACH
from hardware.plant.motor import CLOSED, OPEN, Motor
from hardware.plant.parameters import CamParameters, MotorParameters

R, KT = 2.83, 5.35e-3
NO_LIMIT = 1e9


def make(theta: float = pi, omega: float = 0.0, depth_um: int = 0, load_n: float = 0.0) -> Motor:
    motor = Motor(MotorParameters(), CamParameters(), R)
    motor.set_depth(depth_um)
    motor.load_n = load_n
    motor.place(theta, omega)
    return motor


def run(motor: Motor, volts: float, ms: int, circuit: int = CLOSED) -> None:
    for number in range(ms):
        motor.run(volts, circuit, NO_LIMIT, number * 1000, 1000)


@pytest.mark.parametrize(
    ("volts", "load_n"),
    [(1.5, 0.0), (1.5, 0.66), (3.7, 0.66), (3.7, 3.6), (6.0, 0.0), (6.0, 3.6), (-3.7, 0.66)],
)
def test_energy_in_is_heat_plus_friction_plus_needle_work(volts: float, load_n: float) -> None:
    motor = make(depth_um=1500, load_n=load_n)
    run(motor, volts, 400)
    motor.joule = motor.square_ampere_seconds = 0.0
    turns, kinetic = motor.revolutions, 0.5 * 7.1e-8 * motor.omega**2
    run(motor, volts, 400)
    turned = abs(motor.revolutions - turns)
    kinetic = 0.5 * 7.1e-8 * motor.omega**2 - kinetic
    # 2.31e-3 J per newton and stroke at 1.5 mm: 1.71 mm in, 0.60 mm out (see the force law).
    spent = (
        motor.square_ampere_seconds * R
        + turned * 2 * pi * 0.22e-3
        + turned * load_n * 2.31e-3
        + kinetic
    )
    assert turned > 3
    assert motor.joule == pytest.approx(spent, rel=0.005, abs=3e-3)


def test_stays_put_below_stiction_and_starts_above() -> None:
    # Breakaway 1.15 * 0.22 mNm = 0.253 mNm, at 180 degrees without spring torque: 47.3 mA, 134 mV.
    motor = make()
    run(motor, 0.130, 100)
    assert motor.standing
    assert motor.revolutions == pytest.approx(0.5)
    run(motor, 0.140, 100)
    assert not motor.standing


def test_needles_in_skin_hold_it_harder() -> None:
    # 36 pins of 0.3 N going in at 270 degrees: z = 2.0 - 1.25 = 0.75 mm, 0.7 + 0.45 = 1.15 Fp,
    # 12.4 N * 1.25 mm = 15.5 mNm: more than the motor's 11.2 mNm at 6 V.
    motor = make(theta=1.5 * pi, depth_um=2000, load_n=10.8)
    run(motor, 6.0, 200)
    assert motor.standing
    assert motor.current_a == pytest.approx(6.0 / R, rel=1e-6)
    before = motor.revolutions
    run(motor, -6.0, 10)  # out is easier: 0.1 + 0.3 = 0.4 Fp
    assert motor.revolutions < before - 0.1


@given(st.floats(0.0, 2 * pi), st.sampled_from([-1.0, 1.0]), st.floats(30.0, 900.0))
def test_backwards_is_the_mirror_image_of_forwards(theta: float, way: float, speed: float) -> None:
    ahead, back = make(theta, way * speed, 1200, 1.5), make(-theta, -way * speed, 1200, 1.5)
    for number, volts in enumerate([3.0] * 40 + [0.0] * 10 + [-4.0] * 40):
        ahead.run(volts, CLOSED, 2.2, number * 1000, 1000)
        back.run(-volts, CLOSED, 2.2, number * 1000, 1000)
        assert ahead.omega == pytest.approx(-back.omega, abs=1e-6)
        assert ahead.current_a == pytest.approx(-back.current_a, abs=1e-9)
    ahead_turned, back_turned = ahead.revolutions - theta / (2 * pi), back.revolutions
    both = ahead_turned + back_turned + theta / (2 * pi)
    assert both == pytest.approx(round(both), abs=1e-6)


@given(
    st.lists(st.tuples(st.floats(-6.0, 6.0), st.booleans(), st.integers(1, 30)), max_size=12),
    st.floats(0.0, 2 * pi),
    st.integers(0, 2500),
    st.floats(0.0, 12.0),
)
def test_anything_goes_and_marks_tell_the_angle(
    script: list[tuple[float, bool, int]], theta: float, depth_um: int, load_n: float
) -> None:
    """Whatever is done to it: finite, within its limits, and pulses agree with the angle."""
    motor = make(theta, 0.0, depth_um, load_n)
    pulses, strokes, t_us = 0, 0, 0
    travelled, last = 0.0, motor.revolutions
    for volts, closed, ms in script:
        for _ in range(ms):
            motor.run(volts, CLOSED if closed else OPEN, 2.2, t_us, 1000)
            for kind, at_us in motor.events:
                assert t_us <= at_us <= t_us + 1000
                pulses += kind == TACH
                strokes += kind == EXTENDED
            motor.events.clear()
            travelled += abs(motor.revolutions - last)
            last = motor.revolutions
            t_us += 1000
            # Full speed at 6 V is 1121 rad/s; the current limit bounds what is driven.
            assert abs(motor.omega) < 1200
            assert abs(motor.current_a) < 4.3
    # Turning round on a mark may count it twice or not at all: once per reversal at most.
    reversals = len(script) + 1
    assert abs(pulses - 4 * travelled) <= 1 + 2 * reversals
    assert abs(strokes - travelled) <= 1 + 2 * reversals


def test_marks_come_at_their_angles_and_times() -> None:
    motor = make(theta=0.0, omega=600.0)
    volts = KT * 600 + R * 0.22e-3 / KT  # holds 600 rad/s in the mean
    run(motor, volts, 300)
    motor.events.clear()
    for number in range(200):
        before = motor.revolutions
        motor.run(volts, CLOSED, NO_LIMIT, number * 1000, 1000)
        for kind, at_us in motor.events:
            share = (at_us - number * 1000) / 1000
            degrees = (before + (motor.revolutions - before) * share) * 360 % 360
            if kind == TACH:
                assert min(abs(degrees - mark) for mark in (45, 135, 225, 315)) < 0.5
            elif kind == INDEX:
                assert degrees == pytest.approx(160, abs=0.5)
            else:
                assert min(degrees, 360 - degrees) < 0.5
        kinds = [kind for kind, _ in motor.events]
        assert len(kinds) <= 2
        motor.events.clear()


def test_index_is_entered_from_the_other_side_backwards() -> None:
    motor = make(theta=1.5 * pi, omega=-300.0)
    entered = None
    for number in range(20):
        before = motor.revolutions
        motor.run(-2.0, CLOSED, NO_LIMIT, number * 1000, 1000)
        for kind, at_us in motor.events:
            if kind == INDEX and entered is None:
                share = (at_us - number * 1000) / 1000
                entered = (before + (motor.revolutions - before) * share) * 360 % 360
        motor.events.clear()
    assert entered == pytest.approx(200, abs=1.0)


def test_index_level_is_a_window_of_forty_degrees() -> None:
    inside = []
    for degree in range(360):
        motor = make(theta=(degree + 0.5) * pi / 180)
        if motor.at_index:
            inside.append(degree)
    assert inside == list(range(160, 200))


@given(st.lists(st.integers(1, 999), min_size=1, max_size=6))
def test_a_millisecond_in_parts_is_a_millisecond(cuts: list[int]) -> None:
    whole, parts = make(0.5, 500.0, 1000, 1.0), make(0.5, 500.0, 1000, 1.0)
    edges = sorted({0, 1000, *cuts})
    whole.run(4.0, CLOSED, 2.2, 0, 1000)
    for begin, end in pairwise(edges):
        parts.run(4.0, CLOSED, 2.2, begin, end - begin)
    assert parts.revolutions == pytest.approx(whole.revolutions, abs=3e-4)
    assert parts.omega == pytest.approx(whole.omega, rel=2e-3)
    assert parts.ampere_seconds == pytest.approx(whole.ampere_seconds, rel=5e-3)


def test_current_limit_holds_when_driven_against_the_turn() -> None:
    motor = make(omega=600.0)
    worst = 0.0
    for number in range(30):
        motor.run(-6.0, CLOSED, 2.2, number * 1000, 1000)
        worst = min(worst, motor.current_a)
    assert worst == pytest.approx(-2.2, abs=1e-6)  # without a limit: -(6 + 3.2) / 2.83 = -3.25 A
