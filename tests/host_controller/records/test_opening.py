"""A record is there for its report as soon as it is closed, wherever its entries lie."""

import pytest

from host_controller.records.failures import DatabaseAway
from host_controller.records.home import VARIABLE, home
from host_controller.records.opening import stored
from host_controller.records.spool import Spool
from tests.host_controller.records.made_up import treatment

AWAY = "postgresql://pen@127.0.0.1:1/clinic"  # no server listens on port 1


def test_what_waits_in_the_spool_is_merged_and_read() -> None:
    Spool(home()).append(treatment("r1"))
    assert stored("r1").outcome == "complete"


def test_while_the_database_is_away_the_spool_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, AWAY)
    Spool(home()).append(treatment("r1") + treatment("r2", client="C-0007"))
    found = stored("r2")
    assert (found.client, found.outcome, len(found.zones)) == ("C-0007", "complete", 3)
    assert found.chain.head == Spool(home()).entries()[-1]["hash"]


def test_what_is_not_in_the_spool_either_is_an_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, AWAY)
    Spool(home()).append(treatment("r1"))
    with pytest.raises(DatabaseAway):
        stored("r0")
