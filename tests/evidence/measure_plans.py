"""A hundred thousand random plans with random libraries: how many reach the pen outside limits.

`python -m tests.evidence.measure_plans [PLANS]` measures alone; about two minutes for all.
"""

import sys
from typing import Any

from tests.evidence import report
from tests.evidence.figure import figure
from tests.evidence.random_plans import one

PLANS = 100_000
WISHES = 20  # plans per library
MADE_BY = "python -m tests.evidence.measure_plans"


def plans(least: int = PLANS) -> list[dict[str, Any]]:
    """Seeds from 0 on until `least` plans were tried with libraries that were taken."""
    tried = compiled = with_reason = refused = seed = 0
    wrong: list[str] = []
    while tried < least:
        found = one(seed, WISHES)
        seed += 1
        if found.library_taken:
            tried += found.plans
        else:
            refused += 1
        compiled += found.compiled
        with_reason += found.with_reason
        wrong += found.wrong
    note = (
        f"{seed - refused} random libraries taken, {refused} refused; {compiled} plans compiled, "
        f"{with_reason} of them with a reason"
    )
    seen = wrong[0] if wrong else "judged by arithmetic of its own and by the firmware's checks"
    return [
        figure("plans_tried", tried, "plans", f">= {PLANS}", tried, note),
        figure("plans_outside_limits", len(wrong), "plans", "== 0", compiled, seen),
    ]


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else PLANS
    rows = plans(wanted)
    if wanted >= PLANS:  # fewer are for a quick look and are not kept
        report.put("records", MADE_BY, rows)
    for row in rows:
        print(row)
    sys.exit(0 if all(row["holds"] for row in rows) else 1)
