"""Date and time from the host, kept by the tick's milliseconds, across their wrap."""

from firmware.diagnostics.wall_clock import WallClock
from firmware.readings import Readings


def test_unset_is_zero_and_set_counts_on() -> None:
    readings = Readings()
    clock = WallClock(readings)
    readings.t_ms = 5000
    assert clock.unix_s() == 0
    clock.set(1_700_000_000)
    assert clock.unix_s() == 1_700_000_000
    readings.t_ms += 61_999
    assert clock.unix_s() == 1_700_000_061


def test_it_goes_on_for_months_across_the_wrap_of_milliseconds() -> None:
    readings = Readings()
    clock = WallClock(readings)
    clock.set(1_700_000_000)
    elapsed_s = 0
    for _ in range(200):  # asked twice a day
        readings.t_ms = (readings.t_ms + 43_200_000) & 0x3FFFFFFF
        elapsed_s += 43_200
        assert clock.unix_s() == 1_700_000_000 + elapsed_s
