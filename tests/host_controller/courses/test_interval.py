"""Rest between sessions: 27 days are early, 28 are not, and the skin counts, not the concern."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_controller.courses.interval import (
    INTERVAL_USUAL_DAYS,
    must_have_rested,
    too_early,
)
from host_controller.planning.failures import TooEarly
from tests.host_controller.courses.sessions import history, session, zone

TODAY = date(2026, 6, 29)


@pytest.mark.parametrize(
    ("last", "early"),
    [("2026-06-28", True), ("2026-06-02", True), ("2026-06-01", False), ("2026-01-01", False)],
)  # 1, 27, 28 and 179 days ago
def test_the_interval_is_28_days(last: str, early: bool) -> None:
    assert INTERVAL_USUAL_DAYS == 28
    found = too_early(history(session(last)), {"cheek": 28}, TODAY)
    assert bool(found) == early
    if found:
        assert found[0].due == date.fromisoformat(last) + timedelta(28)
        assert found[0].record_id == f"{last}-id"


def test_another_concern_on_the_same_skin_counts() -> None:
    had = history(session("2026-06-20", zone("cheek-acne-scar"), concern="acne-scars"))
    assert [rest.zone for rest in too_early(had, {"cheek": 28, "nose": 28}, TODAY)] == ["cheek"]


def test_a_zone_without_a_touch_does_not_count_and_a_broken_session_does() -> None:
    had = history(session("2026-06-20", zone("cheek", dose=0), zone("nose"), outcome="failed"))
    assert [rest.zone for rest in too_early(had, {"cheek": 28, "nose": 28}, TODAY)] == ["nose"]


def test_a_session_dated_after_today_is_early_whatever_the_interval() -> None:
    (rest,) = too_early(history(session("2026-07-05")), {"cheek": 1}, TODAY)
    assert rest.days_since(TODAY) == -6


def test_a_reason_excuses_what_was_known_and_never_a_later_session() -> None:
    had = history(session("2026-06-20"))
    begun = had.sessions[0].begun
    days = {"cheek": 28}
    with pytest.raises(TooEarly, match="due on 2026-07-18"):
        must_have_rested(had, days, "", TODAY, None)
    must_have_rested(had, days, "protocol", TODAY, begun + timedelta(hours=1))
    with pytest.raises(TooEarly):
        must_have_rested(had, days, "protocol", TODAY, begun - timedelta(hours=1))
    with pytest.raises(TooEarly):
        must_have_rested(had, days, "", TODAY, begun + timedelta(hours=1))
    must_have_rested(had, days, "", TODAY + timedelta(19), None)


def test_no_history_is_never_early() -> None:
    assert too_early(history(), {"cheek": 28}, TODAY) == ()


@given(st.lists(st.integers(0, 400), max_size=6), st.integers(1, 365))
def test_early_means_that_some_session_is_nearer_than_the_interval(
    days_ago: list[int], interval: int
) -> None:
    had = history(*(session((TODAY - timedelta(days)).isoformat()) for days in days_ago))
    found = too_early(had, {"cheek": interval}, TODAY)
    assert bool(found) == any(days < interval for days in days_ago)
    if found:
        assert found[0].due == TODAY - timedelta(min(days_ago)) + timedelta(interval)
