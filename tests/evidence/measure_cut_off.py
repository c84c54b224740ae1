"""From an edge on a pin of a running pen to drive-enable low, on the emulated board.

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
    worst = {}
    for cause, debounce_ms in DEBOUNCE_MS.items():
        times = [one["took_us"] for one in done if one["cause"] == cause]
        worst[cause] = max(times) / 1000 - debounce_ms if min(times) > 0 else float("inf")
    note = ", ".join(
        f"{cause} {1000 * DEBOUNCE_MS[cause] + 1000 * ms:.0f} us from the edge, "
        f"{DEBOUNCE_MS[cause]} ms of it its own"
        for cause, ms in worst.items()
    )
    return [figure("enable_low_ms_max", max(worst.values()), "ms", "<= 2", len(done), note)]
