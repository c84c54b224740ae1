"""Makes the observed speed exact: the tachometer corrects it, slowly, within bounds.

Purpose: the back-EMF speed is quick but a few percent off (resistance, magnet, sense gain); the
tachometer is exact but a revolution late. Both are averaged over the same last revolution; their
difference is the correction. Owns: the averages and the correction, TRIM_*.

The correction is bounded, so a tachometer that goes silent cannot make the motor run away; safety
judges the disagreement.
"""

from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

_RATE_CHZ = const(20)
_TRIM_SUM_CHZ = const(101)
_TRIM_TICKS = const(102)
_TRIM_SUMS = const(103)
_TRIM_COUNTS = const(107)
_TRIM_AT = const(111)
_TRIM_FILLED = const(112)
_TRIM_CHZ = const(113)

_TACH_PER_REVOLUTION = const(4)
_SHIFT = const(2)  # a quarter of the difference per pulse: settled to 1 % in four revolutions
_BOUND_SHARE_SHIFT = const(3)  # an eighth of the rate ...
_BOUND_CHZ = const(300)  # ... and 3 Hz


@micropython.viper
def reset(words):  # type: (Words) -> None
    """Forget averages and correction."""
    w = ptr32(words)
    w[_TRIM_SUM_CHZ] = 0
    w[_TRIM_TICKS] = 0
    w[_TRIM_AT] = 0
    w[_TRIM_FILLED] = 0
    w[_TRIM_CHZ] = 0


@micropython.viper
def pulse(words):  # type: (Words) -> None
    """Close an interval: TRIM_SUM_CHZ and TRIM_TICKS, which the caller adds to, make its mean.

    100 ticks (a silence of 80 ends it) * 24 000 chz < 2^22; RATE_CHZ is the tachometer's over the
    revolution that ends now.
    """
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    at = w[_TRIM_AT]
    sums = _TRIM_SUMS
    counts = _TRIM_COUNTS
    w[sums + at] = w[_TRIM_SUM_CHZ]
    w[counts + at] = w[_TRIM_TICKS]
    w[_TRIM_SUM_CHZ] = 0
    w[_TRIM_TICKS] = 0
    w[_TRIM_AT] = (at + 1) & 3
    filled = w[_TRIM_FILLED]
    if filled < _TACH_PER_REVOLUTION:
        # The interval before the first pulse is not a whole one.
        w[_TRIM_FILLED] = filled + 1
        return
    ticks = w[counts] + w[counts + 1] + w[counts + 2] + w[counts + 3]
    sum_chz = w[sums] + w[sums + 1] + w[sums + 2] + w[sums + 3]
    observed_chz = (((sum_chz + half) & mask) - half) // ticks
    rate_chz = w[_RATE_CHZ]
    trim_chz = ((w[_TRIM_CHZ] + half) & mask) - half
    trim_chz += (rate_chz - observed_chz - trim_chz) >> _SHIFT
    bound_chz = (rate_chz >> _BOUND_SHARE_SHIFT) + _BOUND_CHZ
    if trim_chz > bound_chz:
        trim_chz = bound_chz
    elif trim_chz < -bound_chz:
        trim_chz = -bound_chz
    w[_TRIM_CHZ] = trim_chz
