"""Are the needles in skin? An estimate from the motor's mean current, honest where it cannot know.

The current sensor shows magnitudes, and these swing with every stroke; what a whole stroke takes
from the motor shows in the balance of voltages: mean current = (duty * rail - kt * speed) / R. It
is quiet to 0.3 mA, so even 0.25 mm under a light hand (2.5 mA) is seen. Running free takes 41 mA
at any rate, but the scale of kt shifts that by tens of mA from pen to pen, so no level is trusted:
only a clear step between two levels within the run (a touch or a lift) makes CONTACT or FREE.

Until then the answer is LIKELY where more flows than a nominal pen takes in air, else UNSURE, and
always UNSURE with nano tips. Dose counts everything but FREE (rather more than happened than
less); dwell and idle take LIKELY for contact. Owns filter, baseline and the extremes of the run.
Runs in the tick, allocates nothing.
"""

from protocol.interpreter import const

FREE = const(0)
UNSURE = const(1)
LIKELY = const(2)
CONTACT = const(3)

SAMPLE_MS = const(4)  # one sample is the mean of so many ticks
SETTLE_MS = const(400)  # after the start: ramp and control have settled
MEAN_MS = const(256)  # then the filter begins with a mean over this time
RISE_MIN_UA = const(1250)  # four times the noise
FREE_UA = const(41_500)  # of the nominal pen: friction 0.22 mNm / 5.35 mNm/A
NOISE_UA = const(600)  # the lowest of many samples lies this far below their mean
STEP_MIN_UA = const(2800)  # noise alone spans 2.2 mA within a minute
_RAIL_MV_PER_5_COUNTS = const(6)  # 6000 mV / 5000 counts
_EMF_UV_PER_CHZ = const(336)  # 5.35 mVs/rad * 2 pi / 100, in uV per 0.01 Hz
_UA_PER_MV = const(326)  # 1 / 3.07 ohm: winding 2.83, bridge 0.24
_FILTER = const(6)  # 1/64 per sample: 256 ms
_CREEP = const(11)  # the extremes follow by 1/2048 of the difference per sample: 8 s
_FALL = const(4)  # the baseline goes down in 64 ms, so that single lows do not set it,
_RISE = const(11)  # and up in 8 s, in air only


class ContactEstimate:
    """`level` is FREE, UNSURE, LIKELY or CONTACT, in this order."""

    def __init__(self) -> None:
        self.level = UNSURE
        self.current_ua = 0  # filtered
        self.baseline_ua = 0  # running free, once `_known`
        self._known = False  # a touch or a lift has been seen in this run
        self._run_ms = 0
        self._sum_ua = 0
        self._rise_ua = 0  # that contact must make; 0 = cannot be seen
        self._low_ua = 0
        self._high_ua = 0

    def begin(self, depth_um: int, pins: int) -> None:
        """A run begins at 50..2500 um with `pins` needles.

        12 needles under a light hand add 2.5 mA at 0.25 mm and 21 mA at 1.00 mm; half of that is
        asked for.
        """
        rise_ua = (depth_um - 125) * 10 * pins // 12
        self._rise_ua = 0 if pins == 0 or depth_um < 250 else max(rise_ua, RISE_MIN_UA)
        self.level = UNSURE
        self._known = False
        self._run_ms = 0
        self._sum_ua = 0

    def step(self, duty: int, rate_chz: int) -> None:
        """One sample of RUNNING: mean duty -5000..5000 counts, mean rate 0..30000."""
        self._run_ms += SAMPLE_MS
        if self._run_ms <= SETTLE_MS:
            return
        # 30 000 * 336 = 1.0e7; 64 samples of 3000 mV * 326 = 6.3e7.
        balance_mv = duty * _RAIL_MV_PER_5_COUNTS // 5 - rate_chz * _EMF_UV_PER_CHZ // 1000
        if balance_mv > 3000:
            balance_mv = 3000
        elif balance_mv < -3000:
            balance_mv = -3000
        sample_ua = balance_mv * _UA_PER_MV
        if self._run_ms <= SETTLE_MS + MEAN_MS:
            self._sum_ua += sample_ua
            self.current_ua = self._sum_ua * SAMPLE_MS // (self._run_ms - SETTLE_MS)
            self._low_ua = self._high_ua = self.current_ua
            return
        self.current_ua += (sample_ua - self.current_ua) >> _FILTER
        if self._rise_ua:
            self._decide(self.current_ua)

    def _decide(self, current_ua: int) -> None:
        """Wait for a clear step; from then on compare with the baseline."""
        rise_ua = self._rise_ua
        self._stretch(current_ua)
        step_ua = max(rise_ua + (rise_ua >> 1), STEP_MIN_UA)
        if self._high_ua - self._low_ua >= step_ua and (
            not self._known or self._low_ua - self.baseline_ua > rise_ua >> 1
        ):
            self._known = True
            self.baseline_ua = self._low_ua + NOISE_UA
        if not self._known:
            self.level = LIKELY if current_ua >= FREE_UA + rise_ua else UNSURE
            return
        above_ua = current_ua - self.baseline_ua
        if above_ua < 0:
            self.baseline_ua += above_ua >> _FALL
        elif self.level == FREE:
            self.baseline_ua += above_ua >> _RISE
        if above_ua >= rise_ua:
            self.level = CONTACT
        elif above_ua < rise_ua - (rise_ua >> 2) or self.level != CONTACT:
            self.level = FREE

    def _stretch(self, current_ua: int) -> None:
        """The extremes: at once outwards, slowly inwards, so that old ones are forgotten."""
        if current_ua <= self._low_ua:
            self._low_ua = current_ua
        else:
            self._low_ua += (current_ua - self._low_ua) >> _CREEP
        if current_ua >= self._high_ua:
            self._high_ua = current_ua
        else:
            self._high_ua += (current_ua - self._high_ua) >> _CREEP
