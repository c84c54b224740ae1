"""The supervisor: one tick of judgement. It alone grants, and it can only reduce.

Each tick, in this order: conditions, what the main loop asks, measures, rules, events, the state
table, the drive-enable line. Everybody else asks (`requests.py`), and the next tick takes it in.
Safety comes after the senses and before motion, so nothing moves in a tick that it has not judged.
Owns nothing but the order: each kernel owns its words, and `Supervisor` shows them.
"""

from firmware import words as place
from firmware.safety.conditions import Conditions, condition
from firmware.safety.drive_line import hold
from firmware.safety.events import event, take
from firmware.safety.faults import Faults, trip
from firmware.safety.measures import measure, measure_passage, measure_rest, measure_run
from firmware.safety.rules import walk
from firmware.safety.stop_path import StopPathProof
from firmware.safety.verdict import MODES, judge
from protocol import codes
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.ports import ExpiringEnable
    from firmware.words import Words

# Words, restated: an imported name would be looked up at run time.
_LINE = const(31)
_KICK = const(32)
_ASK_FAULT = const(269)
_ASK_SELF_TEST = const(273)
_ASK_SESSION = const(274)
_STATE = const(275)
_FACTS = const(279)
_FACTS_SEEN = const(280)
_LINE_ASKED = const(311)

_POSITIONING = const(5)
_RUNNING = const(6)
_PARKING = const(7)
_OUT_GRANT = const(1)


@micropython.viper
def supervise(words):  # type: (Words) -> None
    """Judge one tick."""
    w = ptr32(words)
    condition(words)
    if w[_ASK_FAULT] | w[_ASK_SELF_TEST] | w[_ASK_SESSION]:
        take(words)
    measure(words)
    state = w[_STATE]
    if state == _RUNNING:
        measure_run(words)
    elif state == _POSITIONING or state == _PARKING:
        measure_passage(words)
    else:
        measure_rest(words)
    walk(words)
    event(words)
    if w[_FACTS] != w[_FACTS_SEEN]:
        judge(words)
    if w[_STATE] == _RUNNING:
        # What `hold` would do, without the call: the line for one more tick.
        w[_LINE] = _OUT_GRANT
        w[_KICK] = 1
        w[_LINE_ASKED] = 1
    else:
        hold(words)


class Supervisor:
    """What the judge has decided. `supervise` judges, after the senses and before motion."""

    state = place.named(place.STATE)
    mode = place.named(place.MODE)
    depth_um = place.named(place.GRANT_DEPTH_UM)  # granted; 0 outside POSITIONING and RUNNING
    rate_chz = place.named(place.GRANT_RATE_CHZ)
    stop_reason = place.named(place.STOP_REASON)  # of the last run, or of an arming without one
    end_reason = place.named(place.END_REASON)  # of the last run or arming, whichever was later
    runs = place.named(place.RUNS)  # entries into RUNNING since reset
    session_ms = place.named(place.SESSION_MS)  # needles running since the session began
    tethered = place.named(place.TETHERED)
    latch = place.named(place.RUN_LATCH)  # of the run that was granted

    def __init__(self, words: "Words", enable: "ExpiringEnable") -> None:
        self.words = words
        self._cut = enable.cut
        self.conditions = Conditions(words)
        self.faults = Faults(words)
        self.proof = StopPathProof(words)
        self.state = codes.STATE_BOOT
        self.mode = MODES[codes.STATE_BOOT]
        words[place.FACTS_SEEN] = -1  # no facts look so: the first tick is judged

    def panic(self) -> None:
        """After an exception in the tick: the line is cut now, the state follows in the next."""
        self._cut()
        words = self.words
        words[place.LINE] = place.LINE_CUT
        words[place.LINE_ASKED] = 0
        trip(words, codes.FAULT_INTERNAL)
