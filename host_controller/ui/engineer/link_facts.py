"""How telemetry arrives: readings a second, readings lost on the way. Owns the counters."""

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from host_controller.replies import Reading

OVER_S = 2.0
_WRAP = 1 << 16


class Facts(NamedTuple):
    """What is known of the link."""

    rate_hz: float
    lost: int  # numbers left out in telemetry's own counter since this page was opened


class LinkFacts:
    """Give it every new reading."""

    def __init__(self) -> None:
        self._arrivals: deque[tuple[float, int]] = deque()
        self._counter = -1
        self._t_ms = 0
        self._lost = 0

    def take(self, readings: Iterable[Reading], now_s: float) -> None:
        """Readings that have come by now."""
        count = 0
        for reading in readings:
            count += 1
            if self._counter >= 0 and reading.t_ms >= self._t_ms:  # not a pen that started anew
                step = (reading.counter - self._counter) % _WRAP
                # A status that was asked for repeats a number; it is no telemetry.
                self._lost += max(0, step - 1) if step < _WRAP // 2 else 0
            self._counter, self._t_ms = reading.counter, reading.t_ms
        self._arrivals.append((now_s, count))

    def facts(self, now_s: float) -> Facts:
        """Over the last OVER_S."""
        while self._arrivals and self._arrivals[0][0] < now_s - OVER_S:
            self._arrivals.popleft()
        if len(self._arrivals) < 2:
            return Facts(0.0, self._lost)
        span_s = self._arrivals[-1][0] - self._arrivals[0][0]
        count = sum(count for _, count in self._arrivals) - self._arrivals[0][1]
        return Facts(count / span_s if span_s else 0.0, self._lost)
