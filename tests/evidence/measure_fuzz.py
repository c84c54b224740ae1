"""Fuzzing as figures: ten million frames, a pen under fire, every target guided; `make fuzz`."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from rich.console import Console

from tests.evidence import report
from tests.evidence.figure import figure
from tests.fuzz import frames, pen_requests
from tests.fuzz.targets import TARGETS

MADE_BY = "make fuzz"
FRAMES = 10_000_000
SHARES = 20
REQUESTS = 40_000  # to each of so many pens
PENS = 10
GROWTH_REQUESTS = 60_000
GUIDED_RUNS = 200_000


def guided(target: str) -> str:
    """One target; what it died of, or nothing."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.coverage_guided", target, str(GUIDED_RUNS)],
        cwd=report.REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    return f"{target}: {done.stderr[-1500:]}" if done.returncode else ""


def everywhere(work: Callable[..., Any], *lists: Any) -> list[Any]:
    """`work` for each set of arguments, on all processors that this process may use."""
    count = len(os.sched_getaffinity(0))
    with ProcessPoolExecutor(count, mp_context=get_context("forkserver")) as pool:
        return list(pool.map(work, *lists))


def figures() -> list[dict[str, Any]]:
    """Run all of it."""
    parts = everywhere(frames.run, [FRAMES // SHARES] * SHARES, range(1, SHARES + 1))
    pens = everywhere(pen_requests.run, [REQUESTS] * PENS, range(1, PENS + 1))
    pens += everywhere(pen_requests.run, [REQUESTS] * 2, (101, 102), ["micropython"] * 2)
    heap = everywhere(pen_requests.growth, [GROWTH_REQUESTS], [99])[0]
    crashes = [said for said in everywhere(guided, list(TARGETS)) if said]
    wrong = [part.first_wrong for part in (*parts, *pens, heap) if part.wrong] + crashes
    for said in wrong:
        Console().print(said, style="red", markup=False)
    sent = sum(part.frames for part in parts)
    asked = sum(pen.requests for pen in pens)
    note = (
        f"wrong deliveries, crashes, faults, movements; {sent:,} frames half of them damaged, "
        f"{asked:,} requests to {PENS} pens and two on MicroPython "
        f"({sum(pen.armed for pen in pens):,} ms armed), "
        f"{GUIDED_RUNS:,} guided inputs for each of {len(TARGETS)} targets"
    )
    return [
        figure("fuzz_frames", sent, "frames", ">= 10000000", sent, "against cobs and zlib"),
        figure("fuzz_wrong", len(wrong), "", "== 0", sent + asked, note),
        figure(
            "fuzz_growth_bytes",
            heap.growth,
            "byte",
            "<= 65536",
            heap.requests,
            "Python's heap with a pen in it, after the last quarter against the second",
        ),
    ]


def main() -> int:
    """Measure, keep, print."""
    rows = figures()
    report.put("fuzz", MADE_BY, rows)
    Console().print(report.table(report.load("fuzz")))
    return 0 if all(row["holds"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
