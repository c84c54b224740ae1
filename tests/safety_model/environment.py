"""Which facts can be true together, and which follow from which: the world around the table.

Written by hand and generously: whatever is not excluded here may happen in any tick. Each rule
names the place in the firmware that keeps it; `test_supervisor_keeps_the_rules.py` compares them
with what the real supervisor does. What the world remembers from tick to tick is `Memory` below.
"""

from collections.abc import Iterator
from itertools import product

from tests.safety_model.facts import (
    ACKNOWLEDGED,
    ARM_BUTTON,
    ARM_HOST,
    ARMED,
    BATTERY,
    BOOT,
    BUTTON,
    BUTTON_STOP,
    FAULT,
    FAULTED,
    FITS,
    HOMED,
    IN_POSITION,
    NEEDLES_IN,
    PARKED,
    PARKING,
    PLAN,
    POSITIONING,
    PRESS,
    PROVEN,
    RUNNING,
    SEATED,
    SELF_TEST,
    STOP,
    TETHER,
    TIMEOUT,
    VALID,
    ZONE,
)

# Facts that stay from one tick to the next unless something changes them. One more bit beside
# them: whether the run that was granted latches (press starts, press stops).
KEPT = SELF_TEST | HOMED | PROVEN | SEATED | BUTTON | FAULT | STOP
LATCH = 1 << 30

CARTRIDGES = (0, SEATED, SEATED | VALID, SEATED | VALID | FITS)
PLANS = (0, PLAN, ZONE, PLAN | ZONE)
ARMS = (0, ARM_HOST, ARM_BUTTON)
MOVING = (POSITIONING, RUNNING, PARKING)
MAY_LAST_TOO_LONG = (BOOT, ARMED, POSITIONING, PARKING)


def problem(state: int, memory: int, facts: int) -> str:
    """Why `facts` cannot be what the table is asked in `state` after `memory`; "" if they can."""
    rules = (
        # safety.conditions: what was known of a cartridge ends with its seating
        ("valid without seated", facts & VALID and not facts & SEATED),
        ("fits without valid", facts & FITS and not facts & VALID),
        ("proven across a seating", facts & PROVEN and not facts & SEATED),
        # control.motion homes in MODE_HOME only, which is granted in BOOT and FAULT only
        ("homed elsewhere", facts & HOMED and not memory & HOMED and state not in (BOOT, FAULTED)),
        # safety.drive_line: a proof runs below ARMED only
        ("proven while armed", facts & PROVEN and not memory & PROVEN and state >= ARMED),
        # safety.conditions: the press is the tick in which the debounced button went down
        ("press is not an edge", bool(facts & PRESS) != bool(facts & BUTTON & ~memory)),
        # safety.faults: latched until cleared; safety.events: a stop is carried to its end
        ("fault forgotten", memory & FAULT and not facts & FAULT),
        ("stop forgotten", memory & STOP and not facts & STOP),
        # safety.rules, safety.events, safety.measures
        ("cartridge lost unseen", ARMED <= state <= PARKING and not facts & (SEATED | FAULT)),
        ("lease lost unseen", ARMED <= state <= PARKING and not facts & (TETHER | STOP)),
        ("too long", facts & TIMEOUT and state not in MAY_LAST_TOO_LONG),
        ("too long unseen", facts & TIMEOUT and state != ARMED and not facts & FAULT),
        # safety.events: these speak of moving states only
        ("in position", facts & IN_POSITION and state not in (POSITIONING, RUNNING)),
        ("parked", facts & PARKED and (state != PARKING or not facts & NEEDLES_IN)),
        ("button stop", bool(facts & BUTTON_STOP) != button_stops(state, memory, facts)),
        # safety.requests
        ("two arms", facts & ARM_HOST and facts & ARM_BUTTON),
        ("arm asked while moving", facts & (ARM_HOST | ARM_BUTTON) and state in MOVING),
        ("nothing to acknowledge", facts & ACKNOWLEDGED and not facts & FAULT),
        ("acknowledged while moving", facts & ACKNOWLEDGED and state in MOVING),
    )
    return next((name for name, broken in rules if broken), "")


def button_stops(state: int, memory: int, facts: int) -> bool:
    """Whether the operator's thumb asks to stop: released in a hold run, pressed in a latched."""
    if state not in (POSITIONING, RUNNING):
        return False
    return bool(facts & PRESS) if memory & LATCH else not facts & BUTTON


def kept_words(state: int, memory: int) -> Iterator[int]:
    """Every way in which what is kept may change in a tick, with what that makes of the button."""
    latched = memory & (FAULT | STOP)
    for parts in product(
        (0, SELF_TEST), (0, HOMED), (0, PROVEN), (0, BUTTON), (0, FAULT), (0, STOP)
    ):
        word = sum(parts)
        if word & latched != latched:
            continue
        if word & HOMED and not memory & HOMED and state not in (BOOT, FAULTED):
            continue
        if word & PROVEN and not memory & PROVEN and state >= ARMED:
            continue
        if word & BUTTON & ~memory:
            word |= PRESS
        if button_stops(state, memory, word):
            word |= BUTTON_STOP
        yield word


def ticks(state: int, word: int) -> Iterator[int]:
    """Every word of facts with the kept facts of `word`; SEATED comes with the cartridge."""
    special = (0,)
    if state in (POSITIONING, RUNNING):
        special = (0, IN_POSITION)
    elif state == PARKING:
        special = (0, PARKED)
    elif word & FAULT:
        special = (0, ACKNOWLEDGED)
    too_long = (0, TIMEOUT) if may_time_out(state, word) else (0,)
    arms = (0,) if state in MOVING else ARMS
    guarded = ARMED <= state <= PARKING
    for parts in product(
        CARTRIDGES, PLANS, (0, TETHER), (0, BATTERY), (0, NEEDLES_IN), arms, special, too_long
    ):
        facts = word | sum(parts)
        if facts & PROVEN and not facts & SEATED:
            continue
        if facts & PARKED and not facts & NEEDLES_IN:
            continue
        if guarded and not (facts & (SEATED | FAULT) and facts & (TETHER | STOP)):
            continue
        yield facts


def may_time_out(state: int, word: int) -> bool:
    """A state of passage that lasts too long is a fault; an arming just ends."""
    return state in MAY_LAST_TOO_LONG and (state == ARMED or bool(word & FAULT))


def remembered(state: int, memory: int, facts: int, after: int, clears: bool) -> tuple[int, ...]:
    """What is kept after the tick; two worlds where the run that begins may latch or not."""
    kept = facts & KEPT
    ends = state in (ARMED, POSITIONING, RUNNING) and after not in (ARMED, POSITIONING, RUNNING)
    if ends and (facts & (FAULT | STOP) or not facts & BUTTON_STOP):
        # safety.verdict.enter: after any stop but the operator's own, arm must be asked again
        kept |= STOP
    if after < ARMED:
        kept &= ~STOP  # safety.verdict.judge: nothing left to stop
    if clears:
        kept &= ~(FAULT | SELF_TEST | HOMED)
    if state == ARMED and after == POSITIONING:
        return (kept, kept | LATCH)
    return (kept | memory & LATCH,) if after in (POSITIONING, RUNNING) else (kept,)
