"""Two figures of the campaign: the newest of a thousand runs, and the longest on this product."""

from pathlib import Path

import pytest

from tests.campaign.campaign import Summary
from tests.evidence import measure_campaign, report


@pytest.fixture
def product(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Reports of its own; the commit that is measured, to be changed by the test."""
    now = ["0123456789ab"]
    monkeypatch.setattr(report, "FOLDER", tmp_path)
    monkeypatch.setattr(report, "commit", lambda: now[0])
    monkeypatch.setattr(report, "stands", lambda row: row["commit"] == now[0])
    return now


def campaign(runs: int) -> None:
    measure_campaign.keep(Summary(runs=runs), 0)


def kept() -> dict[str, tuple[float, bool]]:
    return {row["id"]: (row["value"], row["holds"]) for row in report.load("safety")["figures"]}


def test_a_short_campaign_is_half_of_what_is_asked_for(product: list[str]) -> None:
    campaign(999)
    assert kept() == {}
    campaign(1000)
    assert kept() == {
        "campaign_runs": (1000, True),
        "campaign_broken": (0, True),
        "campaign_runs_on_demand": (1000, False),
        "campaign_broken_on_demand": (0, True),
    }


def test_a_short_campaign_never_takes_the_place_of_a_long_one(product: list[str]) -> None:
    campaign(100_000)
    campaign(1000)
    assert kept()["campaign_runs"] == (1000, True)
    assert kept()["campaign_runs_on_demand"] == (100_000, True)
    campaign(100_001)
    assert kept()["campaign_runs_on_demand"] == (100_001, True)


def test_a_long_campaign_counts_for_the_product_it_tried(product: list[str]) -> None:
    campaign(100_000)
    product[0] = "ba9876543210"
    campaign(1000)
    assert kept()["campaign_runs_on_demand"] == (1000, False)
