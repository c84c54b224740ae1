"""Rate and depth of the needles, by the plant's truth, with the image on the emulated board."""

from typing import Any

from hardware.board.rev_a import TACH_PER_REVOLUTION
from hardware.simulator.twin_rp2040 import Rp2040Twin
from tests.emulated.chip import built
from tests.evidence.figure import figure
from tests.system.harness import BenchPen, plan_image, row

SETTINGS = ((250, 8000), (1000, 10000), (1500, 15000), (500, 12000))  # um, 0.01 Hz
SECONDS = 2


def accuracy() -> list[dict[str, Any]]:
    """The steady rate over each run, and the worst depth error in it."""
    area = built().area()
    rate_pct = depth_um = 0.0
    for depth, rate_chz in SETTINGS:
        with BenchPen(Rp2040Twin(area)) as sim:
            sim.running(plan_image([row(depth_um=depth, rate_chz=rate_chz)]))
            sim.pump(500)
            sim.bench.observer.mark()
            count, edge_us = sim.plant.tach_count, sim.plant.tach_edge_us
            sim.pump(SECONDS * 1000)
            record = sim.bench.observer.zones["cheek"]
            passed_s = (sim.plant.tach_edge_us - edge_us) / 1e6
            rate_hz = (sim.plant.tach_count - count) / TACH_PER_REVOLUTION / passed_s
            wanted = rate_chz / 100
            rate_pct = max(rate_pct, 100 * abs(rate_hz - wanted) / wanted)
            for extreme in (record.depth_um_min, record.depth_um_max):
                depth_um = max(depth_um, abs(extreme - depth))
    cases = len(SETTINGS)
    note = "four depths and rates in skin; emulated"
    return [
        figure("rate_error_steady_pct", rate_pct, "%", "<= 1.0", cases, note),
        figure("depth_error_um", depth_um, "um", "<= 20", cases, note),
    ]
