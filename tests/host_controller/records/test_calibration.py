"""A pen is due after a year or 50 hours of needles, and when nobody is known to have done it."""

from datetime import date, timedelta

import pytest

from host_controller.records.calibration import GOOD, NEVER, OVERDUE, SOON, due

TODAY = date(2026, 11, 22)
HOUR_MS = 3_600_000


def test_never_done_is_due() -> None:
    assert due(None, 0, TODAY).state == NEVER


@pytest.mark.parametrize(
    ("days_ago", "state"), [(0, GOOD), (334, GOOD), (335, SOON), (365, SOON), (366, OVERDUE)]
)
def test_a_year(days_ago: int, state: str) -> None:
    found = due(TODAY - timedelta(days_ago), 0, TODAY)
    assert found.state == state
    assert found.day == TODAY + timedelta(365 - days_ago)


@pytest.mark.parametrize(
    ("needles_ms", "state"),
    [(44 * HOUR_MS, GOOD), (45 * HOUR_MS, SOON), (50 * HOUR_MS, SOON), (50 * HOUR_MS + 1, OVERDUE)],
)
def test_fifty_hours_of_needles(needles_ms: int, state: str) -> None:
    assert due(TODAY, needles_ms, TODAY).state == state
