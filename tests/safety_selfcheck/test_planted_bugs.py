"""The checks themselves are checked: each planted bug is noticed, by a test and by the campaign.

Every bug is tried in a process of its own, twice: the test that is named after the place must fail,
and a script of the campaign must break the promise. Coverage has no part in it. Without the bug the
same script breaks nothing.
"""

import subprocess
import sys

import pytest

from tests.campaign.play import play
from tests.safety_selfcheck import planted
from tests.safety_selfcheck.bugs import BUGS, BY_NAME, Bug

pytestmark = [pytest.mark.system, pytest.mark.slow]


def noticed(how: str, bug: Bug) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.safety_selfcheck.planted", how, bug.name],
        cwd=planted.REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_test_of_its_place_notices(bug: Bug) -> None:
    done = noticed("tests", bug)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_campaign_notices(bug: Bug) -> None:
    done = noticed("campaign", bug)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert bug.promise in done.stdout


def test_random_runs_notice_too() -> None:
    """All of them: `make planted`."""
    done = noticed("search", BY_NAME["a fault that clears itself"])
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert done.stdout.startswith("run ")


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_without_the_bug_nothing_is_broken(bug: Bug) -> None:
    assert play(bug.script).broken == []


def test_there_are_more_than_ten_and_each_is_another() -> None:
    assert len(BUGS) >= 10
    assert len({(bug.path, bug.before, bug.after) for bug in BUGS}) == len(BUGS)
    assert len({bug.promise for bug in BUGS}) >= 8


def test_a_pattern_that_is_gone_is_told() -> None:
    gone = Bug("gone", "firmware/modes.py", "no such text", "", "", "", BUGS[0].script)
    with pytest.raises(planted.PatternGone, match="gone"):
        planted.source(gone)


def test_a_bug_cannot_be_planted_where_the_module_is_loaded() -> None:
    import protocol.codes  # noqa: F401

    late = Bug(
        "late", "protocol/codes.py", "STATE_BOOT = ", "STATE_BOOT = 1 + ", "", "", BUGS[0].script
    )
    with pytest.raises((RuntimeError, LookupError)):
        planted.plant(late)
