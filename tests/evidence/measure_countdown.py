"""A thousand hangs of the interpreter, six ways, five running pens, on the emulated board."""

import random
from typing import Any

from hardware.simulator.twin_rp2040 import Rp2040Twin
from tests.conftest import SEED
from tests.emulated.chip import built, hangs
from tests.evidence.figure import figure
from tests.system.harness import BenchPen, plan_image, row

PENS = ((1000, 10000), (500, 15000), (1500, 8000), (250, 9000), (1200, 12000))  # um, 0.01 Hz
EACH = 200
LIMIT_US = 5001.0  # 5 ms and the countdown's own microsecond


def countdown() -> list[dict[str, Any]]:
    """From the last grant to drive-enable low."""
    image = built()
    done: list[dict[str, Any]] = []
    for number, (depth_um, rate_chz) in enumerate(PENS):
        rng = random.Random(SEED << 8 | number)
        plan = plan_image([row(depth_um=depth_um, rate_chz=rate_chz)])
        with BenchPen(Rp2040Twin(image.area()), seed=number + 1) as sim:
            sim.running(plan)
            done += hangs(sim, image, rng, EACH)
    held = [one for one in done if one["enabled"] and 0 < one["took_us"] <= LIMIT_US]
    worst = max(one["took_us"] for one in done)
    ways = sorted({one["way"] for one in done})
    late = [one for one in done if one not in held][:3]
    note = f"{', '.join(ways)}; {len(PENS)} pens; emulated" + (f"; not: {late}" if late else "")
    return [
        figure("countdown_hangs", len(held), "hangs", f">= {len(done)}", len(done), note),
        figure("countdown_ms_max", worst / 1000, "ms", "<= 5.001", len(done), note),
    ]
