"""The eccentric as tables over the angle: needle position, inertia at the rotor, spring torque.

A turn has `CELLS` cells, cell 0 at full extension. Tables span three turns so that a millisecond
that starts in the middle one can look them up without wrapping. The kinetic energy of rotor and
slider is E = 1/2 J(theta) w^2 with J = Jr + m (r sin theta)^2. With P = w sqrt(J/Jr) it is
E = 1/2 Jr P^2, so P' = (torque / Jr) sqrt(Jr/J): the m x' x'' term of the slider is in it exactly.
"""

from functools import lru_cache
from math import cos, pi, sin, sqrt

CELLS = 256
TURNS = 3
FRAME = CELLS * TURNS  # mirrored position = FRAME - position
RADIANS_PER_CELL = 2 * pi / CELLS


def tip_offset_m(theta: float, radius_m: float) -> float:
    """Needle tip relative to its position at full extension: 0 down to minus the stroke."""
    return -radius_m * (1.0 - cos(theta))


@lru_cache(maxsize=64)
def speed_ratio(radius_m: float, slider_kg: float, inertia_kgm2: float) -> list[float]:
    """w/P = sqrt(Jr/J) in the middle of each cell, three turns."""
    turn = [
        1.0 / sqrt(1.0 + slider_kg * (radius_m * sin(_middle(cell))) ** 2 / inertia_kgm2)
        for cell in range(CELLS)
    ]
    return turn * TURNS


@lru_cache(maxsize=64)
def spring_torque(radius_m: float, preload_n: float, n_per_m: float) -> list[float]:
    """Torque in Nm against turning forwards, in the middle of each cell, three turns.

    The spring is stretched by r (1 + cos theta): slack at full retraction.
    """
    turn = []
    for cell in range(CELLS):
        theta = _middle(cell)
        force = preload_n + n_per_m * radius_m * (1.0 + cos(theta))
        turn.append(-force * radius_m * sin(theta))
    return turn * TURNS


@lru_cache(maxsize=64)
def tip_offset_um(radius_m: float) -> list[float]:
    """Needle tip relative to full extension in um, in the middle of each cell, three turns."""
    return [tip_offset_m(_middle(cell), radius_m) * 1e6 for cell in range(CELLS)] * TURNS


def _middle(cell: int) -> float:
    return (cell + 0.5) * RADIANS_PER_CELL
