"""The wire at real-time pace: telemetry that arrives whole, and how long an answer takes.

Both run the pen as a person would: `python -m hardware.simulator serve` in a process of its own,
real MicroPython inside, a pseudo-terminal between it and the host's own client.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from host_controller.pen import Pen
from tests.evidence.figure import figure

RATE_HZ = 200
SECONDS = 60
REQUESTS = 2_000
TICK_MS = 1.0  # a request waits for the tick after its arrival: at most this long


@contextmanager
def served_pen() -> Iterator[Pen]:
    """A pen on the micropython twin behind a pty, at real-time pace, booted and greeted."""
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder) / "pen"
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "hardware.simulator", "serve", "--twin", "micropython"),
                *("--listen", "127.0.0.1:0", "--pty", str(link), "--json", "--exit-with-parent"),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.stdout is not None
            ready = json.loads(server.stdout.readline())
            assert ready, "the simulator did not say that it is ready"
            with Pen.open(str(link)) as pen:
                yield pen
        finally:
            server.terminate()
            server.wait(timeout=10)


def telemetry() -> list[dict[str, Any]]:
    """Telemetry at 200 Hz for 60 s over a pty: numbers missing or out of order."""
    expected = RATE_HZ * SECONDS
    lost = disordered = seen = 0
    with served_pen() as pen:
        last = -1
        for reading in pen.telemetry(RATE_HZ):
            if last >= 0:
                step = (reading.counter - last) & 0xFFFF
                if step == 0 or step > 0x7FFF:
                    disordered += 1
                else:
                    lost += step - 1
            last = reading.counter
            seen += 1
            if seen == expected:
                break
        bad = pen.client.link.statistics.frames_bad
    note = f"pty, micropython twin, {disordered} out of order, {bad} damaged"
    return [figure("telemetry_lost", lost + disordered + bad, "frames", "== 0", seen, note)]


def round_trip() -> list[dict[str, Any]]:
    """STATUS request to its answer, median, less the tick that the request waits for."""
    spent_ms = []
    with served_pen() as pen:
        pen.status()
        for _ in range(REQUESTS):
            start = time.perf_counter()
            pen.status()
            spent_ms.append((time.perf_counter() - start) * 1000)
    median = statistics.median(spent_ms)
    p99 = statistics.quantiles(spent_ms, n=100)[98]
    note = f"whole trip: median {median:.2f} ms, 99 % within {p99:.2f} ms; less {TICK_MS:g} ms"
    return [figure("round_trip_ms", max(0.0, median - TICK_MS), "ms", "<= 2", REQUESTS, note)]
