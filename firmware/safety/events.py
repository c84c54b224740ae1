"""Events: what happened in this tick, put beside the conditions as the facts of the state table.

`take` takes in what the main loop asks and the table does not decide, `event` makes the facts.
Owns the stop that is being carried out, and the rhythm of the button. The operator's own stop
lives here: in a hold run the released button, in a latched run the next press; nothing but the
debounced switch stands between the two (H13).
"""

from firmware.safety.faults import trip
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

# Words, restated: an imported name would be looked up at run time.
_T_MS = const(17)
_IN_POSITION = const(43)
_NOTE_DUE = const(525)
_CONDITIONS = const(256)
_STANDING = const(257)
_FRESH = const(258)
_PRESS = const(260)
_ASK_STOP = const(268)
_ASK_FAULT = const(269)
_ASK_ARM = const(270)
_ASK_ACKNOWLEDGE = const(271)
_ASK_SELF_TEST = const(273)
_ASK_SESSION = const(274)
_STATE = const(275)
_STATE_OVER = const(277)
_FACTS = const(279)
_STOP = const(281)
_FAULT = const(287)
_FAULT_RANK = const(288)
_DRIVE_TO_PARK = const(290)
_RUN_LATCH = const(307)
_SESSION_MS = const(308)
_PRESS_OLDEST = const(335)
_PRESSED_MS = const(336)
_TETHERED = const(350)
_PLAN_STOP = const(359)
_COUNTING = const(502)
_RUN_STOP = const(523)

# States, limits, codes and bits, likewise (tests compare).
_ARMED = const(4)
_POSITIONING = const(5)
_RUNNING = const(6)
_PARKING = const(7)
_PRESSES_MOST = const(6)
_PRESSES_MS = const(3500)
_STOP_LEASE = const(3)
_STOP_ARM_EXPIRED = const(4)
_FAULT_BUTTON_STUCK = const(65)
_FINAL = const(3)
_BIT_SELF_TEST = const(1)
_BIT_BUTTON = const(0x80)
_BIT_TETHER_OK = const(0x100)
_BIT_NEEDLES_IN = const(0x400)
_BITS_PARKED = const(0xC00)  # needles in, cam parked
_ARM_BUTTON = const(25)
_EVENT_FAULT = const(20)
_EVENT_STOP = const(21)
_EVENT_BUTTON_STOP = const(22)
_EVENT_PRESS = const(23)
_EVENT_IN_POSITION = const(26)
_EVENT_PARKED = const(27)
_EVENT_TIMEOUT = const(28)
_EVENT_ACKNOWLEDGED = const(29)


@micropython.viper
def take(words):  # type: (Words) -> None
    """What the main loop asks and the state table does not decide."""
    w = ptr32(words)
    if w[_ASK_FAULT]:
        trip(words, w[_ASK_FAULT])
        w[_ASK_FAULT] = 0
    if w[_ASK_SELF_TEST]:
        standing = w[_STANDING] & ~_BIT_SELF_TEST
        if w[_ASK_SELF_TEST] == 1:
            standing |= _BIT_SELF_TEST
        w[_STANDING] = standing
        w[_ASK_SELF_TEST] = 0
    if w[_ASK_SESSION]:
        w[_SESSION_MS] = w[_ASK_SESSION] - 1
        w[_ASK_SESSION] = 0


@micropython.viper
def event(words):  # type: (Words) -> None
    """STOP, CONDITIONS and FACTS, after the rules."""
    w = ptr32(words)
    state = w[_STATE]
    facts = w[_FRESH] | w[_STANDING]
    w[_CONDITIONS] = facts
    stop = w[_STOP]
    if stop == 0:
        stop = w[_ASK_STOP]  # the first reason is the one that is carried out
    w[_ASK_STOP] = 0
    if state >= _ARMED and state <= _PARKING:
        # A stop that nobody asked for, the thumb, and how far motion is.
        if stop == 0:
            if facts & _BIT_TETHER_OK == 0:
                stop = _STOP_LEASE
            elif state == _RUNNING:
                stop = w[_PLAN_STOP] if w[_PLAN_STOP] else w[_RUN_STOP]
            elif state == _PARKING:
                if w[_COUNTING]:  # after a run: its last strokes count too
                    stop = w[_PLAN_STOP]
            elif state == _ARMED and w[_STATE_OVER]:
                stop = _STOP_ARM_EXPIRED
        if w[_PRESS]:
            _watch_rhythm(words)
        if state == _PARKING:
            needed = _BITS_PARKED if w[_DRIVE_TO_PARK] else _BIT_NEEDLES_IN
            if facts & needed == needed:
                facts |= 1 << _EVENT_PARKED
        elif state != _ARMED:
            if w[_IN_POSITION] > w[_NOTE_DUE]:  # and the run is noted
                facts |= 1 << _EVENT_IN_POSITION
            # Latched: the next press stops; held: the release.
            if w[_PRESS] if w[_RUN_LATCH] else facts & _BIT_BUTTON == 0:
                facts |= 1 << _EVENT_BUTTON_STOP
    w[_STOP] = stop if state >= _ARMED else 0  # below, a stop is an event of one tick
    if w[_PRESS]:
        facts |= 1 << _EVENT_PRESS
    if w[_FAULT]:
        facts |= 1 << _EVENT_FAULT
    if stop != 0:
        facts |= 1 << _EVENT_STOP
    if w[_STATE_OVER]:
        facts |= 1 << _EVENT_TIMEOUT
    if w[_ASK_ARM] | w[_ASK_ACKNOWLEDGE]:
        facts |= int(_asked(words))
    w[_FACTS] = facts


@micropython.viper
def _asked(words) -> int:  # type: ignore[no-untyped-def]
    """What the host or the button asks for in this tick, as events."""
    w = ptr32(words)
    events = 0
    # A plan that needs the host's lease is armed by the host alone.
    if w[_ASK_ARM] != 0 and (w[_ASK_ARM] != _ARM_BUTTON or w[_TETHERED] == 0):
        events = 1 << w[_ASK_ARM]
    if w[_ASK_ACKNOWLEDGE] != 0 and w[_ASK_ACKNOWLEDGE] == w[_FAULT] and w[_FAULT_RANK] < _FINAL:
        events |= 1 << _EVENT_ACKNOWLEDGED
    w[_ASK_ARM] = 0
    w[_ASK_ACKNOWLEDGE] = 0
    return events


@micropython.viper
def _watch_rhythm(words):  # type: (Words) -> None
    """A contact that closes by itself is quicker than a thumb (H13, H14).

    It cannot tell a worn contact from a thumb that hammers; both end in a fault, parked.
    """
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    now_ms = w[_T_MS]
    oldest = w[_PRESS_OLDEST]
    pressed_ms = w[_PRESSED_MS + oldest]
    if pressed_ms != 0 and (now_ms - pressed_ms) & mask < _PRESSES_MS:
        trip(words, _FAULT_BUTTON_STUCK)
    w[_PRESSED_MS + oldest] = now_ms
    oldest += 1
    if oldest == _PRESSES_MOST:
        oldest = 0
    w[_PRESS_OLDEST] = oldest
