"""Which random run of the campaign is the first to find each bug planted in the firmware.

`make planted`: runs 0 to 399 are played for each bug of
`tests/safety_selfcheck/bugs.py`, in a process of its own, until one breaks a promise. Nobody has
written those runs for the bug. A few minutes on two processors. Owns no state.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.evidence import report, safety_figures
from tests.evidence.figure import figure
from tests.safety_selfcheck.bugs import BUGS, Bug
from tests.safety_selfcheck.planted import RUNS

LEAST = 10  # of the bugs; rarer ones need a rarer run, and have their own script in the tests


def first(bug: Bug) -> str:
    """What the first run that finds it says, "" if none does. Raises CalledProcessError."""
    words = [sys.executable, "-m", "tests.safety_selfcheck.planted", "search", bug.name]
    done = subprocess.run(words, cwd=report.REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode and (done.stdout.strip() or done.stderr.strip()):
        raise subprocess.CalledProcessError(done.returncode, words, done.stdout, done.stderr)
    return done.stdout.strip()


def figures(found: dict[str, str]) -> list[dict[str, Any]]:
    """The figure, of what each bug's search said."""
    runs = {name: said.split(":")[0] for name, said in found.items() if said}
    none = [name for name, said in found.items() if not said]
    note = "; ".join(f"{name}: {run}" for name, run in runs.items())
    if none:
        note += f"; in none of {RUNS}: {', '.join(none)}"
    return [figure("planted_found", len(runs), "", f">= {LEAST}", len(found), note)]


def main() -> int:
    """The command; 1 when too few were found."""
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        found = {}
        for bug, said in zip(BUGS, pool.map(first, BUGS), strict=True):
            print(f"{bug.name}: {said or f'in none of {RUNS} runs'}", flush=True)
            found[bug.name] = said
    rows = figures(found)
    report.put(safety_figures.REPORT, safety_figures.MADE_BY, rows)
    return 0 if rows[0]["holds"] else 1


if __name__ == "__main__":
    sys.exit(main())
