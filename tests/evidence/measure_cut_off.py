"""From an edge on a pin of a running pen to a bridge that does not drive, on the emulated board.

What each condition waits for by itself (limits.py, restated here by hand) is taken off.
"""

import random
from typing import Any

from hardware.board import rev_a as board
from hardware.simulator.twin_rp2040 import Rp2040Twin
from tests.conftest import SEED
from tests.emulated.chip import ask, built
from tests.evidence.figure import figure
from tests.system.harness import BenchPen, plan_image, row

EACH = 25
DEBOUNCE_MS = {"cartridge": 5, "current": 3, "hall": 3, "tachometer": 30}
CURRENT_MA = 2600  # above the peak limit of 1.5 A
HALL_UM = 400  # off its place, above the 150 um that are allowed


def cut_off() -> list[dict[str, Any]]:
    """The worst of every cause, each at random microseconds."""
    image = built()
    rng = random.Random(SEED)
    with BenchPen(Rp2040Twin(image.area())) as sim:
        sim.running(plan_image([row(depth_um=1000, rate_chz=10000)]))
        hall = sim.plant.adc_hall + (HALL_UM << 16) // board.HALL_UM_Q16
        current = (CURRENT_MA << board.CURRENT_SHIFT) // board.CURRENT_FULL_SCALE_MA
        codes = {"current": current, "hall": hall}
        plan = [
            {"cause": cause, "us": rng.randrange(500, 4000), "value": codes.get(cause)}
            for cause in DEBOUNCE_MS
            for _ in range(EACH)
        ]
        done = ask(sim, do="cut-offs", cut_offs=plan)["cut_offs"]
    off: dict[str, float] = {}
    said = []
    for cause, debounce_ms in DEBOUNCE_MS.items():
        mine = [one for one in done if one["cause"] == cause]
        assert all(one["enabled"] and one["off_us"] > 0 for one in mine), cause
        worst_us = max(one["off_us"] for one in mine)
        low_us = max(one["low_us"] for one in mine)
        off[cause] = worst_us / 1000 - debounce_ms
        said.append(
            f"{cause}: off {worst_us:.0f} us after the edge, {debounce_ms} ms of it its own, "
            f"enable low after {low_us:.0f} us"
        )
    note = f"{'; '.join(said)}; what still knows its cam brakes, parks it and then drops enable"
    return [figure("drive_off_ms_max", max(off.values()), "ms", "<= 2", len(done), note)]
