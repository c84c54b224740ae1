"""The trace report tells the truth about the results it is given."""

from typing import Any

from docs.hazard_file import load
from tests.hazards.results import function_of
from tests.hazards.trace import counts, limits_of, markdown, rows, verdict

FILE = load()


def results(outcome: str) -> dict[str, dict[str, Any]]:
    return {test: {"outcome": outcome, "cases": 2, "commit": "abc"} for test in FILE.tests()}


def test_everything_passed_covers_every_hazard() -> None:
    trace = rows(FILE, results("passed"))
    said = {hazard.number: verdict(FILE, hazard, trace) for hazard in FILE.hazards}
    assert not [number for number, text in said.items() if text.startswith("WRONG")]
    assert sum(text.startswith("place") for text in said.values()) == 1


def test_one_failure_uncovers_exactly_the_hazards_that_name_it() -> None:
    outcomes = results("passed")
    test = FILE.hazards[0].controls[0].tests[0]
    outcomes[test]["outcome"] = "failed"
    trace = rows(FILE, outcomes)
    wrong = {h.number for h in FILE.hazards if verdict(FILE, h, trace).startswith("WRONG")}
    named = {h.number for h in FILE.hazards if any(test in c.tests for c in h.controls)}
    assert wrong == named


def test_what_was_not_run_skipped_or_expected_to_fail_does_not_count() -> None:
    for outcome in ("skipped", "xfailed", "failed"):
        trace = rows(FILE, results(outcome))
        assert verdict(FILE, FILE.hazards[0], trace) == f"WRONG: {outcome}"
    assert verdict(FILE, FILE.hazards[0], rows(FILE, {})) == "WRONG: not run"


def test_limits_come_with_their_values() -> None:
    lease = next(c for h in FILE.hazards if h.number == "H12" for c in h.controls)
    assert limits_of(lease) == ["LEASE_MS = 250"]


def test_the_report_holds_every_test_and_every_open_point() -> None:
    page = markdown(FILE, rows(FILE, results("passed")), "abc")
    for hazard in FILE.hazards:
        for control in hazard.controls:
            assert control.does in page
            assert all(test in page for test in control.tests)
    assert all(point.what in page for point in FILE.open_points)


def test_cases_of_one_function_are_one_row() -> None:
    assert function_of("tests/a.py::test_b[1-2]") == "tests/a.py::test_b"
    assert function_of("tests/a.py::TestC::test_d") == "tests/a.py::TestC::test_d"


def test_the_figure_says_how_many_of_the_hazards_are_not_whole() -> None:
    status = [hazard.status for hazard in FILE.hazards]
    said = counts(FILE)
    assert f"{status.count('controlled')} controlled" in said
    assert f"{status.count('partly')} partly" in said
    assert f"{status.count('later')} by a stated place alone" in said
    assert len(status) == 44
