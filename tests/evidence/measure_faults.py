"""The fault matrix as figures: every case run, judged and counted; `make faults`.

The cases themselves go into build/evidence/faults.json beside the figures. Owns the processes.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from math import inf
from typing import Any

from rich.console import Console

from hardware.simulator.micropython_path import find_micropython
from tests.evidence import report
from tests.evidence.figure import figure
from tests.fault_injection.case import Case, Outcome, run
from tests.fault_injection.faults import BY_NAME
from tests.fault_injection.judge import (
    Verdict,
    dead_off_ms,
    judge,
    off_after_seen_ms,
    strokes_after_seen,
)
from tests.fault_injection.matrix import cases
from tests.fault_injection.states import RUNNING

MADE_BY = "make faults"
RISKS_KNOWN = 12  # counted by hand: faults of which a case breaks a rule for a written reason
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


def worst(
    found: list[Judged], measure: Callable[[Outcome], float | None], rule: str, what: str
) -> tuple[float, int, str]:
    """Largest value of `measure` over the cases that `rule` has to hold for, how many, and a note.

    The note says how many break it for a written reason, and what the value would be with them.
    """
    values: list[tuple[float, str]] = []
    others: list[tuple[float, str]] = []
    for outcome, verdict in found:
        value = measure(outcome)
        if value is not None:
            (others if rule in verdict.excused else values).append((value, outcome.case))
    value, case = max(values, default=(0.0, "none"))
    note = f"{what}worst {case}"
    if others:
        with_them, its_case = max(values + others)
        said = "never" if with_them == inf else f"{with_them:g}"
        note += f"; without {len(others)} residual cases; with them {said} ({its_case})"
    return value, len(values), note


def still_ms(outcome: Outcome) -> float | None:
    """From the end of the drive until the cam stood; infinite where it never did."""
    return inf if outcome.state == RUNNING and outcome.still_ms is None else outcome.still_ms


def in_ms(outcome: Outcome) -> float | None:
    """From the end of the drive until no needle stood out; infinite where one always did."""
    return inf if outcome.state == RUNNING and outcome.in_ms is None else outcome.in_ms


# Figure, unit, reach, what is measured of a case, the rule about it, and the words for it.
WORST: tuple[tuple[str, str, str, Callable[[Outcome], float | None], str, str], ...] = (
    (
        "fault_off_ms_max",
        "ms",
        "<= 2",
        off_after_seen_ms,
        "off",
        "drive off after the tick that could see it; ",
    ),
    ("fault_off_dead_ms_max", "ms", "<= 5", dead_off_ms, "dead", "drive off when no Python runs; "),
    (
        "strokes_after_fault_max",
        "",
        "<= 5",
        strokes_after_seen,
        "strokes",
        "at 100 Hz, after the tick that could see it; ",
    ),
    ("fault_still_ms_max", "ms", "<= 50", still_ms, "still", ""),
    ("fault_in_ms_max", "ms", "<= 250", in_ms, "in", ""),
)


def figures(found: list[Judged]) -> list[dict[str, Any]]:
    """What the matrix came to."""
    broken = [outcome.case for outcome, verdict in found if verdict.broken]
    risks = sorted({outcome.fault for outcome, verdict in found if verdict.residual})
    faults = len({outcome.fault for outcome, _ in found})
    note = f"{faults} faults of {len(BY_NAME)}; {', '.join(broken[:3]) or 'none'}"
    rows = [figure("fault_cases_broken", len(broken), "", "<= 0", len(found), note)]
    for name, unit, reach, measure, rule, what in WORST:
        value, count, note = worst(found, measure, rule, what)
        rows.append(figure(name, value, unit, reach, count, note))
    return [
        *rows,
        figure(
            "fault_residual_risks",
            len(risks),
            "",
            f"<= {RISKS_KNOWN}",
            len(found),
            f"a rule of the table is broken, for a reason that stands there: {', '.join(risks)}",
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


def main() -> int:
    """Measure, keep, print the table."""
    rows = matrix()
    Console().print(report.table(report.load("faults")))
    return 0 if all(one["holds"] for one in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
