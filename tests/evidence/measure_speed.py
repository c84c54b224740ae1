"""How much faster than real time a whole pen runs while it treats, on each twin.

Firmware, plant, cable and the host's client together: 100 Hz in skin at 1.00 mm, telemetry at
200 Hz, lease held. The wall clock of this machine decides, so the best of several stretches counts:
others may slow a stretch down, nothing makes it quicker.
"""

import time
from typing import Any

from tests.evidence.figure import figure
from tests.system.harness import BenchPen, plan_image, row

STRETCHES = 5
STRETCH_MS = 4000
TELEMETRY_HZ = 200


def speed() -> list[dict[str, Any]]:
    """Figures `sim_speed_x` and `sim_speed_mpy_x`."""
    return [
        _figure("sim_speed_x", "cpython", ">= 20"),
        _figure("sim_speed_mpy_x", "micropython", ">= 8"),
    ]


def _figure(name: str, twin: str, reach: str) -> dict[str, Any]:
    speeds, interpreter = _stretches(twin)
    note = (
        f"{interpreter}; treating at 100 Hz in skin, telemetry {TELEMETRY_HZ} Hz; best of "
        f"{STRETCHES} x {STRETCH_MS / 1000:.0f} s simulated, slowest {min(speeds):.1f}"
    )
    return figure(name, round(max(speeds), 1), "x real time", reach, len(speeds), note)


def _stretches(twin: str) -> tuple[list[float], str]:
    speeds = []
    with BenchPen(twin) as sim:
        sim.running(plan_image([row(area_mm2=40_000)]), telemetry_hz=TELEMETRY_HZ)
        for _ in range(STRETCHES):
            strokes = sim.truth.strokes
            start = time.perf_counter()
            sim.pump(STRETCH_MS)
            speeds.append(STRETCH_MS / 1000 / (time.perf_counter() - start))
            if sim.truth.strokes - strokes < STRETCH_MS // 11:
                raise RuntimeError("The pen did not treat all the time, so this is no figure.")
        return speeds, sim.bench.twin.interpreter


if __name__ == "__main__":
    for measured in speed():
        print(measured)
