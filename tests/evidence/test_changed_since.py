"""The page of figures says which parts of the product have changed since a figure was measured."""

import subprocess
from pathlib import Path

import pytest

from docs import generate_evidence as page

ID = "tick_us_max"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with pages beside a product, and nothing remembered of another one."""
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(page, "DOCS", tmp_path / "docs")
    page.changed_since.cache_clear()
    git(tmp_path, "init", "-q")
    return tmp_path


def git(place: Path, *words: str) -> str:
    who = ("-c", "user.name=test", "-c", "user.email=test@localhost")
    done = subprocess.run(
        ["git", *who, *words], cwd=place, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def change(place: Path, name: str, text: str) -> str:
    """Commit a file; the commit."""
    (place / name).parent.mkdir(parents=True, exist_ok=True)
    (place / name).write_text(text)
    git(place, "add", name)
    git(place, "commit", "-q", "-m", text)
    return git(place, "rev-parse", "--short=12", "HEAD")


def test_a_figure_tells_the_parts_that_are_no_longer_what_was_measured(repository: Path) -> None:
    first = change(repository, "firmware/app.py", "1")
    second = change(repository, "protocol/codes.py", "1")
    third = change(repository, "docs/guide.md", "1")
    assert page.changed_since(first, ID) == " (protocol)"
    assert page.changed_since(second, ID) == ""
    assert page.changed_since(third, ID) == ""
    change(repository, "firmware/app.py", "2")
    page.changed_since.cache_clear()
    assert page.changed_since(second, ID) == " (firmware)"
    assert page.changed_since(f"{first} and {second}", ID) == " (firmware, protocol)"


def test_a_figure_of_a_proof_depends_on_the_tests_that_judge_it(repository: Path) -> None:
    first = change(repository, "tests/campaign/ending.py", "1")
    change(repository, "tests/campaign/ending.py", "2")
    assert page.changed_since(first, "campaign_broken") == " (tests/campaign)"
    assert page.changed_since(first, "fault_cases_broken") == ""


def test_what_was_never_committed_or_is_not_known_is_told_too(repository: Path) -> None:
    first = change(repository, "firmware/app.py", "1")
    assert page.changed_since(f"{first}+changes", ID) == " (with changes)"
    assert page.changed_since("0123456789ab", ID) != ""
