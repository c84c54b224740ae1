"""The fault matrix in short: each fault while needles run and in one more state, ten cuts.

`make faults` runs the rest. What is good is in `judge.py` and `expected.py`, by hand.
"""

import pytest

from tests.fault_injection.case import Case, run
from tests.fault_injection.judge import judge
from tests.fault_injection.matrix import short

pytestmark = [pytest.mark.system, pytest.mark.slow]


@pytest.mark.parametrize("case", list(short()), ids=lambda case: case.id)
def test_a_fault_ends_well_or_is_a_known_residual_risk(case: Case) -> None:
    outcome = run(case)
    verdict = judge(outcome)
    assert not verdict.broken, outcome


def test_a_case_is_the_same_every_time() -> None:
    case = Case("tachometer noisy", "running", "scar")
    assert run(case) == run(case)


def test_two_shorted_transistors_are_told_as_a_residual_risk_and_not_as_good() -> None:
    verdict = judge(run(Case("driver shorted through", "running", "skin")))
    assert not verdict.broken
    assert any("motor driven" in said for said in verdict.residual)
    assert "unplug it" in verdict.reason
