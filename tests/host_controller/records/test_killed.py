"""kill -9 and a full disk at writes of a record: the chain holds, a second is lost at most.

A few points each; `make evidence-records` goes through every one of them.
"""

import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.host_controller.records import killed

if TYPE_CHECKING:
    from tests.postgres_server import Server

STRACE = pytest.mark.skipif(
    shutil.which("strace") is None, reason="strace is not installed: apt-get install strace"
)
pytestmark = [pytest.mark.slow, pytest.mark.postgres]
TEMPLATE = "pen_template"


def url_of(kind: str, request: pytest.FixtureRequest) -> str:
    if kind == "sqlite":
        return ""
    server: Server = request.getfixturevalue("postgres")
    return server.fresh(TEMPLATE)


@STRACE
@pytest.mark.parametrize(
    ("kind", "call", "most"),
    [
        ("sqlite", "fsync", 8),
        ("sqlite", "pwrite64", 120),
        ("sqlite", "fdatasync", 20),
        ("postgresql", "fsync", 8),
        ("postgresql", "sendto", 60),
    ],
)
def test_a_killed_treatment_is_closed_as_interrupted(
    kind: str, call: str, most: int, tmp_path: Path, request: pytest.FixtureRequest,
    rng: random.Random,
) -> None:  # fmt: skip
    found = killed.treat(tmp_path / "run", url_of(kind, request), (call, rng.randint(1, most)))
    assert found.breaks == []
    assert found.lost_s <= 1.0
    if found.killed:
        assert found.outcome in ("interrupted", "complete", "")
        assert found.outcome or found.lost_s == 0
    else:
        assert (found.ended, found.outcome) == (1, "complete")


@pytest.mark.parametrize("kill_ms", [300, 780, 1100])
def test_between_two_writes_less_than_a_second_is_lost(tmp_path: Path, kill_ms: int) -> None:
    found = killed.treat(tmp_path / "run", kill_ms=kill_ms)
    assert (found.killed, found.outcome, found.breaks) == (True, "interrupted", [])
    assert found.lost_s <= 1.0


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_disk_that_is_full_for_a_while_costs_nothing(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Files may grow to 3 or 5 kB only until somebody makes room, before the treatment is over."""
    folder = tmp_path / "run"
    if kind == "sqlite":
        killed.prepared(folder)
    limit = 5000 if kind == "sqlite" else 3000  # the beginning still fits
    found = killed.treat(folder, url_of(kind, request), full_bytes=limit, full_s=1.0)
    assert "E14" in found.err  # it was full, and the person was told
    assert (found.ended, found.outcome, found.breaks) == (1, "complete", []), found.err


def test_a_disk_that_stays_full_ends_in_a_message_not_in_a_stop(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    killed.prepared(folder)
    found = killed.treat(folder, full_bytes=2500)
    assert found.ended == 2
    assert found.breaks == []
    assert found.outcome in ("interrupted", "")


def test_a_clinics_database_takes_what_the_laptops_disk_refuses(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found = killed.treat(tmp_path / "run", url_of("postgresql", request), full_bytes=2500)
    assert (found.ended, found.outcome, found.breaks) == (1, "complete", []), found.err
