"""The tachometer: exact over a revolution, quick after a start, honest when pulses stop."""

from hypothesis import given
from hypothesis import strategies as st

from firmware import words
from firmware.drivers import tachometer
from firmware.readings import Readings

WRAP = 1 << 30


class Shaft:
    """Clock and pulse counter of a shaft whose marks pass at given times."""

    def __init__(self, start_us: int = 0) -> None:
        self.t_us = start_us
        self.edges: list[int] = []
        self.seen = 0
        self.last_us = start_us
        self.readings = Readings()

    def look(self) -> None:
        while self.seen < len(self.edges) and self.edges[self.seen] <= self.t_us:
            self.last_us = self.edges[self.seen]
            self.seen += 1
        seen = self.readings.words
        seen[words.NOW_US] = self.t_us % WRAP
        seen[words.TACH_COUNT] = self.seen & 0xFFFF
        seen[words.TACH_EDGE_US] = self.last_us % WRAP


def turning(shaft: Shaft, milliseconds: int, tick_us: int = 1000) -> None:
    for _ in range(milliseconds):
        shaft.t_us += tick_us
        shaft.look()
        tachometer.measure(shaft.readings.words)


def begin(shaft: Shaft, intervals_us: list[int], first_us: int = 500) -> None:
    at = shaft.t_us + first_us
    shaft.edges = [at]
    for interval in intervals_us:
        at += interval
        shaft.edges.append(at)
    shaft.look()
    tachometer.begin(shaft.readings.words)


def test_evenly_spaced_marks_at_100_hz() -> None:
    shaft = Shaft()
    begin(shaft, [2500] * 40)
    turning(shaft, 60)
    assert shaft.readings.rate_chz == 10_000


def test_uneven_marks_cancel_over_a_revolution() -> None:
    shaft = Shaft()
    begin(shaft, [2300, 2700, 2400, 2600] * 10)
    turning(shaft, 40)
    rates = []
    for _ in range(30):
        turning(shaft, 1)
        rates.append(shaft.readings.rate_chz)
    assert set(rates) == {10_000}


def test_the_first_interval_already_gives_a_rate() -> None:
    shaft = Shaft()
    begin(shaft, [10_000] * 4)
    turning(shaft, 5)
    assert shaft.readings.rate_chz == 0  # one edge is no interval
    turning(shaft, 7)
    assert shaft.readings.rate_chz == 2500


def test_right_across_the_wrap_of_clock_and_counter() -> None:
    shaft = Shaft(WRAP - 30_000)
    begin(shaft, [2500] * 30)
    turning(shaft, 60)
    assert shaft.readings.rate_chz == 10_000


def test_an_overdue_pulse_lowers_the_rate_before_it_comes() -> None:
    shaft = Shaft()
    begin(shaft, [2500] * 8)  # the last edge at 20.5 ms
    turning(shaft, 21)
    assert shaft.readings.rate_chz == 10_000
    turning(shaft, 10)  # 10.5 ms without a pulse: not faster than 23.8 Hz
    assert shaft.readings.rate_chz == 25_000_000 // 10_500
    turning(shaft, 70)
    assert shaft.readings.rate_chz == 0


def test_age_counts_up_and_stops_at_a_second() -> None:
    shaft = Shaft()
    begin(shaft, [2500] * 4)
    turning(shaft, 50)
    assert shaft.readings.pulse_age_ms == 39
    turning(shaft, 2000)
    assert shaft.readings.pulse_age_ms == 1000


def test_age_does_not_wrap_back_to_young() -> None:
    shaft = Shaft()
    begin(shaft, [2500] * 4)
    turning(shaft, 1100, tick_us=1_000_000)  # 18 minutes: beyond the clock's wrap
    assert (shaft.readings.pulse_age_ms, shaft.readings.rate_chz) == (1000, 0)


def test_a_restart_does_not_use_the_time_it_stood_still() -> None:
    shaft = Shaft()
    begin(shaft, [2500] * 8 + [500_000] + [5000] * 8)
    turning(shaft, 521 + 12)
    assert shaft.readings.rate_chz == 5000


def test_several_edges_in_one_late_tick_share_the_interval() -> None:
    shaft = Shaft()
    begin(shaft, [2500] * 100)
    turning(shaft, 40)
    turning(shaft, 1, tick_us=45_000)  # a flash erase held the tick up
    assert shaft.readings.rate_chz == 10_000
    assert shaft.readings.pulse_delta >= 17


@given(st.lists(st.integers(min_value=1, max_value=200_000), min_size=1, max_size=30))
def test_any_train_of_pulses_stays_in_30_bits_and_not_negative(intervals_us: list[int]) -> None:
    shaft = Shaft()
    begin(shaft, intervals_us)
    for _ in range(60):
        turning(shaft, 1)
        assert 0 <= shaft.readings.rate_chz < WRAP
        assert 0 <= shaft.readings.pulse_age_ms <= 1000
