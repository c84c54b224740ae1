"""How much faster than real time a whole pen runs while it treats, on each twin.

Firmware, plant and cable: 100 Hz in the skin of the cheek at 1.00 mm, telemetry at 200 Hz. The wall
clock of this machine decides, so the quickest of several runs counts: other programs may slow a run
down, nothing makes it quicker than it is. The note also tells the speed by this process's own
processor time, which other programs hardly touch (of the micropython twin that is the bench alone).
"""

import time
from typing import Any

from protocol import codes
from tests.evidence.figure import figure
from tests.system.harness import BenchPen, plan_image, row

RUNS = 16
RUN_MS = 1500
TELEMETRY_HZ = 200


def speed() -> list[dict[str, Any]]:
    """Figures `sim_speed_x` and `sim_speed_mpy_x`."""
    return [
        _figure("sim_speed_x", "cpython", ">= 20"),
        _figure("sim_speed_mpy_x", "micropython", ">= 8"),
    ]


def _figure(name: str, twin: str, reach: str) -> dict[str, Any]:
    speeds, by_processor, interpreter = _runs(twin)
    note = (
        f"{interpreter}; treating at 100 Hz in skin, telemetry {TELEMETRY_HZ} Hz; quickest of "
        f"{RUNS} runs of {RUN_MS / 1000} s, median {sorted(speeds)[RUNS // 2]:.1f}, "
        f"by processor time {by_processor:.1f}"
    )
    return figure(name, round(max(speeds), 1), "x real time", reach, len(speeds), note)


def _runs(twin: str) -> tuple[list[float], float, str]:
    speeds = []
    processor_s = 0.0
    with BenchPen(twin) as sim:
        bench = sim.bench
        sim.running(plan_image([row()], tethered=False), telemetry_hz=TELEMETRY_HZ)
        for _ in range(RUNS):
            bench.host_read()
            strokes = sim.truth.strokes
            start, busy = time.perf_counter(), time.process_time()
            bench.advance(RUN_MS)
            speeds.append(RUN_MS / 1000 / (time.perf_counter() - start))
            processor_s += time.process_time() - busy
            frames = bench.host_read().count(0)
            if sim.truth.strokes - strokes < RUN_MS * 0.097 or frames < RUN_MS * 0.19:
                raise RuntimeError("The pen did not treat all the time, so this is no figure.")
            _press(sim)
            sim.wait_state(codes.STATE_ARMED)
            _press(sim)
            sim.wait_state(codes.STATE_RUNNING)
            sim.pump(400)
        return speeds, RUNS * RUN_MS / 1000 / processor_s, bench.twin.interpreter


def _press(sim: BenchPen) -> None:
    sim.person.release()
    sim.pump(60)
    sim.person.press()
    sim.pump(60)


if __name__ == "__main__":
    for measured in speed():
        print(measured)
