"""How punctual the pen is: ticks that came late, and the slowest pass of the main loop.

Late ticks are counted in the tick itself (`safety.measures`); main loop. Owns the other counters.
"""

from firmware import words as place
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

_MOST = const(65535)


class Statistics:
    """Counters since reset; they stop at 65535."""

    ticks_late = place.named(place.TICKS_LATE)
    worst_tick_us = place.named(place.WORST_TICK_US)

    def __init__(self, words: "Words") -> None:
        self.words = words
        self.worst_pass_ms = 0
        self.errors = 0  # exceptions that reached tick or main loop
        self.last_error = ""

    def main_pass(self, ms: int) -> None:
        """One pass of the main loop, `ms` after the one before."""
        if ms > self.worst_pass_ms:
            self.worst_pass_ms = ms

    def error(self, error: BaseException) -> None:
        """Keep what went wrong (not in the tick: it allocates)."""
        if self.errors < _MOST:
            self.errors += 1
        self.last_error = "%s: %s" % (type(error).__name__, error)
