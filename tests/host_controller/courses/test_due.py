"""Spans of due days: each client is in exactly one, and no session that matters is left out."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from host_controller.courses import due
from host_controller.courses.history import SessionSummary, ZoneSummary
from host_controller.library import store

TODAY = date(2026, 11, 22)
LIBRARY = store.in_force()
KEYS = sorted({key[:2] for key in LIBRARY.entries})


def session(days_ago: int, concern: str, zone: str) -> SessionSummary:
    begun = datetime(2026, 11, 22, 12, tzinfo=UTC) - timedelta(days=days_ago)
    return SessionSummary(
        "r1", begun, "complete", concern, (ZoneSummary(zone, 500, 9000, 2, 1000, 300),)
    )


@given(days_ago=st.integers(0, 400), key=st.sampled_from(KEYS))
def test_everybody_is_in_one_state_and_found_by_its_span(
    days_ago: int, key: tuple[str, str]
) -> None:
    row = ("C-1", session(days_ago, *key))
    found = []
    for state in due.STATES:
        span = due.due_days(state, TODAY)
        rows = due.within([row], LIBRARY, TODAY, span)
        if rows:
            found.append(state)
            last = row[1].begun.astimezone().date()
            assert due.treated_days(span, LIBRARY, TODAY).holds(last)
            overdue = rows[0].overdue_days(TODAY)
            assert {"overdue": overdue > 0, "due": -7 <= overdue <= 0, "resting": overdue < -7}[
                state
            ]
    assert len(found) == 1


def test_who_is_nearest_to_today_comes_first() -> None:
    rows = [("C-1", session(90, *KEYS[0])), ("C-2", session(50, *KEYS[0]))]
    found = due.within(rows, LIBRARY, TODAY, due.due_days(due.OVERDUE, TODAY))
    assert [row.client for row in found] == ["C-2", "C-1"]
