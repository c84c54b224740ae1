"""What must hold of one tick, whatever the table says. Written from the design, not from the table.

A property looks at (state, facts, state after, action) and answers "" or what is wrong. Facts are
those of the tick; "needs" names what must be there. Owns nothing.
"""

from firmware.safety.transitions import ACTION_CLEAR, ACTION_TAKE_GRANT
from tests.safety_model.facts import (
    ACKNOWLEDGED,
    ARM_BUTTON,
    ARM_HOST,
    ARMED,
    BATTERY,
    BOOT,
    BUTTON,
    BUTTON_STOP,
    CARTRIDGE_OK,
    CONFIGURED,
    FAULT,
    FAULTED,
    FITS,
    HOMED,
    IDLE,
    IN_POSITION,
    NEEDLES_IN,
    PARKED,
    PARKING,
    PLAN,
    POSITIONING,
    PRESS,
    RUNNING,
    SEATED,
    SELF_TEST,
    STOP,
    TIMEOUT,
    TO_MOVE,
    VALID,
    ZONE,
)

EXPOSING = (POSITIONING, RUNNING)


def violation(state: int, facts: int, after: int, action: int) -> str:
    """The first property that this tick breaks, "" if none."""
    for holds in (
        stops_win,
        start_is_earned,
        earned_is_granted,
        ends_are_sure,
        actions_fit,
        the_way_up,
        the_way_down,
    ):
        wrong = holds(state, facts, after, action)
        if wrong:
            return wrong
    return ""


def stops_win(state: int, facts: int, after: int, action: int) -> str:
    """A reason to stop beats every reason to start, in every state, in the same tick."""
    if facts & FAULT:
        if state in EXPOSING and after != PARKING:
            return "a fault does not park at once"
        if state < POSITIONING and after != FAULTED:
            return "a fault is not shown at once"
        if state == PARKING and after not in (PARKING, FAULTED):
            return "a fault is lost while parking"
        if state == FAULTED and after not in (FAULTED, BOOT):
            return "a fault is left sideways"
        return ""
    stopped = facts & STOP or (state in EXPOSING and facts & BUTTON_STOP)
    if stopped and state in EXPOSING and after != PARKING:
        return "a stop does not park at once"
    if stopped and state in (CONFIGURED, ARMED, PARKING) and after in (ARMED, *EXPOSING):
        return "a stop does not keep the pen from starting"
    missing = facts & TO_MOVE != TO_MOVE
    if missing and state in EXPOSING and after != PARKING:
        return "a missing condition does not park at once"
    expired = missing or facts & TIMEOUT or not facts & NEEDLES_IN or not facts & BATTERY
    if expired and state == ARMED and after != CONFIGURED:
        return "an arming outlives its time or its conditions"
    return ""


def start_is_earned(state: int, facts: int, after: int, action: int) -> str:
    """Each step towards moving needles has its one way in, and everything must be there."""
    if after == state or after not in (ARMED, *EXPOSING):
        return ""
    if facts & TO_MOVE != TO_MOVE or facts & (FAULT | STOP):
        return "a step towards moving without all that it needs"
    if after == POSITIONING:
        good = state == ARMED and facts & PRESS and facts & NEEDLES_IN and facts & BATTERY
        return "" if good else "positioning without a fresh press in armed, needles in"
    if after == RUNNING:
        good = state == POSITIONING and facts & IN_POSITION and not facts & BUTTON_STOP
        return "" if good else "running but from a finished positioning"
    if not facts & NEEDLES_IN:
        return "armed with needles that may be out"
    if not facts & BATTERY:
        return "armed with a low battery"
    if state == PARKING:
        return "" if facts & PARKED else "armed again before it is parked"
    if state != CONFIGURED:
        return "armed from elsewhere"
    asked = facts & ARM_BUTTON or (facts & ARM_HOST and not facts & BUTTON)
    return "" if asked else "armed though nobody asked, or by the host with the button held"


def earned_is_granted(state: int, facts: int, after: int, action: int) -> str:
    """A pen that never starts would be safe and useless: what is earned is granted."""
    if facts & TO_MOVE != TO_MOVE or facts & (FAULT | STOP):
        return ""
    may_start = facts & NEEDLES_IN and facts & BATTERY
    asked = facts & ARM_BUTTON or (facts & ARM_HOST and not facts & BUTTON)
    if state == CONFIGURED and may_start and asked and after != ARMED:
        return "arming is not granted"
    if state == ARMED and may_start and facts & PRESS and not facts & TIMEOUT:
        return "" if after == POSITIONING else "the button does not start"
    if state == POSITIONING and facts & IN_POSITION and not facts & BUTTON_STOP:
        return "" if after == RUNNING else "positioning does not end"
    if state == RUNNING and not facts & BUTTON_STOP and after != RUNNING:
        return "a run ends for no reason"
    if state == PARKING and facts & PARKED and facts & BATTERY and after != ARMED:
        return "the operator's own stop costs the arming"
    return ""


def ends_are_sure(state: int, facts: int, after: int, action: int) -> str:
    """Parking ends parked or in a fault; a fault ends by acknowledging alone."""
    if state == PARKING and after != PARKING:
        gave_up = facts & FAULT and facts & TIMEOUT and after == FAULTED
        if not facts & PARKED and not gave_up:
            return "parking ended without being parked"
    if state == PARKING and facts & PARKED:
        if after == PARKING:
            return "parked, and still parking"
        if facts & STOP and not facts & FAULT and after != CONFIGURED:
            return "a stop leads elsewhere than to configured"
    if state == PARKING and after == PARKING and facts & FAULT and facts & TIMEOUT:
        return "parking without end"
    if state == FAULTED and (after != FAULTED) != bool(facts & ACKNOWLEDGED):
        return "a fault ends without acknowledging, or not with it"
    return ""


def actions_fit(state: int, facts: int, after: int, action: int) -> str:
    """Depth and rate are taken over at the press, a fault is forgotten when left, nothing else."""
    if (action == ACTION_TAKE_GRANT) != (state != after and after == POSITIONING):
        return "depth and rate are taken over at another moment than the press"
    if (action == ACTION_CLEAR) != (state == FAULTED and after != FAULTED):
        return "a fault is forgotten at another moment than its acknowledging"
    return ""


def the_way_up(state: int, facts: int, after: int, action: int) -> str:
    """Below ARMED a state says what is true: tested, cartridge, plan."""
    if facts & FAULT:
        return ""
    ready = facts & (SELF_TEST | HOMED) == SELF_TEST | HOMED
    if state == BOOT and after != (IDLE if ready else BOOT):
        return "boot ends with self-test and homing, and only so"
    cartridge = facts & (SEATED | VALID) == SEATED | VALID
    if state == IDLE and after != (CARTRIDGE_OK if cartridge else IDLE):
        return "idle ends with a valid cartridge, and only so"
    plan = facts & (PLAN | ZONE | FITS) == PLAN | ZONE | FITS
    if state == CARTRIDGE_OK:
        expected = IDLE if not cartridge else CONFIGURED if plan else CARTRIDGE_OK
        return "" if after == expected else "cartridge ok is not what is true"
    if state == CONFIGURED:
        if not cartridge or not plan:
            expected = CARTRIDGE_OK if cartridge else IDLE
            return "" if after == expected else "configured without cartridge or plan"
        return "" if after in (CONFIGURED, ARMED) else "configured is left for no reason"
    return ""


def the_way_down(state: int, facts: int, after: int, action: int) -> str:
    """From where something moves or may start, the way leads down through parking alone."""
    if state in EXPOSING and after not in (*EXPOSING, PARKING):
        return "parking was skipped"
    if state == RUNNING and after == POSITIONING:
        return "positioning twice"
    if state == ARMED and after not in (ARMED, POSITIONING, CONFIGURED, FAULTED):
        return "armed leads elsewhere"
    if state == PARKING and after not in (PARKING, ARMED, CONFIGURED, FAULTED):
        return "parking leads elsewhere"
    return ""
