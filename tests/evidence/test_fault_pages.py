"""What the fault matrix says of itself: who ended a run, what is residual, what is left out."""

from math import inf
from typing import Any

import pytest

from docs import generate_fault_matrix as page
from tests.evidence import measure_faults
from tests.fault_injection.case import Outcome
from tests.fault_injection.faults import BY_NAME
from tests.fault_injection.judge import Verdict

GOOD = Verdict((), (), "")


def case(**values: Any) -> dict[str, Any]:
    """One case as it stands in the report, with nothing to be told."""
    good = Outcome("tachometer lost/running/skin", "tachometer lost", "running", "skin", "cpython")
    return good.plain() | {"broken": [], "residual": [], "reason": ""} | values


def judged(state: str, residual: str, **values: Any) -> measure_faults.Judged:
    outcome = Outcome(f"x/{state}/skin", "countdown stuck", state, "skin", "cpython", **values)
    return outcome, Verdict((), (residual,), "because", (residual,)) if residual else GOOD


def test_the_time_of_a_run_that_the_operator_ended_is_not_the_pens() -> None:
    assert page.ended([case(off_ms=5.0), case(off_ms=3.0)]) == "5"
    assert page.ended([case(off_ms=707.0, ended_by="thumb")]) == "707 thumb"
    both = [case(off_ms=707.0, ended_by="thumb"), case(off_ms=5.0), case(off_ms=None)]
    assert page.ended(both) == "5, 707 thumb"
    assert page.ended([case()]) == "-"


def test_a_residual_row_says_in_how_many_cases_and_the_worst_of_each_rule() -> None:
    why = {"reason": "the motor coasts"}
    rows = [
        case(),
        case(residual=["still: 119, more than 50"], **why),
        case(residual=["still: 349, more than 50", "only the plug could end it"], **why),
    ]
    said = page.verdict(rows)
    assert said.startswith("*residual* in 2: ")
    assert "349" in said
    assert "119" not in said
    assert "only the plug could end it" in said
    assert said.endswith("Why: the motor coasts")
    assert page.verdict([case(), case()]) == "yes"
    assert page.verdict([*rows, case(broken=["off"])]).startswith("**no**")


def test_never_is_worse_than_any_time() -> None:
    assert page.worst_words(["needles in: 273, more than 250", "needles in: never"]) == [
        "needles in: never"
    ]


def test_a_latched_run_has_a_row_of_its_own() -> None:
    latched = case(case="tachometer lost/running/skin/latched")
    text = page.text({"made_by": "make faults", "figures": [], "cases": [case(), latched]})
    assert "| tachometer lost | 1 |" in text
    assert "| tachometer lost, *latched* | 1 |" in text


@pytest.mark.parametrize(
    ("found", "value", "note"),
    [
        ([judged("running", "", still_ms=20.0)], 20.0, "worst x/running/skin"),
        (
            [judged("running", "", still_ms=20.0), judged("running", "still", still_ms=349.0)],
            20.0,
            "worst x/running/skin; without 1 residual cases; with them 349 (x/running/skin)",
        ),
        (
            [judged("running", "", still_ms=20.0), judged("running", "again", still_ms=49.0)],
            49.0,  # what it is excused for is something else
            "worst x/running/skin",
        ),
        (
            [judged("running", "", still_ms=20.0), judged("running", "still")],
            20.0,
            "worst x/running/skin; without 1 residual cases; with them never (x/running/skin)",
        ),
        ([judged("running", "")], inf, "worst x/running/skin"),
        ([judged("armed", "")], 0.0, "worst none"),
    ],
)
def test_a_figure_says_what_it_leaves_out(
    found: list[measure_faults.Judged], value: float, note: str
) -> None:
    assert measure_faults.worst(found, measure_faults.still_ms, "still", "") == (
        value,
        sum(one.state == "running" and "still" not in verdict.excused for one, verdict in found),
        note,
    )


def test_one_more_fault_with_an_excuse_is_no_longer_what_was_counted() -> None:
    risks = measure_faults.RISKS_KNOWN
    for more, holds in ((0, True), (1, False)):
        found = []
        for fault in list(BY_NAME)[: risks + more]:
            outcome, verdict = judged("armed", "again")
            outcome.fault = fault
            found.append((outcome, verdict))
        rows = {row["id"]: row for row in measure_faults.figures(found)}
        assert rows["fault_residual_risks"]["holds"] is holds
