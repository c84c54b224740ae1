"""`make model-check`: walk the state table, plant every bug, say how much was looked at.

Prints what was walked and writes the figures to `build/evidence/model.json`.
"""

import sys
from typing import Any

from rich.console import Console

from firmware.safety.transitions import ROWS, next_row
from tests.evidence.figure import figure
from tests.evidence.report import put, table
from tests.safety_model.explore import Exploration, backwards
from tests.safety_model.facts import FAULTED, RUNNING, STATES
from tests.safety_model.planted import every_bug, verdict


def figures(walked: Exploration) -> list[dict[str, Any]]:
    """What the walk and the planted bugs showed."""
    verdicts = [verdict(walked, rows) for _, rows in every_bug()]
    harmless = verdicts.count("harmless")
    nodes = len(walked.came_from)
    edges = sum(map(len, walked.edges.values()))
    dead = sum(len(backwards(walked.edges, walked.nodes(s))) != nodes for s in range(len(STATES)))
    return [
        figure(
            "model_broken",
            1 if walked.broken else 0,
            "",
            "== 0",
            walked.sets,
            f"properties broken in {walked.sets:,} fact sets of {nodes} nodes, {edges:,} steps",
        ),
        figure("model_dead_ends", dead, "states", "== 0", nodes, "not reachable from everywhere"),
        figure(
            "model_rows_unused",
            len(ROWS) - len(walked.rows_taken),
            "rows",
            "== 0",
            len(ROWS),
            "rows of the table that no path takes",
        ),
        figure(
            "model_bugs_missed",
            verdicts.count(""),
            "",
            "== 0",
            len(verdicts),
            f"single changes of the table not noticed; {harmless} change no reachable answer",
        ),
    ]


def main() -> int:
    """Walk, print, keep; 0 when everything holds."""
    console = Console()
    walked = Exploration(next_row).run()
    if walked.broken:
        console.print(f"[red]{walked.broken}[/red], shortest way:")
        for step in walked.path:
            console.print(f"  {step}", markup=False)
        return 1
    for state, name in enumerate(STATES):
        console.print(
            f"{name:13} {len(walked.nodes(state)):3} nodes, "
            f"{len(walked.answers[state]):7,} fact sets asked"
        )
    for goal, what in ((FAULTED, "a fault"), (RUNNING, "running")):
        distance = backwards(walked.edges, walked.nodes(goal))
        console.print(f"{what} is at most {max(distance.values())} ticks away from anywhere")
    report = put("model", "make model-check", figures(walked))
    console.print(table(report))
    return 0 if all(row["holds"] for row in report["figures"]) else 1


if __name__ == "__main__":
    sys.exit(main())
