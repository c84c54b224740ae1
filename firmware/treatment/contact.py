"""Are the needles in skin? An estimate from the motor's current, honest about when it cannot know.

Running free the motor draws a steady 40 mA; each puncture adds work. At small depths the work is
lost in the noise, so there are three answers, and dose counts `UNSURE` as contact (more is
counted than happened, never less) while dwell and idle only act on what is sure.
Owns the filtered current and the free-running baseline. Runs in the tick, allocates nothing.
"""

from protocol.interpreter import const

FREE = const(0)
UNSURE = const(1)
CONTACT = const(2)

SETTLE_MS = const(250)  # after the start: ramp and control have settled
BASELINE_MA = const(45)  # before this run has shown less: friction 0.22 mNm / 5.35 mNm/A, and noise
DISCERNIBLE_UA = const(6000)  # a rise below 6 mA cannot be told from friction that changes
_FILTER = const(6)  # 1/64 per ms: 64 ms, six strokes at 100 Hz
_CREEP = const(12)  # the baseline follows upwards by 1/4096 of the difference per ms: 4 s


class ContactEstimate:
    """`level` is FREE, UNSURE or CONTACT."""

    def __init__(self) -> None:
        self.level = UNSURE
        self.current_ua = 0  # filtered
        self.baseline_ua = BASELINE_MA * 1000
        self._run_ms = 0
        self._rise_ua = 0  # that contact must at least make

    def begin(self, depth_um: int, pins: int) -> None:
        """A run begins at 50..2500 um with `pins` needles.

        Work of one stroke rises with the square of the depth until the skin gives way at about
        0.3 mm and linearly after: 12 needles at 0.055 N add 8 mA at 0.5 mm and 23 mA at 1.0 mm
        where they go in all the way, a third of that under a light hand.
        """
        rise_ua = (depth_um - 200) * 28 * pins // 12 if depth_um > 200 else 0
        self._rise_ua = rise_ua // 3
        self.level = UNSURE
        self._run_ms = 0

    def step(self, current_ma: int, ms: int) -> None:
        """One tick of RUNNING."""
        self._run_ms += ms
        if self._run_ms < SETTLE_MS:
            self.current_ua = current_ma * 1000
            return
        # 3000 mA in uA is 3e6: far inside 30 bits.
        current_ua = self.current_ua + ((current_ma * 1000 - self.current_ua) >> _FILTER)
        self.current_ua = current_ua
        if self._run_ms < 2 * SETTLE_MS:
            return
        above_ua = current_ua - self.baseline_ua
        if above_ua < 0:
            self.baseline_ua = current_ua
        elif self.level == FREE:
            self.baseline_ua += above_ua >> _CREEP
        if self._rise_ua < DISCERNIBLE_UA:
            self.level = UNSURE
        elif above_ua >= self._rise_ua:
            self.level = CONTACT
        elif above_ua < self._rise_ua >> 1:
            self.level = FREE
