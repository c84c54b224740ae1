"""Grades from session to session."""

from datetime import date

import pytest

from host_controller.courses import progress
from host_controller.courses.history import GRADES, Score
from tests.host_controller.courses.sessions import history


def scores(*grades: int) -> tuple[Score, ...]:
    return tuple(
        Score("acne-scars", grade, date(2026, month, 1)) for month, grade in enumerate(grades, 1)
    )


@pytest.mark.parametrize(
    ("grades", "change", "unchanged"),
    [((), None, 0), ((3,), None, 1), ((3, 2), 1, 1), ((3, 2, 2), 1, 2), ((1, 3), -2, 1)],
)
def test_change_and_standstill(grades: tuple[int, ...], change: int | None, unchanged: int) -> None:
    found = progress.of(history(scores=scores(*grades)), "acne-scars")
    assert (found.change, found.unchanged) == (change, unchanged)
    assert progress.of(history(scores=scores(*grades)), "wrinkles").scores == ()


def test_the_later_entry_of_a_day_counts_and_days_are_in_order() -> None:
    given = (
        Score("acne-scars", 3, date(2026, 2, 1)),
        Score("acne-scars", 4, date(2026, 1, 1)),
        Score("acne-scars", 2, date(2026, 2, 1)),
    )
    found = progress.of(history(scores=given), "acne-scars")
    assert [score.grade for score in found.scores] == [4, 2]


def test_every_grade_has_a_word() -> None:
    assert len(progress.GRADE_WORDS) == len(GRADES)
    assert progress.GRADE_WORDS == ("clear", "almost clear", "mild", "moderate", "severe")
