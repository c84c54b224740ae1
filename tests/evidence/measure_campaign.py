"""The campaign as figures: how many runs, how many broke a promise.

Twice, because it is asked for twice: the short form, a thousand runs, which `make test` and `make
safety` do; and on demand a hundred thousand, `make campaign N=100000`, which takes hours. Those of
the long one stay while the product does; a shorter campaign never takes their place, and as long as
none was long enough the figure falls short. Every campaign of a thousand runs or more is the short
form's newest. Owns no state.
"""

from typing import Any

from tests.campaign.campaign import Summary
from tests.evidence import report, safety_figures
from tests.evidence.figure import figure

LEAST = 1000  # runs that say something
ON_DEMAND = 100_000


def figures(summary: Summary, first: int, suffix: str, reach: int) -> list[dict[str, Any]]:
    """What a campaign came to."""
    broken = [result.id for result in summary.broken]
    note = f"ids {first} to {first + summary.runs - 1}; {summary.told()}"
    return [
        figure(f"campaign_runs{suffix}", summary.runs, "", f">= {reach}", summary.runs, note),
        figure(
            f"campaign_broken{suffix}",
            len(broken),
            "",
            "<= 0",
            summary.runs,
            f"runs that broke a promise: {', '.join(map(str, broken[:10])) or 'none'}",
        ),
    ]


def keep(summary: Summary, first: int) -> None:
    """Put the figures beside the other ones of safety, if there were runs enough to say so."""
    if summary.runs < LEAST:
        return
    rows = figures(summary, first, "", LEAST)
    if summary.runs >= longest_so_far():
        rows += figures(summary, first, "_on_demand", ON_DEMAND)
    report.put(safety_figures.REPORT, safety_figures.MADE_BY, rows)


def longest_so_far() -> float:
    """Runs of the longest campaign on the product as it is now."""
    kept = report.load(safety_figures.REPORT)["figures"]
    runs = (row for row in kept if row["id"] == "campaign_runs_on_demand" and report.stands(row))
    return max((float(row["value"]) for row in runs), default=0.0)
