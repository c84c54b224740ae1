"""How punctual the pen is: ticks that came late, and the slowest pass of the main loop.

`tick` runs in the tick and allocates nothing; the rest is read by the main loop. Owns the counters.
"""

from protocol.interpreter import const

LATE_US = const(1500)  # a tick that comes this long after the one before is counted
_MOST = const(65535)


class Statistics:
    """Counters since reset; they stop at 65535."""

    def __init__(self) -> None:
        self.ticks_late = 0
        self.worst_tick_us = 0
        self.worst_pass_ms = 0
        self.errors = 0  # exceptions that reached tick or main loop
        self.last_error = ""

    def tick(self, tick_us: int) -> None:
        """One tick came `tick_us` after the one before."""
        if tick_us >= LATE_US:
            if self.ticks_late < _MOST:
                self.ticks_late += 1
            if tick_us > self.worst_tick_us:
                self.worst_tick_us = tick_us

    def main_pass(self, ms: int) -> None:
        """One pass of the main loop, `ms` after the one before."""
        if ms > self.worst_pass_ms:
            self.worst_pass_ms = ms

    def error(self, error: BaseException) -> None:
        """Keep what went wrong (not in the tick: it allocates)."""
        if self.errors < _MOST:
            self.errors += 1
        self.last_error = "%s: %s" % (type(error).__name__, error)
