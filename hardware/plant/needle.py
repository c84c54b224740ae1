"""Needle against skin: the force law, and the work it takes over a turn of the cam.

Per needle, with Fp the force at which it breaks through: going in, force rises to Fp over the first
0.3 mm, falls to 0.7 Fp at rupture, then grows by Fp per mm; coming out it is 0.1 Fp + 0.4 Fp/mm.
Both resist the motion, so the work W(theta) only ever grows. The motor integrates with differences
of W, which takes exactly the right energy from it however the steps fall on the law's corners.
"""

from functools import lru_cache
from itertools import pairwise
from math import pi

from hardware.plant.cam import CELLS, RADIANS_PER_CELL, TURNS, tip_offset_m

RUPTURE_MM = 0.3
AFTER_RUPTURE = 0.7  # of Fp
IN_PER_MM = 1.0  # of Fp
OUT_AT_SURFACE = 0.1  # of Fp
OUT_PER_MM = 0.4  # of Fp

WorkTables = tuple[list[float], list[float]]


def force_in(depth_mm: float) -> float:
    """Force going in, in units of Fp."""
    if depth_mm <= 0.0:
        return 0.0
    if depth_mm <= RUPTURE_MM:
        return depth_mm / RUPTURE_MM
    return AFTER_RUPTURE + IN_PER_MM * (depth_mm - RUPTURE_MM)


def force_out(depth_mm: float) -> float:
    """Force coming out, in units of Fp."""
    return OUT_AT_SURFACE + OUT_PER_MM * depth_mm if depth_mm > 0.0 else 0.0


def work_in(depth_mm: float) -> float:
    """Work to go in this deep, in Fp times mm: the integral of `force_in`."""
    if depth_mm <= 0.0:
        return 0.0
    if depth_mm <= RUPTURE_MM:
        return depth_mm * depth_mm / (2 * RUPTURE_MM)
    beyond = depth_mm - RUPTURE_MM
    return RUPTURE_MM / 2 + AFTER_RUPTURE * beyond + IN_PER_MM * beyond * beyond / 2


def work_out(depth_mm: float) -> float:
    """Work to come out from this deep, in Fp times mm: the integral of `force_out`."""
    if depth_mm <= 0.0:
        return 0.0
    return OUT_AT_SURFACE * depth_mm + OUT_PER_MM * depth_mm * depth_mm / 2


@lru_cache(maxsize=600)
def work_tables(depth_um: int, radius_m: float) -> WorkTables:
    """Work in joule per newton of Fp at the cell borders over three turns, and its differences.

    `depth_um` is what the needles protrude beyond the skin's surface at full extension; at 0 or
    less the tables are all zero. The angle runs forwards: out of the skin in the first half turn,
    into it in the second. Backwards is the mirror image.
    """
    deepest = depth_um * 1e-3
    turn_work = work_in(deepest) + work_out(deepest)
    turn = []
    for cell in range(CELLS):
        theta = cell * RADIANS_PER_CELL
        depth_mm = deepest + tip_offset_m(theta, radius_m) * 1e3
        if theta < pi:
            turn.append((work_out(deepest) - work_out(depth_mm)) * 1e-3)
        else:
            turn.append((work_out(deepest) + work_in(depth_mm)) * 1e-3)
    work = [base + number * turn_work * 1e-3 for number in range(TURNS) for base in turn]
    work.append(TURNS * turn_work * 1e-3)
    return work, [after - before for before, after in pairwise(work)]
