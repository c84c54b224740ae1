"""pytest plug-in: keeps the outcome of every test function in build/test-results.json.

Loaded by `make trace` (`-p tests.hazards.results`). Of the cases of one function the worst counts:
failed, then xfailed, skipped, passed. Owns the file, whose entries are replaced test by test.
"""

import json
from collections.abc import Generator

import pytest

from docs.hazard_file import ROOT
from tests.evidence.report import commit

FILE = ROOT / "build" / "test-results.json"
WORST_FIRST = ("failed", "xfailed", "skipped", "passed")

_seen: dict[str, list[str]] = {}


def function_of(node: str) -> str:
    """Node id without its parameters."""
    return node.partition("[")[0]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Take in one phase of one test."""
    report = yield
    outcome: str = report.outcome
    if hasattr(report, "wasxfail"):
        outcome = "xfailed" if report.skipped else "failed"
    if report.when == "call" or outcome != "passed":
        _seen.setdefault(function_of(item.nodeid), []).append(outcome)
    return report


def pytest_sessionfinish() -> None:
    """Join what was seen with what the file holds."""
    kept = load()
    at = commit()
    for test, outcomes in _seen.items():
        kept[test] = {
            "outcome": min(outcomes, key=WORST_FIRST.index),
            "cases": len(outcomes),
            "commit": at,
        }
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def load() -> dict[str, dict[str, object]]:
    """The outcomes kept so far, by test function."""
    if not FILE.exists():
        return {}
    found: dict[str, dict[str, object]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found
