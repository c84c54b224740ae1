"""`make safety`: every proof that the pen is safe, and their figures (build/evidence/safety.json).

Each part is a command of its own, so it can be run alone; its figures then stand in this report
too, and a part that was run at this commit is not run again. Owns no state.
"""

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.evidence import report
from tests.evidence.report import Measure, run_missing


@dataclass(frozen=True)
class Part:
    """A module that measures, the report that it keeps, and which of its figures belong here."""

    module: str
    keeps: str
    figures: tuple[str, ...]

    def measure(self) -> Iterable[dict[str, Any]]:
        """Run it, whatever it finds; its figures say whether they hold."""
        words = [sys.executable, "-m", *self.module.split()]
        subprocess.run(words, cwd=report.REPOSITORY, check=False)
        kept = report.load(self.keeps)["figures"]
        rows = [row for row in kept if row["id"] in self.figures and report.stands(row)]
        missing = set(self.figures) - {row["id"] for row in rows}
        if missing:
            raise LookupError(f"{self.module} has not measured {', '.join(sorted(missing))}")
        return rows


PARTS = (
    Part("tests.hazards.trace", "hazards", ("hazards_covered",)),
    Part("tests.safety_model.report", "model", ("model_broken",)),
    Part(
        "tests.evidence.measure_faults",
        "faults",
        (
            "fault_cases_broken",
            "fault_off_ms_max",
            "fault_off_dead_ms_max",
            "strokes_after_fault_max",
        ),
    ),
    Part(
        "tests.campaign --runs 1000",
        "safety",
        (
            "campaign_runs",
            "campaign_broken",
            "campaign_runs_on_demand",  # falls short until `make campaign N=100000` was run
            "campaign_broken_on_demand",
        ),
    ),
    Part("tests.evidence.measure_planted", "safety", ("planted_found",)),
    Part("tests.coverage_gate.branches", "safety", ("branch_coverage_pct",)),
    Part("tests.mutation.report", "safety", ("mutants_total", "mutants_killed_pct", "mutation_s")),
    Part("tests.evidence.measure_power_cut", "power_cut", ("power_cuts", "power_cut_lost")),
    Part("tests.evidence.measure_fuzz", "fuzz", ("fuzz_frames", "fuzz_wrong")),
    Part("tests.evidence.measure_soak", "soak", ("soak_days", "soak_heap_growth_bytes")),
)
MEASURES: dict[tuple[str, ...], Measure] = {part.figures: part.measure for part in PARTS}

if __name__ == "__main__":
    sys.exit(min(run_missing("safety", "make safety", MEASURES), 1))
