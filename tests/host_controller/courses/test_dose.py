"""Dose so far: every session of every zone counts once."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from host_controller.courses.dose import so_far
from tests.host_controller.courses.sessions import history, session, zone

FIRST = date(2026, 1, 1)


def test_a_zone_adds_up_over_its_sessions() -> None:
    had = history(
        session("2026-05-01", zone("cheek", 800, 250), zone("nose", 250, 0)),
        session("2026-06-01", zone("cheek", 1200, 300)),
    )
    (cheek,) = so_far(had)
    assert (cheek.zone, cheek.sessions, cheek.punctures_per_cm2) == ("cheek", 2, 550)
    assert (cheek.deepest_um, cheek.first, cheek.last) == (
        1200, date(2026, 5, 1), date(2026, 6, 1),
    )  # fmt: skip


def test_a_zone_that_was_entered_twice_is_counted_once() -> None:
    # the shallower first pass to 150, then the whole plan: the pen goes on counting to 300
    had = history(session("2026-06-01", zone("cheek", 600, 150), zone("cheek", 1000, 300)))
    (cheek,) = so_far(had)
    assert (cheek.sessions, cheek.punctures_per_cm2, cheek.deepest_um) == (1, 300, 1000)
    back = history(session("2026-06-01", zone("cheek", 1000, 300), zone("cheek", 600, 300)))
    assert so_far(back)[0].deepest_um == 1000


@given(st.lists(st.tuples(st.sampled_from(["cheek", "nose"]), st.integers(1, 5000)), max_size=8))
def test_nothing_is_counted_twice_or_lost(had: list[tuple[str, int]]) -> None:
    sessions = [
        session((FIRST + timedelta(index)).isoformat(), zone(name, 500, dose))
        for index, (name, dose) in enumerate(had)
    ]
    found = so_far(history(*sessions))
    assert sum(dose.punctures_per_cm2 for dose in found) == sum(dose for _, dose in had)
    assert sum(dose.sessions for dose in found) == len(had)
