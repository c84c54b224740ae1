"""Counters of a link, always on: what an error message needs to say why the pen went silent.

Owns the counters; `protocol/requester_link.py` counts.
"""

from protocol.interpreter import const

_HALF = const(0x8000)


class GapCounter:
    """Losses in a stream that is numbered by a 16-bit counter."""

    def __init__(self) -> None:
        self.received = 0
        self.lost = 0
        self.out_of_order = 0
        self._next = -1  # -1: the next one starts the count

    def restart(self) -> None:
        """The sender may have started anew: take its next number as it comes."""
        self._next = -1

    def count(self, number: int) -> int:
        """Count one arrival; how many are missing before it."""
        self.received += 1
        missing = 0
        if self._next >= 0:
            missing = (number - self._next) & 0xFFFF
            if missing >= _HALF:  # behind what was seen already
                self.out_of_order += 1
                return 0
            self.lost += missing
        self._next = (number + 1) & 0xFFFF
        return missing


class LinkStatistics:
    """What happened on the link since it was made; times are the caller's milliseconds."""

    def __init__(self) -> None:
        self.bytes_in = 0
        self.bytes_out = 0
        self.frames_good = 0
        self.frames_bad = 0
        self.last_good_ms = -1  # when the last good frame came, -1 never
        self.longest_silence_ms = 0  # between two good frames
        self.requests = 0
        self.replies = 0
        self.retries = 0
        self.failures = 0  # requests given up
        self.strays = 0  # replies nobody waited for
        self.round_trip_ms = 0  # of the last answered request
        self.round_trip_max_ms = 0
        self.telemetry = GapCounter()
        self.notices = GapCounter()

    def good_frame(self, now_ms: int) -> None:
        """A good frame came at `now_ms`."""
        self.frames_good += 1
        if self.last_good_ms >= 0:
            self.longest_silence_ms = max(self.longest_silence_ms, now_ms - self.last_good_ms)
        self.last_good_ms = now_ms
