"""The server of the records is away: a client can still be treated, and somebody stands for it."""

from pathlib import Path

import pytest

from host_controller.records.home import VARIABLE
from tests.host_controller.cli.conftest import Result, Run

NOBODY = "postgresql://pen@127.0.0.1:1/clinic"  # no server listens on port 1


@pytest.fixture(autouse=True)
def away(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, NOBODY)
    monkeypatch.chdir(tmp_path)


def new(pen: Run, *options: str) -> Result:
    return pen("plan", "new", "a.toml", "--client", "C-1042", "--concern", "acne-scars",
               "--zones", "cheek", *options)  # fmt: skip


def test_without_a_reason_there_is_no_plan(pen: Run) -> None:
    told = new(pen)
    assert told.code == 7
    assert "Nobody can say how long the skin of C-1042 has rested" in told.err
    assert "--early clinician|" in told.err
    assert not Path("a.toml").exists()


def test_with_a_reason_the_plan_is_made_and_the_outage_told(pen: Run) -> None:
    told = new(pen, "--early", "clinician")
    assert told.code == 0
    assert "E144" in told.err
    assert 'early = "clinician"' in Path("a.toml").read_text()


def test_the_last_session_cannot_be_repeated(pen: Run) -> None:
    told = pen("plan", "new", "a.toml", "--client", "C-1042", "--repeat")
    assert told.code == 2
    assert "cannot be looked up" in told.err
