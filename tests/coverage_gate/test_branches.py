"""No line and no branch of what protects, stores and speaks is left without a test."""

import pytest

from tests.coverage_gate import branches

REPORT = {
    "totals": {
        "num_branches": 10,
        "covered_branches": 9,
        "num_statements": 30,
        "covered_lines": 29,
    },
    "files": {
        "protocol/a.py": {"missing_lines": [], "missing_branches": []},
        "protocol/b.py": {"missing_lines": [7], "missing_branches": [[6, 7], [8, -1]]},
    },
}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_branch_is_taken() -> None:
    found = branches.measure()
    assert not found.tests_failed
    assert found.missing == ()
    assert found.branches > 800
    assert found.percent == 100.0


def test_what_is_missing_is_named() -> None:
    found = branches.read(REPORT)
    assert found.percent == 90.0
    assert found.missing == ("protocol/b.py: 7, 6->7, 8->end",)


def test_what_it_runs_and_measures_is_there() -> None:
    for path in (*branches.SOURCES, *branches.TESTS):
        assert (branches.REPOSITORY / path).exists()
