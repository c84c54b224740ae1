"""The next session: when it is due, what it repeats, who is on the list."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from host_controller.courses import following
from host_controller.courses.history import Score
from host_controller.planning.proposal import propose
from tests.host_controller.courses.sessions import history, session, zone
from tests.host_controller.library.small import parsed

LIBRARY = parsed()  # fine lines every 28 days, acne scars every 42
TODAY = date(2026, 6, 29)


def test_the_next_session_is_an_interval_after_the_last() -> None:
    had = history(session("2026-05-01"), session("2026-06-01", zone("cheek"), zone("nose")))
    found = following.following(had, LIBRARY, "fine-lines")
    assert found is not None
    assert (found.last, found.due, found.sessions) == (date(2026, 6, 1), date(2026, 6, 29), 2)
    assert [one.zone for one in found.zones] == ["cheek", "nose"]
    assert found.remark == ""


def test_an_interval_of_the_library_counts_for_its_concern() -> None:
    had = history(session("2026-06-01", concern="acne-scars"))
    found = following.following(had, LIBRARY, "acne-scars")
    assert found is not None
    assert found.due == date(2026, 6, 1) + timedelta(42)
    assert following.following(had, LIBRARY, "fine-lines") is None


def test_skin_that_was_treated_for_something_else_since_rests_longer() -> None:
    had = history(session("2026-06-01"), session("2026-06-20", concern="acne-scars"))
    found = following.following(had, LIBRARY, "fine-lines")
    assert found is not None
    assert found.due == date(2026, 6, 20) + timedelta(28)


def test_remarks_are_told_where_somebody_has_to_look() -> None:
    broken = history(session("2026-06-01", outcome="interrupted"))
    found = following.following(broken, LIBRARY, "fine-lines")
    assert found is not None
    assert "not finished (interrupted)" in found.remark
    days = [date(2026, month, 1) for month in (3, 4, 5)]
    worse = tuple(
        Score("fine-lines", grade, day) for grade, day in zip((2, 2, 3), days, strict=True)
    )
    found = following.following(history(session("2026-06-01"), scores=worse), LIBRARY, "fine-lines")
    assert found is not None
    assert "worse" in found.remark
    same = tuple(Score("fine-lines", 2, day) for day in days)
    found = following.following(history(session("2026-06-01"), scores=same), LIBRARY, "fine-lines")
    assert found is not None
    assert "same for 3 scores" in found.remark


def test_a_repetition_asks_for_the_same_again() -> None:
    last = session("2026-06-01", zone("cheek", depth_um=900), zone("nose", depth_um=300, dose=0))
    request = following.repeat("C-1042", last, fitzpatrick="II")
    (row,) = propose(LIBRARY, request).zones
    assert (row.entry.zone, row.depth_um, row.rate_chz, row.passes) == ("cheek", 900, 11_000, 2)
    assert (row.area_mm2, request.pins, request.fitzpatrick) == (4000, 12, "II")


def test_the_list_has_who_is_due_the_longest_first() -> None:
    sessions = [
        ("C-1", session("2026-06-01")),  # due on the 29th: today
        ("C-2", session("2026-05-01")),  # due on the 29th of May
        ("C-2", session("2026-04-01")),
        ("C-3", session("2026-06-05")),  # due in four days
        ("C-4", session("2026-06-28")),
        ("C-5", session("2026-05-01", zone("cheek", dose=0))),
        ("C-6", session("2026-05-01", concern="")),
    ]
    found = following.due_list(sessions, LIBRARY, TODAY, 7)
    assert [row.client for row in found] == ["C-2", "C-1", "C-3"]
    assert [row.overdue_days(TODAY) for row in found] == [31, 0, -4]
    assert [row.client for row in following.due_list(sessions, LIBRARY, TODAY, 0)] == ["C-2", "C-1"]


@given(st.lists(st.integers(0, 200), min_size=1, max_size=5), st.integers(0, 60))
def test_who_is_on_the_list_had_the_whole_interval(days_ago: list[int], ahead: int) -> None:
    sessions = [("C-1", session((TODAY - timedelta(days)).isoformat())) for days in days_ago]
    found = following.due_list(sessions, LIBRARY, TODAY, ahead)
    assert bool(found) == (min(days_ago) + ahead >= 28)
