"""Many runs, shared out over the processors; each is the same wherever it runs.

A run that breaks a promise is made short and left in `build/campaign/`. Owns the processes.
"""

import gc
import multiprocessing
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.campaign.draw import draw
from tests.campaign.play import Result, play
from tests.campaign.script import Script
from tests.campaign.shrink import shrink

FOLDER = Path(__file__).resolve().parents[2] / "build" / "campaign"
CHUNK = 8  # runs handed to a process at a time


@dataclass
class Summary:
    """What many runs came to."""

    runs: int = 0
    broken: list[Result] = field(default_factory=list)
    simulated_s: float = 0.0
    strokes: int = 0
    starts: int = 0
    boots: int = 0
    with_fault: int = 0  # runs in which the pen told a fault
    faults: set[int] = field(default_factory=set)
    deepest_um: float = 0.0
    dead_off_ms: float = 0.0

    def add(self, result: Result) -> None:
        """One more run."""
        self.runs += 1
        if result.broken:
            self.broken.append(result)
        self.simulated_s += result.simulated_ms / 1000
        self.strokes += result.strokes
        self.starts += result.starts
        self.boots += result.boots
        self.with_fault += bool(result.faults)
        self.faults.update(result.faults)
        self.deepest_um = max(self.deepest_um, result.deepest_um)
        self.dead_off_ms = max(self.dead_off_ms, result.dead_off_ms)

    def told(self) -> str:
        """In a sentence or two."""
        return (
            f"{self.runs} runs, {len(self.broken)} broke a promise; {self.simulated_s / 3600:.1f} h"
            f" of pens' lives, {self.starts} starts, {self.strokes} strokes, {self.boots} boots;"
            f" {self.with_fault} runs with a fault, {len(self.faults)} different ones"
        )


def one(number: int) -> Result:
    """Run `number`; a run that cannot be played is a failure like any other."""
    return play(draw(number))


def _begin() -> None:
    """Keep collections short: the firmware asks for them as it does on a board.

    What this process has loaded is no garbage, so CPython need not look at it. PyPy, which plays
    four runs in the time of one, cannot leave anything out and would spend most of it collecting.
    """
    if sys.implementation.name == "pypy":
        gc.collect = lambda generation=2: 0
    else:
        gc.freeze()


def results(numbers: range, processes: int | None = None) -> Iterator[Result]:
    """The runs of `numbers`, in order, on all processors this process may use."""
    processes = processes or len(os.sched_getaffinity(0))
    if processes == 1 or len(numbers) < CHUNK:
        yield from map(one, numbers)
        return
    with multiprocessing.get_context("forkserver").Pool(processes, _begin) as pool:
        yield from pool.imap(one, numbers, CHUNK)


def campaign(numbers: range, processes: int | None = None, *, says: bool = False) -> Summary:
    """Run them all; with `says`, tell each failure as it comes."""
    summary = Summary()
    for result in results(numbers, processes):
        summary.add(result)
        if result.broken and says:
            print(f"run {result.id}: {'; '.join(map(str, result.broken))}", flush=True)
        if says and summary.runs % 1000 == 0:
            print(f"  {summary.told()}", flush=True)
    return summary


def shortened(number: int) -> Script:
    """The shortest script that breaks the same promise as run `number`."""
    script = draw(number)
    promise = play(script).broken[0].promise
    return shrink(
        script, lambda candidate: any(b.promise == promise for b in play(candidate).broken)
    )


def again(script: Script) -> int:
    """Play one script and tell everything about it."""
    print(script.told())
    result = play(script)
    for broken in result.broken:
        print(broken)
    print(f"{result.strokes} strokes, {result.starts} starts, faults {result.faults or 'none'}")
    return 1 if result.broken else 0


def keep(number: int) -> Path:
    """Make a failing run short and write it down."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{number}.json"
    script = shortened(number)
    path.write_text(script.dump() + "\n")
    print(script.told())
    print(f"again: make campaign ID={number}, or short: make campaign FILE={path}")
    return path
