"""The end of a visit: when to come back, and what may be called complete."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from host_controller.courses.history import History
from host_controller.library import store as libraries
from host_controller.ui.record_page import due_on
from host_controller.ui.treatment_jobs import outcome_of
from host_controller.ui.visit import Visit
from tests.host_controller.ui.said import plan, row

TODAY = date(2026, 11, 22)


@pytest.fixture
def visit() -> Visit:
    found = Visit(libraries.in_force(), TODAY)
    found.begin("C-1042", "acne-scars", "III", "AB1", History("C-1042"))
    return found


def recorded(*treated: str, untreated: tuple[str, ...] = ()) -> Any:
    zones = [SimpleNamespace(zone=name, treated=True) for name in treated]
    zones += [SimpleNamespace(zone=name, treated=False) for name in untreated]
    return SimpleNamespace(zones=zones)


def test_the_next_session_waits_for_the_treated_zone_with_the_longest_rest(visit: Visit) -> None:
    assert visit.proposal is not None
    rests = {zone.entry.zone: zone.entry.interval_days for zone in visit.proposal.zones}
    assert due_on(visit, recorded("nose", "forehead")) == TODAY + timedelta(
        days=max(rests["nose"], rests["forehead"])
    )


def test_where_nothing_was_treated_no_rest_is_asked_for(visit: Visit) -> None:
    assert due_on(visit, recorded(untreated=("nose", "forehead"))) is None


@dataclass
class Session:
    """What of a treatment decides about its outcome."""

    plan: Any
    done: list[Any] = field(default_factory=list)
    figures: Any = None
    more_to_come: bool = False


def ran(name: str, runs: int = 1) -> Any:
    return SimpleNamespace(row=row(name), runs=runs)


NOSE_AND_CHIN = plan(row("nose"), row("chin"))


@pytest.mark.parametrize(
    ("session", "outcome"),
    [
        (Session(NOSE_AND_CHIN, [ran("nose"), ran("chin")]), "complete"),
        (Session(NOSE_AND_CHIN, [ran("nose")], ran("chin")), "complete"),
        (Session(NOSE_AND_CHIN, [ran("nose"), ran("chin", runs=0)]), "ended by the user"),
        (Session(NOSE_AND_CHIN), "ended by the user"),
        (Session(NOSE_AND_CHIN, [ran("nose"), ran("chin")], None, True), "ended by the user"),
    ],
)
def test_complete_is_only_a_plan_whose_needles_ran_in_every_zone(
    session: Any, outcome: str
) -> None:
    assert outcome_of(session) == outcome
