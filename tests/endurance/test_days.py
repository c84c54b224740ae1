"""Days without a restart, in short: sessions, hours skipped, and every clock wraps under way."""

from typing import Any

import pytest

from firmware.diagnostics import wall_clock
from tests.endurance import days
from tests.endurance.days import integers, live_for, through_wraps
from tests.endurance.working_day import Unexpected, WorkingDay
from tests.system.harness import BenchPen

pytestmark = [pytest.mark.system, pytest.mark.slow]

HOUR_BEFORE = days.WRAP_MS - 2 * 1_073_741 - 35_000


def test_some_hours_of_sessions() -> None:
    found = live_for(0.15)
    assert found.ended == ""
    assert found.sessions >= 2
    assert found.wraps_us >= 9
    assert found.clock_off_s <= 3


def test_the_milliseconds_wrap_in_a_session() -> None:
    found = live_for(1000.0, HOUR_BEFORE, sessions=2)
    assert found.ended == ""
    assert found.wraps_ms == 1
    assert found.sessions == 2


def test_the_microseconds_wrap_at_any_moment_of_a_session() -> None:
    assert through_wraps(4, 500, 1100) == 4


def test_a_date_that_does_not_wrap_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wall_clock, "_WRAP", -1)
    assert "date is off" in live_for(1000.0, HOUR_BEFORE, sessions=2).ended


def test_a_number_beyond_30_bits_is_found() -> None:
    with BenchPen() as pen:
        app: Any = pen.bench.twin.app  # type: ignore[attr-defined]
        known = dict(integers(app))
        assert len(known) > 300
        assert max(abs(value) for value in known.values()) <= 1 << 30
        app.statistics.errors = 1 << 31
        assert ("app.statistics.errors", 1 << 31) in integers(app)


def test_a_pen_that_stays_armed_is_found() -> None:
    with BenchPen() as pen:
        day = WorkingDay(pen)
        day.session(300, 0)
        pen.arm()
        with pytest.raises(Unexpected, match="armed"):
            day._expect(1, 2, 3)
