"""What the main loop may ask of the supervisor, and the answer it gets. Main loop only.

Every function answers at once with a refusal `(result, context, value, low, high)` of RESULT_*
numbers, or OK. What is asked stands in a word of its own, written as a whole, and is carried out by
the next tick, which looks at everything again; asking twice is asking once. The order of the checks
is the order in which a person would put things right.
"""

from firmware import words as place
from firmware.safety import faults, rules, transitions
from firmware.safety.limits import BATTERY_START_PERCENT, SESSION_MS
from protocol import codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.safety.supervisor import Supervisor

OK = (codes.RESULT_OK, 0, 0, 0, 0)


def _refuse(result: int, value: int = 0, low: int = 0) -> "tuple[int, int, int, int, int]":
    return (result, 0, value, low, 0)


def arm(pen: "Supervisor", by_button: bool) -> "tuple[int, int, int, int, int]":
    """Ask to arm; refused unless CONFIGURED and everything that the table needs is there."""
    word = pen.conditions.word
    if pen.faults.current:
        return _refuse(codes.RESULT_FAULT_LATCHED, pen.faults.current)
    if not word >> codes.COND_SELF_TEST_PASSED & 1:
        return _refuse(codes.RESULT_SELF_TEST_FAILED)
    if not word >> codes.COND_SEATED & 1:
        return _refuse(codes.RESULT_NO_CARTRIDGE)
    if not word >> codes.COND_PLAN_READY & 1:
        return _refuse(codes.RESULT_NO_PLAN)
    if pen.state != codes.STATE_CONFIGURED:
        return _refuse(codes.RESULT_WRONG_STATE, pen.state)
    if not word >> codes.COND_STOP_PATH_PROVEN & 1:
        return _refuse(codes.RESULT_SELF_TEST_FAILED, pen.proof.failed_bits)
    if not word >> codes.COND_BATTERY_OK & 1:
        return _refuse(
            codes.RESULT_BATTERY_LOW, pen.words[place.BATTERY_PERCENT], BATTERY_START_PERCENT
        )
    if not word >> codes.COND_TETHER_OK & 1:
        return _refuse(codes.RESULT_LEASE_MISSING)
    if by_button and pen.tethered:
        return _refuse(codes.RESULT_LEASE_MISSING)  # armed by the host that holds the lease
    if not by_button and word >> codes.COND_BUTTON & 1:
        return _refuse(codes.RESULT_BUTTON_HELD)
    if pen.session_ms >= SESSION_MS:
        minutes = pen.session_ms // 60_000
        return (codes.RESULT_SESSION_OVER, 0, minutes, 0, SESSION_MS // 60_000)
    if word & transitions.MAY_START != transitions.MAY_START:
        return _refuse(codes.RESULT_WRONG_STATE, pen.state)
    event = transitions.EVENT_ARM_BUTTON if by_button else transitions.EVENT_ARM_HOST
    pen.words[place.ASK_ARM] = event
    return OK


def fault(pen: "Supervisor", number: int) -> None:
    """Tell of a fault (FAULT_*) that only the main loop can see; of two in one tick the graver."""
    waits = pen.words[place.ASK_FAULT]
    if not waits or faults.RANKS[number] > faults.RANKS[waits]:
        pen.words[place.ASK_FAULT] = number


def withdraw_arm(pen: "Supervisor") -> None:
    """Forget an ARM that no tick has seen: what it was asked for is about to change."""
    pen.words[place.ASK_ARM] = 0


def stop(pen: "Supervisor", reason: int) -> None:
    """Ask to stop or disarm for `reason` (STOP_*): never refused, in no state."""
    pen.words[place.ASK_STOP] = reason


def acknowledge(pen: "Supervisor", number: int) -> "tuple[int, int, int, int, int]":
    """Ask to clear fault `number`: the latched one, its cause gone, and the host may."""
    current = pen.faults.current
    if current == codes.FAULT_NONE:
        return _refuse(codes.RESULT_WRONG_STATE, pen.state)
    if number != current:
        return _refuse(codes.RESULT_FAULT_LATCHED, current)
    if faults.fault_row(number)[2] != faults.BY_HOST:
        return _refuse(codes.RESULT_NOT_BY_HOST, number)
    if pen.state != codes.STATE_FAULT:
        return _refuse(codes.RESULT_WRONG_STATE, pen.state)
    if rules.is_outside(pen.words, number):
        return _refuse(codes.RESULT_CAUSE_PRESENT, number)
    pen.words[place.ASK_ACKNOWLEDGE] = number
    return OK


def report_self_test(pen: "Supervisor", passed: bool) -> None:
    """Tell the outcome of the self-test."""
    pen.words[place.ASK_SELF_TEST] = 1 if passed else 2


def begin_session(pen: "Supervisor", run_ms: int) -> None:
    """A session begins, or goes on after its needles have run `run_ms` already."""
    pen.words[place.ASK_SESSION] = 1 + run_ms


def renew_lease(pen: "Supervisor") -> None:
    """The host is there: the lease of a tethered plan lasts 250 ms from then.

    When the main loop was held up, what it hears now may have waited since its last pass.
    """
    words = pen.words
    words[place.LEASE_MS] = min(words[place.LEASE_MS], words[place.MAIN_LOOP_MS])


def main_loop_lives(pen: "Supervisor") -> None:
    """Once per pass of the main loop."""
    pen.words[place.MAIN_LOOP_MS] = 0


def prove_stop_path(pen: "Supervisor") -> "tuple[int, int, int, int, int]":
    """Ask for a proof of the stop path; refused while armed, moving or in fault."""
    if pen.state >= codes.STATE_ARMED:
        return _refuse(codes.RESULT_WRONG_STATE, pen.state)
    pen.words[place.ASK_PROOF] = 1
    return OK
