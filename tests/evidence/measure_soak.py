"""Endurance as figures: 14 days with their clock wraps, hours on MicroPython; `make soak`.

    python -m tests.evidence.measure_soak [HOURS]

24 hours take about an hour and a half on a machine that has nothing else to do; HOURS=2 in the
environment, or on make's command line, asks for fewer. Owns no state.
"""

import os
import sys
from typing import Any

from rich.console import Console

from tests.endurance import days, hours
from tests.evidence import report
from tests.evidence.figure import figure

MADE_BY = "make soak"
HOURS = float(os.environ.get("HOURS", "24"))
WRAPS = 60


def figures(asked: float = HOURS) -> list[dict[str, Any]]:
    """Days on CPython, then `asked` hours on MicroPython."""
    console = Console()
    past = days.live_for(days.DAYS)
    wraps = days.through_wraps(WRAPS)

    def tell(found: hours.Hours) -> None:
        console.print(f"{found.hours:.2f} h, {found.runs} runs", style="dim")

    found = hours.treat_for(asked, tell=tell)
    for said in (past.ended, found.ended):
        if said:
            console.print(said, style="red", markup=False)
    return [
        figure(
            "soak_days",
            round(past.days, 2),
            "d",
            f">= {days.DAYS}",
            past.sessions,
            f"{past.ended or 'nothing unexpected'}; {past.note}; {wraps} wraps more, each at "
            "another moment of a session",
        ),
        figure("soak_hours", round(found.hours, 2), "h", ">= 24", found.sessions, found.note),
        figure(
            "soak_heap_growth_bytes",
            found.growth,
            "byte",
            "<= 256",
            len(found.looks),
            "least in use at standstill, last third of the hours against the first",
        ),
        figure(
            "soak_errors",
            found.errors + bool(found.ended),
            "",
            "== 0",
            found.runs,
            found.ended[:200] or f"largest free piece at least {found.largest} bytes",
        ),
    ]


def main() -> int:
    """Measure, keep, print."""
    rows = figures(float(sys.argv[1]) if len(sys.argv) > 1 else HOURS)
    report.put("soak", MADE_BY, rows)
    Console().print(report.table(report.load("soak")))
    return 0 if all(row["holds"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
