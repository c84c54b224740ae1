"""Power cuts as figures: every scenario, every pair for plan, faults and runs; `make power-cut`."""

import sys
from typing import Any

from rich.console import Console

from tests.evidence import report
from tests.evidence.figure import figure
from tests.power_cut import whole_pen
from tests.power_cut.cartridge_marks import every_mark
from tests.power_cut.every_cut import Tally, every_pair, every_single
from tests.power_cut.scenarios import scenarios

MADE_BY = "make power-cut"
IN_PAIRS = ("first plan", "plan", "fault", "run", "two runs", "start", "arming ")


def figures() -> list[dict[str, Any]]:
    """Cut everything everywhere."""
    single, pairs, pen = Tally(), Tally(), Tally()
    for scenario in scenarios():
        every_single(scenario, single)
        if scenario.name.startswith(IN_PAIRS):
            every_pair(scenario, pairs)
    every_mark(single)
    whole_pen.every_operation(pen)
    wrong = single.wrong + pairs.wrong + pen.wrong
    for words in wrong:
        Console().print(words, style="red")
    cuts = single.cuts + pairs.cuts + pen.cuts
    note = (
        f"{single.cuts} single, {pairs.cuts} in pairs, {pen.cuts} of a whole pen on the bench; "
        "before, inside (8 ways) and after each operation"
    )
    return [
        figure("power_cuts", cuts, "", ">= 10000", cuts, note),
        figure(
            "power_cut_lost", len(wrong), "", "== 0", cuts, "committed records lost or half used"
        ),
    ]


def main() -> int:
    """Measure, keep, print."""
    rows = figures()
    report.put("power_cut", MADE_BY, rows)
    Console().print(report.table(report.load("power_cut")))
    return 0 if all(row["holds"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
