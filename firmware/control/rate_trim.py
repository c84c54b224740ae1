"""Makes the observed speed exact: the tachometer corrects it, slowly, within bounds.

Purpose: the back-EMF speed is quick but a few percent off (resistance, magnet, sense gain); the
tachometer is exact but a revolution late. Both are averaged over the same last revolution; their
difference is the correction. Owns: the averages and the correction.

The correction is bounded, so a tachometer that goes silent cannot make the motor run away; safety
judges the disagreement.
"""

from hardware.board.rev_a import TACH_PER_REVOLUTION
from protocol.interpreter import const

_SHIFT = const(2)  # a quarter of the difference per pulse: settled to 1 % in four revolutions
_BOUND_SHARE_SHIFT = const(3)  # an eighth of the rate ...
_BOUND_CHZ = const(300)  # ... and 3 Hz


class RateTrim:
    """Correction from tachometer to observer."""

    def __init__(self) -> None:
        self.sum_chz = 0  # of observed speed since the last pulse, see `pulse`
        self.ticks = 0
        self._sums = [0] * TACH_PER_REVOLUTION  # the same for the last four intervals
        self._counts = [0] * TACH_PER_REVOLUTION
        self._at = 0
        self._filled = 0
        self.correction_chz = 0

    def reset(self) -> None:
        """Forget averages and correction."""
        self.sum_chz = self.ticks = self._at = self._filled = 0
        self.correction_chz = 0

    def pulse(self, rate_chz: int) -> None:
        """Close an interval: `sum_chz` and `ticks`, which the caller adds to, make its mean.

        80 ticks (the longest interval that counts) * 24 000 chz < 2^21; `rate_chz` is the
        tachometer's over the revolution that ends now.
        """
        at = self._at
        sums = self._sums
        counts = self._counts
        sums[at] = self.sum_chz
        counts[at] = self.ticks
        self.sum_chz = self.ticks = 0
        self._at = (at + 1) & 3
        if self._filled < TACH_PER_REVOLUTION:
            # The interval before the first pulse is not a whole one.
            self._filled += 1
            return
        ticks = counts[0] + counts[1] + counts[2] + counts[3]
        observed_chz = (sums[0] + sums[1] + sums[2] + sums[3]) // ticks
        correction_chz = self.correction_chz
        correction_chz += (rate_chz - observed_chz - correction_chz) >> _SHIFT
        bound_chz = (rate_chz >> _BOUND_SHARE_SHIFT) + _BOUND_CHZ
        self.correction_chz = min(max(correction_chz, -bound_chz), bound_chz)
