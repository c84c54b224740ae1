"""The verdict: which state follows, what it may do, and what is kept of how the last one ended.

Takes at most one row of the state table per tick; equal facts in an equal state take none. Depth
and rate are taken over at the press of the pen's own button, checked again there, and held;
nothing that changes later reaches a run. Owns state, mode, grants and the reasons for the last end.
"""

from array import array

from firmware.modes import (
    MODE_HOME,
    MODE_OFF,
    MODE_PARK,
    MODE_POSITION,
    MODE_RUN,
)
from firmware.safety import rules
from firmware.safety.faults import trip
from firmware.safety.grant import may_grant
from firmware.safety.transitions import TABLE, find, stop_reason
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

# By state: what motion may do. In PARKING a fault may reduce it to MODE_WITHDRAW. In FAULT a stage
# that has not been home since the reset still goes there, because the reset may have left needles
# out; a stage that has holds still.
MODES = array(
    "i",
    (
        MODE_HOME,  # boot
        MODE_OFF,  # idle
        MODE_OFF,  # cartridge ok
        MODE_OFF,  # configured
        MODE_OFF,  # armed
        MODE_POSITION,
        MODE_RUN,
        MODE_PARK,
        MODE_HOME,  # fault
    ),
)
# Rule by rule: in which states it is looked at, and which condition bit it owns (0: none).
RULE_STATES = array("i", [row[4] for row in rules.ROWS])
RULE_BITS = array("i", [1 << row[6] if row[5] == rules.TELL else 0 for row in rules.ROWS])

# Words, restated: an imported name would be looked up at run time.
_MODE = const(28)
_GRANT_DEPTH_UM = const(29)
_GRANT_RATE_CHZ = const(30)
_STANDING = const(257)
_STATE = const(275)
_STATE_MS = const(276)
_STATE_OVER = const(277)
_OVERDUE = const(278)
_FACTS = const(279)
_FACTS_SEEN = const(280)
_STOP = const(281)
_STOP_REASON = const(282)
_END_REASON = const(283)
_RAN = const(284)
_RUNS = const(285)
_CLEAR_MOTION = const(286)
_FAULT = const(287)
_FAULT_RANK = const(288)
_DRIVE_TO_PARK = const(290)
_RUN_DEPTH_UM = const(304)
_RUN_RATE_CHZ = const(305)
_RUN_CURRENT_MA = const(306)
_RUN_LATCH = const(307)
_IDLE_MS = const(309)
_LATCH = const(351)
_ZONE_DEPTH_UM = const(354)
_ZONE_RATE_CHZ = const(355)
_CARTRIDGE_MA = const(357)
_OUTSIDE_MS = const(362)
_RULES_BUSY = const(522)

# States, codes and bits, likewise (tests compare).
_RULES = const(40)
_ARMED = const(4)
_POSITIONING = const(5)
_RUNNING = const(6)
_PARKING = const(7)
_TAKE_GRANT = const(1)
_CLEAR = const(2)
_NEXT = const(3)  # columns of the table
_ACTION = const(4)
_STOP_BUTTON = const(1)
_FAULT_INTERNAL = const(63)
_BIT_SELF_TEST = const(1)


@micropython.viper
def judge(words):  # type: (Words) -> None
    """One look at the state table, in a tick whose facts are not those of the tick before."""
    w = ptr32(words)
    facts = w[_FACTS]
    w[_FACTS_SEEN] = facts
    at = int(find(TABLE, w[_STATE], facts))
    if at != 0:
        enter(words, at)
    if w[_STATE] < _ARMED:
        w[_STOP] = 0  # nothing left to stop


@micropython.viper
def enter(words, at: int):  # type: ignore[no-untyped-def]
    """Change to the state of the row at `at`."""
    w = ptr32(words)
    table = ptr32(TABLE)
    state = table[at + _NEXT]
    action = table[at + _ACTION]
    before = w[_STATE]
    if action == _TAKE_GRANT:
        if int(may_grant(words)) == 0:
            trip(words, _FAULT_INTERNAL)  # the plan was checked: the pen has a bug
            return
        w[_RUN_DEPTH_UM] = w[_ZONE_DEPTH_UM]
        w[_RUN_RATE_CHZ] = w[_ZONE_RATE_CHZ]
        w[_RUN_CURRENT_MA] = w[_CARTRIDGE_MA]
        w[_RUN_LATCH] = w[_LATCH]
        w[_GRANT_DEPTH_UM] = w[_ZONE_DEPTH_UM]
        w[_GRANT_RATE_CHZ] = w[_ZONE_RATE_CHZ]
    elif action == _CLEAR:
        w[_FAULT] = 0
        w[_FAULT_RANK] = 0
        w[_DRIVE_TO_PARK] = 1
        w[_STANDING] = (w[_STANDING] | _BIT_SELF_TEST) ^ _BIT_SELF_TEST
        w[_CLEAR_MOTION] = 1
    if before >= _ARMED and before <= _RUNNING and (state < _ARMED or state > _RUNNING):
        reason = int(stop_reason(w[_FACTS], w[_STOP]))
        w[_END_REASON] = reason
        if before != _ARMED or w[_RAN] == 0:
            w[_STOP_REASON] = reason
        if reason != _STOP_BUTTON:
            w[_STOP] = reason  # whatever it was, arm must be asked again
    if state == _RUNNING:
        w[_RUNS] = w[_RUNS] + 1
        w[_IDLE_MS] = 0
    elif state != _POSITIONING:
        w[_GRANT_DEPTH_UM] = 0
        w[_GRANT_RATE_CHZ] = 0
        if state == _ARMED:
            w[_RAN] = 1 if before == _PARKING else 0
    w[_STATE] = state
    w[_MODE] = ptr32(MODES)[state]
    w[_STATE_MS] = 0
    w[_STATE_OVER] = 0
    w[_OVERDUE] = 0
    no_facts = 1 << 29
    w[_FACTS_SEEN] = no_facts << 1  # none look so: the next tick is judged again
    # A rule that is not looked at any more forgets what it saw.
    w[_RULES_BUSY] = 1
    number = 0
    while number < _RULES:
        if w[_OUTSIDE_MS + number] != 0:  # few are, and where it is 0 no bit is set
            _forget(words, number, state)
        number += 1


@micropython.viper
def _forget(words, number: int, state: int):  # type: ignore[no-untyped-def]
    """A rule that is not looked at in `state` has seen nothing."""
    if ptr32(RULE_STATES)[number] >> state & 1 == 0:
        w = ptr32(words)
        bit = ptr32(RULE_BITS)[number]
        w[_OUTSIDE_MS + number] = 0
        w[_STANDING] = (w[_STANDING] | bit) ^ bit
