"""The motor's integration against an independent solution of the same equations.

Here they are written out again from the physics, with the slider's inertia as an explicit m x' x''
term and the needle force as a function of depth and direction, and solved by scipy to 1e-9.
"""

from collections.abc import Callable
from math import copysign, cos, pi, sin

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from hardware.plant.motor import CLOSED, OPEN, Motor
from hardware.plant.parameters import CamParameters, MotorParameters

R, L, KT, J = 2.83, 70e-6, 5.35e-3, 7.1e-8
FRICTION, RADIUS, SLIDER = 0.22e-3, 1.25e-3, 3e-3
SPRING_N, SPRING_N_PER_M = 0.02, 10.0


def needle_force(depth_mm: float, going_in: bool) -> float:
    """In units of the breakthrough force."""
    if depth_mm <= 0:
        return 0.0
    if not going_in:
        return 0.1 + 0.4 * depth_mm
    return depth_mm / 0.3 if depth_mm <= 0.3 else 0.7 + (depth_mm - 0.3)


def equations(
    volts: float, depth_mm: float, load_n: float, closed: bool
) -> Callable[..., list[float]]:
    def slope(_: float, y: list[float]) -> list[float]:
        theta, omega, current = y
        sin_t, cos_t = sin(theta), cos(theta)
        # z = d - r (1 - cos theta); its speed is -r sin(theta) omega, inwards when positive.
        depth = depth_mm - RADIUS * 1e3 * (1 - cos_t)
        into_skin = -sin_t * omega > 0
        needle = load_n * needle_force(depth, into_skin) * RADIUS * abs(sin_t)
        spring = -(SPRING_N + SPRING_N_PER_M * RADIUS * (1 + cos_t)) * RADIUS * sin_t
        inertia = J + SLIDER * (RADIUS * sin_t) ** 2
        carried = SLIDER * RADIUS**2 * sin_t * cos_t * omega**2
        turning = copysign(1.0, omega)
        torque = KT * current - spring - turning * (FRICTION + needle) - carried
        pull = (volts - R * current - KT * omega) / L if closed else -current / 1e-6
        return [omega, torque / inertia, pull]

    return slope


def solve(
    volts: float,
    depth_mm: float,
    load_n: float,
    start: tuple[float, float, float],
    seconds: float,
    closed: bool = True,
) -> tuple[np.ndarray, np.ndarray]:
    times = np.arange(0, round(seconds * 1000) + 1) * 1e-3
    result = solve_ivp(
        equations(volts, depth_mm, load_n, closed), (0, times[-1]), start, method="Radau",
        t_eval=times, rtol=1e-7, atol=1e-9, max_step=2e-4,
    )  # fmt: skip
    assert result.success
    return result.y[0], result.y[1]


def simulate(
    volts: float,
    depth_mm: float,
    load_n: float,
    start: tuple[float, float, float],
    ms: int,
    circuit: int = CLOSED,
) -> tuple[list[float], list[float]]:
    motor = Motor(MotorParameters(), CamParameters(), R)
    motor.set_depth(round(depth_mm * 1000))
    motor.load_n = load_n
    motor.place(*start)
    begin = motor.revolutions * 2 * pi - start[0]
    angles, speeds = [start[0]], [start[1]]
    for number in range(ms):
        motor.run(volts, circuit, 1e9, number * 1000, 1000)
        angles.append(motor.revolutions * 2 * pi - begin)
        speeds.append(motor.omega)
    return angles, speeds


CASES = {
    "free from standstill": (3.7, 1.5, 0.0, (0.3, 0.01, 0.0)),
    "12 x 0.055 N": (3.7, 1.5, 0.66, (3.0, 600.0, 0.1)),
    "12 x 0.15 N from standstill": (3.7, 1.5, 1.8, (3.2, 0.01, 0.0)),
    "36 x 0.15 N": (3.7, 1.5, 5.4, (3.0, 500.0, 0.4)),
    "36 x 0.3 N at 6 V": (6.0, 1.5, 10.8, (3.0, 700.0, 0.8)),
    "slow, shallow": (0.9, 0.5, 0.66, (3.0, 150.0, 0.05)),
    "fast, deep": (5.5, 2.5, 0.66, (3.0, 900.0, 0.1)),
    "backwards": (-3.7, 1.0, 1.8, (3.0, -500.0, -0.2)),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_half_a_second_agrees_within_half_a_percent(case: str) -> None:
    volts, depth_mm, load_n, start = CASES[case]
    theirs, their_speed = solve(volts, depth_mm, load_n, start, 0.5)
    ours, our_speed = simulate(volts, depth_mm, load_n, start, 500)
    turned = abs(theirs[-1] - theirs[0])
    assert turned > 2 * pi * 5
    assert abs(ours[-1] - theirs[-1]) <= 0.005 * turned
    # Rate over the last tenth of a second: the ripple within a turn cancels.
    assert ours[500] - ours[400] == pytest.approx(theirs[500] - theirs[400], rel=0.005)
    # On the way there, too: never more than 0.5 % of what has been turned, or 2 degrees.
    for ms in range(0, 501, 10):
        allowed = max(0.005 * abs(theirs[ms] - theirs[0]), 0.035)
        assert abs(ours[ms] - theirs[ms]) <= allowed, ms
    assert len(our_speed) == len(their_speed)


def test_braking_agrees_until_nearly_still() -> None:
    start = (1.0, 672.0, 0.0)
    theirs, their_speed = solve(0.0, 1.0, 0.66, start, 0.018)
    ours, our_speed = simulate(0.0, 1.0, 0.66, start, 18)
    for ms in range(1, 19):
        assert ours[ms] == pytest.approx(theirs[ms], rel=0.005, abs=0.01)
        assert our_speed[ms] == pytest.approx(their_speed[ms], rel=0.005, abs=1.5)


def test_coasting_agrees() -> None:
    start = (1.0, 672.0, 0.0)
    theirs, their_speed = solve(0.0, 0.5, 0.0, start, 0.18, closed=False)
    ours, our_speed = simulate(0.0, 0.5, 0.0, start, 180, OPEN)
    assert ours[-1] == pytest.approx(theirs[-1], rel=0.005)
    assert our_speed[-1] == pytest.approx(their_speed[-1], rel=0.005, abs=0.5)


def test_reversing_agrees() -> None:
    start = (1.0, 300.0, 0.0)
    theirs, their_speed = solve(-3.7, 0.0, 0.0, start, 0.05)
    ours, our_speed = simulate(-3.7, 0.0, 0.0, start, 50)
    assert min(their_speed) < -500
    # A substep is lost where it turns round.
    assert ours[-1] == pytest.approx(theirs[-1], abs=0.15)
    assert our_speed[-1] == pytest.approx(their_speed[-1], rel=0.01)
