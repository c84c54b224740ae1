"""Counters of punctuality."""

from firmware import words as place
from firmware.diagnostics.statistics import Statistics
from firmware.safety.measures import measure


def ticked(*ticks_us: int) -> Statistics:
    statistics = Statistics(place.new())
    for tick_us in ticks_us:
        statistics.words[place.TICK_US] = tick_us
        measure(statistics.words)
    return statistics


def test_late_ticks_are_counted_from_a_millisecond_and_a_half() -> None:
    statistics = ticked(1000, 1499, 1500, 46_000, 1000)
    assert statistics.ticks_late == 2
    assert statistics.worst_tick_us == 46_000


def test_the_counters_stop_at_their_ends() -> None:
    statistics = ticked(*[2000] * 3)
    statistics.words[place.TICKS_LATE] = 65_534
    for _ in range(5):
        measure(statistics.words)
    assert statistics.ticks_late == 65_535
    statistics.errors = 65_535
    statistics.error(ValueError("x"))
    assert statistics.errors == 65_535
    assert statistics.last_error == "ValueError: x"


def test_the_longest_pass_of_the_main_loop_is_kept() -> None:
    statistics = ticked()
    for ms in (1, 50, 2, 50):
        statistics.main_pass(ms)
    assert statistics.worst_pass_ms == 50


def test_a_punctual_tick_and_a_quicker_late_one_leave_the_worst_alone() -> None:
    assert ticked(9000, 2000).worst_tick_us == 9000
