"""Real-time pace: how many simulated milliseconds are due, and how long to sleep until the next.

Owns the offset between the machine's monotonic clock and simulated time. A machine that was too
busy catches up by at most `CATCH_UP_MS`; what lies further back is given up and counted, so a
suspended laptop does not wake to a pen that races through an hour.
"""

import time
from collections.abc import Callable

CATCH_UP_MS = 100  # below the pen's 250 ms lease, so catching up alone never ends a treatment


class RealTimePace:
    """Simulated milliseconds against the wall. `clock_ns` is replaced in tests."""

    def __init__(self, clock_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._clock_ns = clock_ns
        self._origin_ns = clock_ns()
        self.done_ms = 0  # simulated since the beginning
        self.given_up_ms = 0  # wall time that was never simulated

    def due_ms(self) -> int:
        """Milliseconds to simulate now; 0 when it is too early."""
        late = (self._clock_ns() - self._origin_ns) // 1_000_000 - self.done_ms
        if late > CATCH_UP_MS:
            lost = late - CATCH_UP_MS
            self.given_up_ms += lost
            self._origin_ns += lost * 1_000_000
            late = CATCH_UP_MS
        return max(0, late)

    def advanced(self, milliseconds: int) -> None:
        """Count what was simulated (more than due, when a flash erase took its 45 ms)."""
        self.done_ms += milliseconds

    def wait_s(self) -> float:
        """Seconds until the next millisecond is due, 0.0 if it already is."""
        next_ns = self._origin_ns + (self.done_ms + 1) * 1_000_000
        return max(0, next_ns - self._clock_ns()) * 1e-9
