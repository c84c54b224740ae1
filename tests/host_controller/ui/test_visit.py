"""A visit: what was chosen becomes a plan, what is missing is named, limits hold."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from host_controller import errors
from host_controller.courses.history import History, SessionSummary, ZoneSummary
from host_controller.library import store
from host_controller.planning.failures import ScreeningIncomplete, TooEarly
from host_controller.planning.proposal import Request
from host_controller.planning.screening import QUESTIONS, Answer
from host_controller.ui.visit import CHECKLIST, CLIENT, RECORD, TREAT, Expected, Visit

TODAY = date(2026, 11, 22)


@pytest.fixture
def visit() -> Visit:
    begun = Visit(store.in_force(), TODAY)
    begun.begin("C-1042", "acne-scars", "III", "AB1", History("C-1042"))
    return begun


def answer_all(visit: Visit) -> None:
    visit.answers = {key: Answer(yes=False) for key in QUESTIONS}


def test_a_client_and_a_concern_make_a_proposal(visit: Visit) -> None:
    assert visit.step == CHECKLIST
    assert "cheek-acne-scar" in visit.zones
    assert visit.proposal is not None


@pytest.mark.parametrize(("client", "operator"), [("Jane Doe", "AB1"), ("C-1042", "Dr. Smith")])
def test_a_name_is_refused(client: str, operator: str) -> None:
    with pytest.raises(errors.UsageError):
        Visit(store.in_force(), TODAY).begin(client, "acne-scars", "", operator, History(client))


def test_a_first_page_from_yesterday_begins_with_today_and_its_library() -> None:
    yesterday = Visit(store.in_force(), date(2026, 11, 21))
    newer = replace(store.in_force(), version=store.in_force().version + 1)
    yesterday.renew = lambda: (newer, TODAY)
    yesterday.begin("C-1042", "acne-scars", "III", "AB1", History("C-1042"))
    assert yesterday.today == TODAY
    assert yesterday.library is newer
    assert yesterday.proposal is not None
    assert yesterday.proposal.library is newer


def test_the_end_of_a_treatment_is_told_to_its_own_visit_alone(visit: Visit) -> None:
    visit.step = TREAT
    visit.treated()
    assert visit.step == RECORD
    following = Visit(store.in_force(), TODAY)
    following.treated()  # late: the next client was called meanwhile
    assert following.step == CLIENT


def test_without_every_answer_there_is_no_plan(visit: Visit) -> None:
    answer_all(visit)
    del visit.answers["pregnancy"]
    assert visit.unanswered() == ("pregnancy",)
    assert not visit.ready
    with pytest.raises(ScreeningIncomplete):
        visit.plan()


def test_all_answered_is_a_plan_of_the_proposal(visit: Visit) -> None:
    answer_all(visit)
    assert visit.ready
    plan = visit.plan()
    assert tuple(row.name for row in plan.zones) == visit.zones
    assert plan.tethered
    assert plan.basis is not None
    assert plan.basis.client == "C-1042"


def test_zones_come_and_go_but_the_last_one_stays(visit: Visit) -> None:
    for zone in visit.zones[1:]:
        visit.toggle(zone)
    last = visit.zones
    assert len(last) == 1
    visit.toggle(last[0])
    assert visit.zones == last
    visit.toggle("chin")
    assert set(visit.zones) == {last[0], "chin"}


def test_a_value_beyond_the_hard_limit_changes_nothing(visit: Visit) -> None:
    zone = visit.zones[0]
    found = visit.zone(zone)
    assert found is not None
    high = found.entry.depth.hard.high
    before = visit.value(zone, "depth")
    assert not visit.change(zone, "depth", high + 10)
    assert visit.value(zone, "depth") == before
    assert visit.change(zone, "depth", high)
    assert visit.value(zone, "depth") == high


def test_outside_the_soft_range_a_reason_is_asked_for(visit: Visit) -> None:
    answer_all(visit)
    zone = visit.zones[0]
    found = visit.zone(zone)
    assert found is not None
    assert visit.change(zone, "depth", found.entry.depth.hard.high)
    assert visit.without_reason() == (zone,)
    assert not visit.ready
    with pytest.raises(errors.UsageError):
        visit.give_reason(zone, "scar", "Dr. Smith")
    visit.give_reason(zone, "scar", "dr-03")
    assert visit.ready
    row = visit.plan().zones[0]
    assert (row.override_text, row.approved_by) == ("scar", "dr-03")


def test_skin_that_was_treated_last_week_asks_why() -> None:
    last = SessionSummary(
        "r1",
        datetime(2026, 11, 15, 10, tzinfo=UTC),
        "complete",
        "acne-scars",
        (ZoneSummary("chin", 750, 9000, 2, 1000, 300, 9000, 8000),),
    )
    visit = Visit(store.in_force(), TODAY)
    visit.begin("C-1042", "acne-scars", "III", "AB1", History("C-1042", (last,)))
    answer_all(visit)
    assert "chin" in [rest.zone for rest in visit.resting()]
    assert not visit.ready
    with pytest.raises(TooEarly):
        visit.plan()
    visit.come_early("clinician")
    assert visit.ready
    basis = visit.plan().basis
    assert basis is not None
    assert basis.early_reason == "clinician"


def test_who_was_chosen_elsewhere_is_treated_as_last_time() -> None:
    """Depth and rate of the last session; the skin type is asked again."""
    again = Request(
        "C-1042", "acne-scars", ("chin",), changes=(("chin", "depth", 600), ("chin", "rate", 9500))
    )
    visit = Visit(store.in_force(), TODAY, expected=Expected("C-1042", "acne-scars", "II", again))
    visit.begin("C-1042", "acne-scars", "III", "AB1", History("C-1042"))
    assert visit.zones == ("chin",)
    assert (visit.value("chin", "depth"), visit.value("chin", "rate")) == (600, 9500)
    assert visit.request is not None
    assert visit.request.fitzpatrick == "III"


@pytest.mark.parametrize(("client", "concern"), [("C-1043", "acne-scars"), ("C-1042", "wrinkles")])
def test_the_last_treatment_of_one_is_not_anothers(client: str, concern: str) -> None:
    again = Request("C-1042", "acne-scars", ("chin",), changes=(("chin", "depth", 600),))
    visit = Visit(store.in_force(), TODAY, expected=Expected("C-1042", "acne-scars", "", again))
    visit.begin(client, concern, "III", "AB1", History(client))
    assert visit.zones != ("chin",)


def test_a_repetition_beyond_todays_limits_is_refused_not_reduced() -> None:
    again = Request("C-1042", "acne-scars", ("chin",), changes=(("chin", "depth", 2400),))
    visit = Visit(store.in_force(), TODAY, expected=Expected("C-1042", "acne-scars", "", again))
    visit.begin("C-1042", "acne-scars", "III", "AB1", History("C-1042"))
    answer_all(visit)
    with pytest.raises(errors.PenError):
        visit.plan()


def test_while_the_records_are_away_somebody_has_to_say_why_it_goes_on() -> None:
    visit = Visit(store.in_force(), TODAY)
    visit.begin("C-1042", "acne-scars", "III", "AB1", History("C-1042", known=False))
    answer_all(visit)
    assert visit.rest_unknown
    assert not visit.ready
    with pytest.raises(TooEarly, match="Nobody can say"):
        visit.plan()
    visit.come_early("clinician")
    assert not visit.rest_unknown
    assert visit.ready
    assert visit.plan().basis is not None
