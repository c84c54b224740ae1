"""Proof of the stop path: drive-enable really falls, for every reason for which it must.

Run in the tick, with the bridge braked, so nothing moves while the line is up. Three falls are
proven: by itself when nobody grants (countdown), when it is cut, and when the external watchdog
is not kicked. Without a cartridge the seat contact must keep the line low; that is proven instead.
Owns the steps of one proof. Answers H39 before the first start with every cartridge.
"""

from array import array

from firmware import words as place
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

# What the line is asked for in a tick.
LINE_CUT = const(0)
LINE_GRANT = const(1)
LINE_LEAVE = const(2)  # neither: the countdown runs on
LINE_STARVE = const(3)  # granted, but the watchdog is not kicked

# What went wrong, as bits.
NO_RISE = const(1)  # granted, but the line stayed low
NO_EXPIRY = const(2)  # 9 ms without a grant, and the line is still high
NO_CUT = const(4)  # cut, and the line is still high after 3 ms
NO_WATCHDOG = const(8)  # 25 ms without a kick, and the line is still high
SEAT_OPEN_HIGH = const(16)  # no cartridge, but the line rose
CURRENT_FLOWED = const(32)  # the braked bridge drew current
ABORTED = const(64)  # disturbed: the cartridge came or went, a tick was late, something started

CURRENT_MA = const(100)  # more than this with the bridge braked is no noise
LATE_US = const(2000)  # the steps below are counted in ticks, so a late one spoils the proof

# The steps in order: ticks, what is asked, level that the seated line must have after them, and
# the bit that says it has not. The watchdog allows 20 ms; out of its alarm it needs two kicks.
STEPS = (
    (6, LINE_GRANT, 1, NO_RISE),
    (9, LINE_LEAVE, 0, NO_EXPIRY),
    (4, LINE_GRANT, 1, NO_RISE),
    (3, LINE_CUT, 0, NO_CUT),
    (4, LINE_GRANT, 1, NO_RISE),
    (25, LINE_STARVE, 0, NO_WATCHDOG),
    (4, LINE_CUT, 0, NO_CUT),
)
TABLE = array("i", [number for step in STEPS for number in step])

# Words, restated: an imported name would be looked up at run time.
_SEAT = const(9)
_ENABLE_LEVEL = const(14)
_TICK_US = const(18)
_CURRENT_MA = const(22)
_SEATED = const(264)
_PROOF_ACTIVE = const(342)
_PROOF_STEP = const(343)
_PROOF_TICKS = const(344)
_PROOF_SEATED = const(345)
_PROOF_FAILED = const(346)
_PROOF_DONE = const(347)

# Columns of the table, and the bits from above (tests compare).
_COLUMNS = const(4)
_ASKED = const(1)
_LEVEL = const(2)
_WRONG = const(3)
_STEPS = const(7)
_CURRENT_MOST_MA = const(100)
_LATE_FROM_US = const(2000)
_SEAT_HIGH = const(16)
_FLOWED = const(32)
_SPOILT = const(64)


@micropython.viper
def begin(words):  # type: (Words) -> None
    """Start a proof with the next tick."""
    w = ptr32(words)
    w[_PROOF_ACTIVE] = 1
    w[_PROOF_FAILED] = 0
    w[_PROOF_STEP] = 0
    w[_PROOF_TICKS] = 0
    w[_PROOF_SEATED] = w[_SEATED]


@micropython.viper
def step(words) -> int:  # type: ignore[no-untyped-def]
    """Judge the line as read back, and say what to ask of it in this tick (LINE_*)."""
    w = ptr32(words)
    steps = ptr32(TABLE)
    seat = w[_SEAT]
    failed = w[_PROOF_FAILED]
    at = w[_PROOF_STEP]
    ticks = w[_PROOF_TICKS]
    ended = 0
    if seat != w[_PROOF_SEATED] or w[_TICK_US] > _LATE_FROM_US:
        w[_PROOF_FAILED] = failed | _SPOILT
        w[_PROOF_ACTIVE] = 0
        return 0
    if w[_CURRENT_MA] > _CURRENT_MOST_MA:
        failed |= _FLOWED  # ends at once: what should be braked is driven
        ended = 1
    elif w[_ENABLE_LEVEL] and seat == 0:
        failed |= _SEAT_HIGH
        ended = 1
    elif ticks >= steps[at * _COLUMNS]:
        if w[_ENABLE_LEVEL] != (steps[at * _COLUMNS + _LEVEL] if seat else 0):
            failed |= steps[at * _COLUMNS + _WRONG]
        at += 1
        ticks = 0
        if at == _STEPS:
            ended = 1
    w[_PROOF_FAILED] = failed
    if ended != 0:
        w[_PROOF_ACTIVE] = 0
        w[_PROOF_DONE] = w[_PROOF_DONE] + 1
        return 0
    w[_PROOF_STEP] = at
    w[_PROOF_TICKS] = ticks + 1
    return int(steps[at * _COLUMNS + _ASKED])


class StopPathProof:
    """What is known of the last proof, or of the one under way."""

    asked = place.named(place.ASK_PROOF)
    active = place.named(place.PROOF_ACTIVE)
    failed_bits = place.named(place.PROOF_FAILED)  # of the last proof, 0 = all held
    done_count = place.named(place.PROOF_DONE)  # proofs carried to their end since reset

    def __init__(self, words: "Words") -> None:
        self.words = words
