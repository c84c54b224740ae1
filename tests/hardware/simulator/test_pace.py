"""Real time: one simulated millisecond per millisecond, with a bound on catching up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.simulator.pace import RealTimePace

MS = 1_000_000


class Clock:
    now_ns = 5_000_000_000

    def __call__(self) -> int:
        return self.now_ns


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_nothing_is_due_at_the_start(clock: Clock) -> None:
    pace = RealTimePace(clock)
    assert pace.due_ms() == 0
    assert pace.wait_s() == pytest.approx(0.001)


@given(steps=st.lists(st.integers(0, 90 * MS), max_size=50))
def test_simulated_time_follows_the_clock(steps: list[int]) -> None:
    clock = Clock()
    pace = RealTimePace(clock)
    for step in steps:
        clock.now_ns += step
        pace.advanced(pace.due_ms())
        assert pace.done_ms == (clock.now_ns - 5_000_000_000) // MS
        assert 0.0 < pace.wait_s() <= 0.001
    assert pace.given_up_ms == 0


def test_a_long_pause_is_given_up_beyond_a_hundred_milliseconds(clock: Clock) -> None:
    pace = RealTimePace(clock)
    clock.now_ns += 3600 * 1000 * MS
    assert pace.due_ms() == 100
    assert pace.given_up_ms == 3600 * 1000 - 100
    pace.advanced(100)
    assert pace.due_ms() == 0


def test_time_simulated_ahead_is_waited_for(clock: Clock) -> None:
    pace = RealTimePace(clock)
    clock.now_ns += MS
    pace.advanced(46)  # a flash erase within one step
    assert pace.due_ms() == 0
    assert pace.wait_s() == pytest.approx(0.046)
