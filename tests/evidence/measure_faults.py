"""The fault matrix as figures: every case run, judged and counted; `make faults`.

The cases themselves go into build/evidence/faults.json beside the figures. Owns the processes.
"""

import multiprocessing
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Console

from hardware.simulator.micropython_path import find_micropython
from tests.evidence import report
from tests.evidence.figure import figure
from tests.fault_injection.case import Case, Outcome, run
from tests.fault_injection.faults import BY_NAME
from tests.fault_injection.judge import (
    RESIDUAL,
    Verdict,
    dead_off_ms,
    judge,
    off_after_seen_ms,
    strokes_after_seen,
)
from tests.fault_injection.matrix import cases

MADE_BY = "make faults"
Judged = tuple[Outcome, Verdict]


def judged(case: Case) -> Judged:
    """Run a case and judge it; one that cannot be run is broken."""
    try:
        outcome = run(case)
    except Exception as error:
        outcome = Outcome(case.id, case.fault, case.state, case.load, case.twin)
        return outcome, Verdict((f"could not be run: {type(error).__name__}: {error}",), (), "")
    return outcome, judge(outcome)


def all_judged(wanted: Iterable[Case], processes: int | None = None) -> Iterator[Judged]:
    """Every case, in order, on all processors this process may use."""
    chosen = list(wanted)
    processes = processes or len(os.sched_getaffinity(0))
    with multiprocessing.get_context("forkserver").Pool(processes) as pool:
        yield from pool.imap(judged, chosen, 4)


def available() -> list[Case]:
    """All cases that this machine can run."""
    have = find_micropython() is not None
    return [case for case in cases() if have or case.twin == "cpython"]


def worst(found: list[Judged], measure: Any, *, only: str = "") -> tuple[float, str, int]:
    """Largest value of `measure` over cases without a residual risk, its case, and how many."""
    values = [
        (value, outcome.case)
        for outcome, verdict in found
        if not verdict.residual and (value := measure(outcome)) is not None
    ]
    value, case = max(values, default=(0.0, "none"))
    return value, case, len(values)


def figures(found: list[Judged]) -> list[dict[str, Any]]:
    """What the matrix came to."""
    broken = [outcome.case for outcome, verdict in found if verdict.broken]
    risks = sorted({outcome.fault for outcome, verdict in found if verdict.residual})
    off, off_case, off_cases = worst(found, off_after_seen_ms)
    dead, dead_case, dead_cases = worst(found, dead_off_ms)
    strokes, strokes_case, strokes_cases = worst(found, strokes_after_seen)
    still, still_case, still_cases = worst(found, lambda outcome: outcome.still_ms)
    within, within_case, within_cases = worst(found, lambda outcome: outcome.in_ms)
    faults = len({outcome.fault for outcome, _ in found})
    note = f"{faults} faults of {len(BY_NAME)}; {', '.join(broken[:3]) or 'none'}"
    return [
        figure("fault_cases_broken", len(broken), "", "<= 0", len(found), note),
        figure(
            "fault_off_ms_max",
            off,
            "ms",
            "<= 2",
            off_cases,
            f"drive off after the tick that could see it; worst {off_case}",
        ),
        figure(
            "fault_off_dead_ms_max",
            dead,
            "ms",
            "<= 5",
            dead_cases,
            f"drive off when no Python runs; worst {dead_case}",
        ),
        figure(
            "strokes_after_fault_max",
            strokes,
            "",
            "<= 5",
            strokes_cases,
            f"at 100 Hz, after the tick that could see it; worst {strokes_case}",
        ),
        figure("fault_still_ms_max", still, "ms", "<= 50", still_cases, f"worst {still_case}"),
        figure("fault_in_ms_max", within, "ms", "<= 250", within_cases, f"worst {within_case}"),
        figure(
            "fault_residual_risks",
            len(risks),
            "",
            f"<= {len({fault for fault, _ in RESIDUAL})}",  # as many as have a written reason
            len(found),
            f"the plant itself cannot do better: {', '.join(risks)}",
        ),
    ]


def row(outcome: Outcome, verdict: Verdict) -> dict[str, Any]:
    """One case for the table."""
    return outcome.plain() | {
        "broken": verdict.broken,
        "residual": verdict.residual,
        "reason": verdict.reason,
    }


def matrix() -> list[dict[str, Any]]:
    """Run every case, keep the table, return the figures."""
    console = Console()
    found: list[Judged] = []
    chosen = available()
    for number, (outcome, verdict) in enumerate(all_judged(chosen)):
        found.append((outcome, verdict))
        for said in verdict.broken:
            console.print(f"{outcome.case}: {said}", style="red")
        if number % 250 == 249:
            console.print(f"{number + 1} of {len(chosen)} cases", style="dim")
    rows = figures(found)
    report.put("faults", MADE_BY, rows, cases=[row(*one) for one in found])
    return rows


SAFETY = ("fault_off_ms_max", "fault_off_dead_ms_max", "strokes_after_fault_max")


def main() -> int:
    """Measure, keep the three figures of safety too, print the table."""
    rows = matrix()
    report.put("safety", "make safety", [one for one in rows if one["id"] in SAFETY])
    Console().print(report.table(report.load("faults")))
    return 0 if all(one["holds"] for one in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
