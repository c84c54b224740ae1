"""Stroke rate from the tachometer's edge times.

Purpose: the exact rate. Four marks per revolution are not quite evenly spaced, so the rate is taken
over the last four intervals, a full revolution, where the spacing cancels; after a start over as
many as there are. Owns: the words PULSES_SEEN..MEASURED_CHZ, and writes PULSE_DELTA, RATE_CHZ and
PULSE_AGE_MS.
"""

from firmware import words as place
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

_NOW_US = const(0)
_TACH_COUNT = const(1)
_TACH_EDGE_US = const(2)
_PULSE_DELTA = const(19)
_RATE_CHZ = const(20)
_PULSE_AGE_MS = const(21)
_PULSES_SEEN = const(51)
_PULSE_US = const(52)
_INTERVALS_US = const(53)
_EDGES = const(57)
_OVERDUE_US = const(58)
_MEASURED_CHZ = const(59)

_STOPPED_MS = const(80)  # no pulse for this long is a rate of 0 (slower than 3 Hz)
_RATE_MAX_CHZ = const(30_000)  # beyond it is noise
_AGE_MAX_MS = const(1000)
_PER_REVOLUTION = const(4)
# One interval is a quarter revolution: rate_chz = 100 * 1e6 / (4 * interval_us), in thousands.
_CHZ_US = const(25_000)


def begin(words: "Words") -> None:
    """Count from what the first look has shown."""
    words[place.PULSES_SEEN] = words[place.TACH_COUNT]
    words[place.PULSE_US] = words[place.NOW_US]
    words[place.PULSE_AGE_MS] = 0
    words[place.EDGES] = 0


@micropython.viper
def measure(words):  # type: (Words) -> None
    """Take the pulses since the last tick: rate, pulses and the age of the last."""
    w = ptr32(words)
    count = w[_TACH_COUNT]
    delta = (count - w[_PULSES_SEEN]) & 0xFFFF
    w[_PULSE_DELTA] = delta
    edges = w[_EDGES]
    stopped_us = int(_STOPPED_MS) * 1000
    if delta != 0:
        w[_PULSES_SEEN] = count
        interval_us = w[_TACH_EDGE_US] - w[_PULSE_US]
        interval_us -= interval_us >> 30 << 30
        w[_PULSE_US] = w[_TACH_EDGE_US]
        if edges == 0 or interval_us > stopped_us:
            # The first edge after standstill closes no interval.
            edges = 1
            w[_OVERDUE_US] = stopped_us
            w[_MEASURED_CHZ] = 0
        else:
            newest = _INTERVALS_US
            if delta > 1:
                # A late tick saw several edges and only the last one's time: share it out.
                interval_us = interval_us // delta
                w[newest + 2] = interval_us
                w[newest + 1] = interval_us
                w[newest] = interval_us
            if interval_us < 1:
                interval_us = 1
            w[newest + 3] = w[newest + 2]
            w[newest + 2] = w[newest + 1]
            w[newest + 1] = w[newest]
            w[newest] = interval_us
            known = edges - 1 + delta
            if known > _PER_REVOLUTION:
                known = _PER_REVOLUTION
            edges = known + 1
            span_us = 0
            interval = 0
            while interval < known:
                span_us += w[newest + interval]
                interval += 1
            # 25e6 * 4 = 1e8 < 2^30
            rate_chz = int(_CHZ_US) * 1000 * known // span_us
            w[_MEASURED_CHZ] = rate_chz if rate_chz < _RATE_MAX_CHZ else _RATE_MAX_CHZ
            w[_OVERDUE_US] = span_us * 5 // (4 * known)
        w[_EDGES] = edges
    elif edges == 0 and w[_PULSE_AGE_MS] == _AGE_MAX_MS:
        return  # once old, always old: the clock wraps after 18 minutes
    age_us = w[_NOW_US] - w[_PULSE_US]
    age_us -= age_us >> 30 << 30
    if age_us <= w[_OVERDUE_US] and edges > 1:
        w[_RATE_CHZ] = w[_MEASURED_CHZ]
        w[_PULSE_AGE_MS] = age_us // 1000
    elif age_us <= stopped_us and edges > 0:
        # The next mark is overdue: the shaft cannot be faster than this.
        late_chz = w[_MEASURED_CHZ]
        if age_us > 0 and late_chz > int(_CHZ_US) * 1000 // age_us:
            late_chz = int(_CHZ_US) * 1000 // age_us
        w[_RATE_CHZ] = late_chz
        w[_PULSE_AGE_MS] = age_us // 1000
    else:
        w[_RATE_CHZ] = 0
        w[_MEASURED_CHZ] = 0
        age_ms = age_us // 1000
        if age_ms >= _AGE_MAX_MS:
            age_ms = _AGE_MAX_MS
            w[_EDGES] = 0
        elif edges > 1:
            w[_EDGES] = 1
        w[_PULSE_AGE_MS] = age_ms
