"""`make coverage`: whether tests take every branch of what protects, stores and speaks.

Runs the tests of these folders alone, in a process of its own, and lists each line and branch that
none of them takes. Owns `build/coverage`.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.evidence import report
from tests.evidence.figure import figure

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / "build" / "coverage"
SOURCES = ("firmware/safety", "firmware/treatment", "firmware/storage", "protocol")
TESTS = (
    "tests/protocol",
    "tests/firmware/safety",
    "tests/firmware/treatment",
    "tests/firmware/storage",
    "tests/firmware/comms",
)
# Lines that only a type checker or only MicroPython reads.
EXCLUDED = ("if TYPE_CHECKING:", "^if MICROPYTHON:", "from micropython import const")
RING = "not mpy and not system and not emulated and not board"


@dataclass
class Branches:
    """What the tests take."""

    branches: int = 0
    branches_taken: int = 0
    lines: int = 0
    lines_run: int = 0
    tests_failed: str = ""
    missing: tuple[str, ...] = ()  # "file: lines and branches"

    @property
    def percent(self) -> float:
        """Of all branches."""
        return 100.0 * self.branches_taken / self.branches if self.branches else 0.0


def measure() -> Branches:
    """Run the tests under coverage."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    settings = FOLDER / "settings.ini"
    settings.write_text(
        "\n".join(
            (
                "[run]",
                "branch = true",
                f"data_file = {FOLDER / 'data'}",
                "source = " + ",".join(SOURCES),
                "[report]",
                "exclude_also =",
                *(f"    {pattern}" for pattern in EXCLUDED),
            )
        )
    )
    begin = [sys.executable, "-m", "coverage"]
    options = [f"--rcfile={settings}"]
    tests = subprocess.run(
        [*begin, "run", *options, "-m", "pytest", "-q", "-x", "-m", RING, *TESTS],
        cwd=REPOSITORY,
        env={**os.environ, "HYPOTHESIS_PROFILE": "fast", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if tests.returncode:
        return Branches(tests_failed="\n".join(tests.stdout.splitlines()[-15:]))
    told = FOLDER / "report.json"
    subprocess.run(
        [*begin, "json", *options, "-q", "-o", str(told)],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
    )
    return read(json.loads(told.read_text()))


def read(told: dict[str, Any]) -> Branches:
    """From coverage's own report."""
    totals = told["totals"]
    missing = []
    for name, file in sorted(told["files"].items()):
        said = [str(line) for line in file["missing_lines"]]
        said += [f"{a}->{b if b > 0 else 'end'}" for a, b in file["missing_branches"]]
        if said:
            missing.append(f"{name}: {', '.join(said)}")
    return Branches(
        totals["num_branches"],
        totals["covered_branches"],
        totals["num_statements"],
        totals["covered_lines"],
        "",
        tuple(missing),
    )


def main() -> int:
    """The command; 1 when something is never taken."""
    found = measure()
    if found.tests_failed:
        print(found.tests_failed)
        print("next step: repair the tests; coverage is measured only of tests that pass")
        return 1
    for said in found.missing:
        print(said)
    note = f"lines {found.lines_run} of {found.lines}"
    row = figure(
        "branch_coverage_pct", round(found.percent, 2), "%", ">= 100", found.branches, note
    )
    report.put("safety", "make safety", [row])
    print(
        f"{found.branches_taken} of {found.branches} branches ({found.percent:.2f} %),"
        f" {found.lines_run} of {found.lines} lines"
    )
    return 1 if found.missing else 0


if __name__ == "__main__":
    sys.exit(main())
