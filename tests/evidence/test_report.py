"""Figures stay in their report, and are measured again only when the product has changed since."""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.evidence import report, safety, safety_figures
from tests.evidence.figure import figure


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one file of the product and one document, and reports of its own."""
    monkeypatch.setattr(report, "REPOSITORY", tmp_path)
    monkeypatch.setattr(report, "FOLDER", tmp_path / "build" / "evidence")
    git(tmp_path, "init", "-q")
    change(tmp_path, "firmware/app.py", "1")
    change(tmp_path, "docs/guide.md", "1")
    return tmp_path


def git(place: Path, *words: str) -> None:
    who = ("-c", "user.name=test", "-c", "user.email=test@localhost")
    subprocess.run(["git", *who, *words], cwd=place, check=True)


def change(place: Path, name: str, text: str, *, commit: bool = True) -> None:
    (place / name).parent.mkdir(parents=True, exist_ok=True)
    (place / name).write_text(text)
    if commit:
        git(place, "add", name)
        git(place, "commit", "-q", "-m", text)


class Measured:
    """Counts how often it is asked."""

    def __init__(self, value: float = 1) -> None:
        self.value = value
        self.asked = 0

    def __call__(self) -> Iterable[dict[str, Any]]:
        self.asked += 1
        yield figure("one", self.value, "", "<= 1", 1)


def run(measure: report.Measure) -> int:
    return report.run_missing("some", "make some", {("one",): measure})


def test_a_figure_of_a_proof_falls_with_the_tests_that_judge_it(repository: Path) -> None:
    change(repository, "tests/campaign/ending.py", "1")
    row = figure("campaign_broken", 0, "", "<= 0", 1) | {"commit": report.commit()}
    other = figure("tick_us_max", 1, "us", "<= 2", 1) | {"commit": report.commit()}
    change(repository, "tests/campaign/ending.py", "2")
    assert not report.stands(row)
    assert report.stands(other)


def test_what_stands_is_not_measured_again(repository: Path) -> None:
    measure = Measured()
    assert run(measure) == 0
    change(repository, "docs/guide.md", "2")
    assert run(measure) == 0
    assert measure.asked == 1


@pytest.mark.parametrize("commit", [True, False])
def test_a_change_of_the_product_makes_a_figure_old(repository: Path, commit: bool) -> None:
    measure = Measured()
    run(measure)
    change(repository, "firmware/app.py", "2", commit=commit)
    (row,) = report.load("some")["figures"]
    assert not report.stands(row)
    assert run(measure) == 0
    assert measure.asked == 2


def test_a_figure_that_cannot_be_measured_again_is_kept_and_counted(repository: Path) -> None:
    def broken() -> Iterable[dict[str, Any]]:
        raise RuntimeError("no pen")

    run(Measured())
    at = report.commit()
    change(repository, "firmware/app.py", "2")
    assert run(broken) == 1
    (row,) = report.load("some")["figures"]
    assert (row["value"], row["commit"]) == (1, at)


def test_a_figure_that_falls_short_is_counted(repository: Path) -> None:
    assert run(Measured(2)) == 1


def test_figures_of_others_stay(repository: Path) -> None:
    report.put("some", "make some", [figure("one", 1, "", "<= 1", 1)])
    report.put("some", "make some", [figure("two", 2, "", "<= 2", 1)], cases=[3])
    kept = report.load("some")
    assert [row["id"] for row in kept["figures"]] == ["one", "two"]
    assert kept["cases"] == [3]


def test_a_figure_of_safety_stands_in_its_report_wherever_it_was_measured(
    repository: Path,
) -> None:
    report.put("soak", "make soak", [figure("soak_days", 14, "d", ">= 14", 1)])
    report.put("faults", "make faults", [figure("fault_still_ms_max", 1, "ms", "<= 50", 1)])
    report.put("hazards", "make trace", [figure("hazards_covered", 44, "", "== 44", 1)])
    kept = report.load("safety")
    assert kept["made_by"] == "make safety"
    assert [row["id"] for row in kept["figures"]] == ["hazards_covered", "soak_days"]
    assert kept["figures"][1]["commit"] == report.load("soak")["figures"][0]["commit"]


def test_each_figure_of_safety_is_measured_by_one_part() -> None:
    measured = [identity for part in safety.PARTS for identity in part.figures]
    assert measured == list(safety_figures.FIGURES)


# What was asked for, by its names.
ASKED = {
    "hazards_covered", "fault_off_ms_max", "fault_off_dead_ms_max", "strokes_after_fault_max",
    "campaign_runs", "campaign_broken", "branch_coverage_pct", "mutants_total",
    "mutants_killed_pct", "power_cuts", "power_cut_lost", "fuzz_frames", "fuzz_wrong",
}  # fmt: skip


def test_safety_has_every_figure_that_was_asked_for() -> None:
    assert set(safety_figures.FIGURES) >= ASKED
