"""Are the needles in skin? An estimate from the motor's mean current, honest where it cannot know.

The current sensor shows magnitudes, and these swing with every stroke; what a whole stroke takes
from the motor shows in the balance of voltages: mean current = (duty * rail - kt * speed) / R. It
is quiet to 0.3 mA, so even 0.25 mm under a light hand (2.5 mA) is seen. Running free takes 41 mA
at any rate, but the scale of kt shifts that by tens of mA from pen to pen, so no level is trusted:
only a step between two levels within the run (a touch or a lift) makes CONTACT or FREE.

Until then the answer is LIKELY where more flows than a nominal pen takes in air, else UNSURE, and
always UNSURE with nano tips. Dwell and idle take LIKELY for contact and believe a step that is
likely: the lightest touch. But a hand that wanders in firm skin may make such a step as well, so
dose leaves out what is FREE only after a step that was sure: rather more than happened than less.
Owns filter, baseline and the extremes of the run. Runs in the tick.
"""

from firmware import words as place
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

FREE = const(0)
UNSURE = const(1)
LIKELY = const(2)
CONTACT = const(3)

SEEN = const(1)  # of CONTACT_KNOWN: a step that is likely to be one,
SURE = const(2)  # and one that nothing else can be

SAMPLE_MS = const(4)  # one sample is the mean of so many ticks

# Words, restated: an imported name would be looked up at run time.
_RATE_SET_CHZ = const(46)
_CONTACT_LEVEL = const(513)
_CONTACT_KNOWN = const(514)
_CONTACT_RUN_MS = const(515)
_CONTACT_SUM_UA = const(516)
_CONTACT_UA = const(517)
_BASELINE_UA = const(518)
_RISE_UA = const(519)
_LOW_UA = const(520)
_HIGH_UA = const(521)

_FREE = const(0)
_UNSURE = const(1)
_LIKELY = const(2)
_CONTACT = const(3)
_SEEN = const(1)
_SURE = const(2)
_SAMPLE_MS = const(4)
_SETTLE_MS = const(400)  # after the start: ramp and control have settled
_MEAN_UNTIL_MS = const(656)  # the filter begins with a mean over 256 ms
_FREE_UA = const(41_500)  # of the nominal pen: friction 0.22 mNm / 5.35 mNm/A
_NOISE_UA = const(600)  # the lowest of many samples lies this far below their mean
_STEP_MIN_UA = const(2800)  # noise alone spans 2.2 mA within a minute
_AIR_MA = const(100)  # kt 5 % off at 100 Hz: 41.5 + 5 * 11; more than that is skin, and its
_WANDER = const(3)  # load wanders: by 5.5 mA at 145, by 7.4 at 271; half as much again is asked for
# Sure: a hand wanders by 8 % at 1.3 Hz, of which the filter leaves 7 % from crest to trough; twice
# that is asked for of all that flows, as if a pen took nothing in air.
_SURE_MIN_UA = const(3000)
_SURE_WANDER = const(3)
_RAIL_MV_PER_5_COUNTS = const(6)  # 6000 mV / 5000 counts
_EMF_UV_PER_CHZ = const(336)  # 5.35 mVs/rad * 2 pi / 100, in uV per 0.01 Hz
_UA_PER_MV = const(326)  # 1 / 3.07 ohm: winding 2.83, bridge 0.24
_BALANCE_MOST_MV = const(3000)
_FILTER = const(6)  # 1/64 per sample: 256 ms
_CREEP = const(11)  # the extremes follow by 1/2048 of the difference per sample: 8 s
_FALL = const(4)  # the baseline goes down in 64 ms, so that single lows do not set it,
_RISE = const(11)  # and up in 8 s, in air only


@micropython.viper
def begin(words, depth_um: int, pins: int):  # type: ignore[no-untyped-def]
    """A run begins at 50..2500 um with `pins` needles.

    12 needles under a light hand add 2.5 mA at 0.25 mm and 21 mA at 1.00 mm; half of that is
    asked for.
    """
    w = ptr32(words)
    rise_ua = 0
    if pins != 0 and depth_um >= 250:
        rise_ua = (depth_um - 125) * 10 * pins // 12  # at least 1250: four times the noise
    w[_RISE_UA] = rise_ua
    settle(words)


@micropython.viper
def settle(words):  # type: (Words) -> None
    """Measure from the beginning: a run begins, or the motor was off or held up for a moment.

    To come up to speed again takes more than a touch does. Taken for one, it would make air of the
    skin before it.
    """
    w = ptr32(words)
    w[_CONTACT_LEVEL] = _UNSURE
    w[_CONTACT_KNOWN] = 0
    w[_CONTACT_RUN_MS] = 0
    w[_CONTACT_SUM_UA] = 0


@micropython.viper
def sample(words, duty: int, rate_chz: int):  # type: ignore[no-untyped-def]
    """One sample of RUNNING: mean duty -5000..5000 counts, mean rate 0..30000."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    if rate_chz < w[_RATE_SET_CHZ] >> 1:
        settle(words)  # no touch takes half of the rate: the cam was held up
    run_ms = w[_CONTACT_RUN_MS] + _SAMPLE_MS
    w[_CONTACT_RUN_MS] = run_ms
    if run_ms <= _SETTLE_MS:
        return
    # 30 000 * 336 = 1.0e7; 64 samples of 3000 mV * 326 = 6.3e7.
    balance_mv = duty * _RAIL_MV_PER_5_COUNTS // 5 - rate_chz * _EMF_UV_PER_CHZ // 1000
    if balance_mv > _BALANCE_MOST_MV:
        balance_mv = _BALANCE_MOST_MV
    elif balance_mv < -_BALANCE_MOST_MV:
        balance_mv = -_BALANCE_MOST_MV
    sample_ua = balance_mv * _UA_PER_MV
    if run_ms <= _MEAN_UNTIL_MS:
        sum_ua = (((w[_CONTACT_SUM_UA] + half) & mask) - half) + sample_ua
        w[_CONTACT_SUM_UA] = sum_ua
        sample_ua = sum_ua * _SAMPLE_MS // (run_ms - _SETTLE_MS)
        w[_CONTACT_UA] = sample_ua
        w[_LOW_UA] = sample_ua
        w[_HIGH_UA] = sample_ua
        return
    current_ua = ((w[_CONTACT_UA] + half) & mask) - half
    current_ua += (sample_ua - current_ua) >> _FILTER
    w[_CONTACT_UA] = current_ua
    if w[_RISE_UA] == 0:
        return
    # The extremes: at once outwards, slowly inwards, so that old ones are forgotten.
    low_ua = ((w[_LOW_UA] + half) & mask) - half
    if current_ua <= low_ua:
        low_ua = current_ua
    else:
        low_ua += (current_ua - low_ua) >> _CREEP
    w[_LOW_UA] = low_ua
    high_ua = ((w[_HIGH_UA] + half) & mask) - half
    if current_ua >= high_ua:
        high_ua = current_ua
    else:
        high_ua += (current_ua - high_ua) >> _CREEP
    w[_HIGH_UA] = high_ua
    _decide(words)


@micropython.viper
def _decide(words):  # type: (Words) -> None
    """Wait for a clear step; from then on compare with the baseline."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    rise_ua = w[_RISE_UA]
    current_ua = ((w[_CONTACT_UA] + half) & mask) - half
    low_ua = ((w[_LOW_UA] + half) & mask) - half
    high_ua = ((w[_HIGH_UA] + half) & mask) - half
    baseline_ua = ((w[_BASELINE_UA] + half) & mask) - half
    step_ua = rise_ua + (rise_ua >> 1)
    if step_ua < _STEP_MIN_UA:
        step_ua = _STEP_MIN_UA
    air_ua = int(_AIR_MA) * 1000  # a constant of its size would cost machine code more
    if low_ua > air_ua:
        step_ua += (low_ua - air_ua) >> _WANDER
    known = w[_CONTACT_KNOWN]
    if high_ua - low_ua >= step_ua:
        if known == 0 or low_ua - baseline_ua > rise_ua >> 1:
            known = int(_SEEN)
            baseline_ua = low_ua + _NOISE_UA
        sure_ua = int(_SURE_MIN_UA)
        if low_ua > 0:
            sure_ua += low_ua >> _SURE_WANDER
        if high_ua - low_ua >= sure_ua:
            known = int(_SURE)
        w[_CONTACT_KNOWN] = known
    level = w[_CONTACT_LEVEL]
    if known == 0:
        level = _UNSURE
        if current_ua >= _FREE_UA + rise_ua:
            level = _LIKELY
    else:
        above_ua = current_ua - baseline_ua
        if above_ua < 0:
            baseline_ua += above_ua >> _FALL
        elif level == _FREE:
            baseline_ua += above_ua >> _RISE
        if above_ua >= rise_ua:
            level = _CONTACT
        elif above_ua < rise_ua - (rise_ua >> 2) or level != _CONTACT:
            level = _FREE
    w[_BASELINE_UA] = baseline_ua
    w[_CONTACT_LEVEL] = level


class ContactEstimate:
    """`level` is FREE, UNSURE, LIKELY or CONTACT, in this order."""

    level = place.named(place.CONTACT_LEVEL)
    current_ua = place.named(place.CONTACT_UA)  # filtered
    baseline_ua = place.named(place.BASELINE_UA)  # running free, once known

    def __init__(self, words: "Words") -> None:
        self.words = words
        self.level = UNSURE
