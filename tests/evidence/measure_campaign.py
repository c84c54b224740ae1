"""The campaign as figures: how many runs, how many broke a promise."""

from typing import Any

from tests.campaign.campaign import Summary, campaign
from tests.evidence import report
from tests.evidence.figure import figure

LEAST = 1000  # runs that say something; a hundred times as many are asked for on demand


def figures(summary: Summary, first: int) -> list[dict[str, Any]]:
    """What a campaign came to."""
    broken = [result.id for result in summary.broken]
    note = f"ids {first} to {first + summary.runs - 1}; {summary.told()}"
    return [
        figure("campaign_runs", summary.runs, "", f">= {LEAST}", summary.runs, note),
        figure(
            "campaign_broken",
            len(broken),
            "",
            "<= 0",
            summary.runs,
            f"runs that broke a promise: {', '.join(map(str, broken[:10])) or 'none'}",
        ),
    ]


def keep(summary: Summary, first: int) -> None:
    """Put the figures beside the other ones of safety, if there were runs enough to say so."""
    if summary.runs >= LEAST:
        report.put("safety", "make safety", figures(summary, first))


def runs(number: int = LEAST) -> list[dict[str, Any]]:
    """Measure with runs 0 to `number` - 1."""
    return figures(campaign(range(number)), 0)
