"""Stroke rate from the tachometer's edge times.

Purpose: the exact rate. Four marks per revolution are not quite evenly spaced, so the rate is taken
over the last four intervals, a full revolution, where the spacing cancels; after a start over as
many as there are. Owns: the last four intervals.
"""

from hardware.board.rev_a import TACH_PER_REVOLUTION
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.ports import Clock, PulseCounter
    from firmware.readings import Readings

_WRAP = const(0x3FFFFFFF)
_STOPPED_US = const(80_000)  # no pulse for this long is a rate of 0 (slower than 3 Hz)
_RATE_MAX_CHZ = const(30_000)  # beyond it is noise
_AGE_MAX_MS = const(1000)
# One interval is a quarter revolution: rate_chz = 100 * 1e6 / (4 * interval_us).
_CHZ_US = 100_000_000 // TACH_PER_REVOLUTION


class Tachometer:
    """Rate, pulses and their age; `sample` once per tick."""

    def __init__(self, pulses: "PulseCounter", clock: "Clock") -> None:
        self._count_of = pulses.count
        self._edge_of = pulses.edge_us
        self._count = pulses.count()
        self._edge_us = clock.now_us()
        self._newest = 0  # intervals in us, newest first
        self._second = 0
        self._third = 0
        self._oldest = 0
        self._known = -1  # intervals that are valid, 0..4; -1 before the first edge
        self._late_us = _STOPPED_US
        self._measured_chz = 0
        self._old = 0  # no pulse for a second: nothing changes until the next

    def sample(self, readings: "Readings") -> None:
        """Take the pulses since the last tick and fill rate, pulses and age in `readings`."""
        count = self._count_of()
        if count != self._count:
            delta = (count - self._count) & 0xFFFF
            readings.pulse_delta = delta
            self._count = count
            self._pulse(delta, self._edge_of())
        else:
            readings.pulse_delta = 0
            if self._old:
                return
        age_us = (readings.now_us - self._edge_us) & _WRAP
        if age_us <= self._late_us and self._known > 0:
            readings.rate_chz = self._measured_chz
            readings.pulse_age_ms = age_us // 1000
        elif age_us <= _STOPPED_US and self._known >= 0:
            # The next mark is overdue: the shaft cannot be faster than this.
            readings.rate_chz = min(self._measured_chz, _CHZ_US // max(age_us, 1))
            readings.pulse_age_ms = age_us // 1000
        else:
            self._rest(readings, age_us // 1000)

    def _pulse(self, delta: int, edge_us: int) -> None:
        interval_us = (edge_us - self._edge_us) & _WRAP
        self._edge_us = edge_us
        self._old = 0
        known = self._known + delta
        if self._known < 0 or interval_us > _STOPPED_US:
            # The first edge after standstill closes no interval.
            self._known = 0
            self._late_us = _STOPPED_US
            self._measured_chz = 0
            return
        if delta > 1:
            # A late tick saw several edges and only the last one's time: share the interval out.
            interval_us //= delta
            self._third = self._second = self._newest = interval_us
        self._oldest = self._third
        self._third = self._second
        self._second = self._newest
        self._newest = max(interval_us, 1)
        if known >= TACH_PER_REVOLUTION:
            known = TACH_PER_REVOLUTION
            span_us = self._newest + self._second + self._third + self._oldest
        elif known == 3:
            span_us = self._newest + self._second + self._third
        elif known == 2:
            span_us = self._newest + self._second
        else:
            span_us = self._newest
        self._known = known
        # 25e6 * 4 = 1e8 < 2^30
        self._measured_chz = min(_CHZ_US * known // span_us, _RATE_MAX_CHZ)
        self._late_us = span_us * 5 // (4 * known)

    def _rest(self, readings: "Readings", age_ms: int) -> None:
        self._known = min(self._known, 0)
        self._measured_chz = 0
        readings.rate_chz = 0
        # Once old, always old: the clock wraps after 18 minutes.
        if age_ms >= _AGE_MAX_MS:
            self._old = 1
            age_ms = _AGE_MAX_MS
        readings.pulse_age_ms = age_ms
