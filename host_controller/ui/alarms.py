"""What is an alarm, and how urgent: from what the pen says and what this program meets.

Three priorities. High: tissue may be harmed or a stop did not finish. Medium: the treatment ended
early or may be about to, the pen is safe. Low: to know, not to run. Everything that belongs to a
normal treatment (the button, the dose of a zone reached) is no alarm, because too many of them are
a danger themselves. Faults have the number of the pen's own log; W, S are its warnings and its
reasons to stop, by their number on the wire; E comes from this program. Pure.
"""

from collections.abc import Iterable
from typing import NamedTuple

from host_controller import errors
from host_controller.refusals import fault_next_step, fault_number, fault_sentence
from host_controller.replies import EXPOSED, Reading
from host_controller.ui import problems
from host_controller.ui.catalogue import Texts
from host_controller.ui.desk import LOST, View
from protocol import codes
from protocol.texts import FAULT_TEXTS, PRIORITIES, PRIORITY_HIGH, PRIORITY_LOW, PRIORITY_MEDIUM

STOP_CONFIRM_S = 0.5  # after STOP; needles are in after 250 ms at the latest

WARNINGS = {  # COND_* bit -> priority
    codes.COND_DWELL_WARN: PRIORITY_MEDIUM,
    codes.COND_TEMPERATURE_WARN: PRIORITY_LOW,
    codes.COND_RATE_WARN: PRIORITY_LOW,
    codes.COND_BATTERY_WARN: PRIORITY_LOW,
}
STOPS = {  # STOP_* reason -> priority; the other reasons are meant, or a fault with its own number
    codes.STOP_LEASE: PRIORITY_MEDIUM,
    codes.STOP_DWELL: PRIORITY_MEDIUM,
    codes.STOP_NOT_READY: PRIORITY_MEDIUM,
    codes.STOP_SESSION_TIME: PRIORITY_LOW,
    codes.STOP_IDLE: PRIORITY_LOW,
}
PROBLEMS = {"E141": PRIORITY_MEDIUM, "E162": PRIORITY_HIGH}  # of this program; others are low
STOP_UNHEARD = "E162"
LEFT_ALONE = f"S{codes.STOP_HOST:02d}"
_AT_REST = (codes.STATE_IDLE, codes.STATE_CARTRIDGE_OK, codes.STATE_CONFIGURED)


class Pressed(NamedTuple):
    """When this program stopped the pen, by time.monotonic(); 0.0 for never."""

    stop_s: float = 0.0  # because somebody pressed STOP
    left_alone_s: float = 0.0  # because no page answered
    rested_s: float = 0.0  # when the pen was last heard with its needles not out


class Alarm(NamedTuple):
    """One alarm; its words are in the catalogue under its number, or come with it."""

    priority: str
    number: str  # F22, W16, S08, E116
    sentence: str = ""
    next_step: str = ""

    @property
    def from_pen(self) -> bool:
        """Whether the pen says so itself."""
        return self.number[0] in "FWS"


def urgency(alarm: Alarm) -> int:
    """0 for high, 2 for low: sorts."""
    return PRIORITIES.index(alarm.priority)


def _fault(fault: int) -> Alarm:
    known = FAULT_TEXTS.get(fault)
    if known is not None:
        return Alarm(known[0], fault_number(fault))
    words = (fault_sentence(fault), fault_next_step(fault))
    return Alarm(PRIORITY_HIGH, fault_number(fault), *words)  # newer firmware: as bad as can be


def of_reading(reading: Reading) -> list[Alarm]:
    """What one reading says."""
    found = [_fault(reading.fault)] if reading.fault else []
    found += [
        Alarm(priority, f"W{bit:02d}") for bit, priority in WARNINGS.items() if reading.has(bit)
    ]
    stop = STOPS.get(reading.stop_reason)
    if stop is not None and reading.state in _AT_REST:
        found.append(Alarm(stop, f"S{reading.stop_reason:02d}"))
    return found


def of_problem(problem: errors.PenError) -> Alarm:
    """A problem of this program."""
    priority = PROBLEMS.get(problem.number, PRIORITY_LOW)
    told = problems.words(problem)
    return Alarm(priority, problem.number, told.sentence, told.next_step)


def of_loss(view: View) -> list[Alarm]:
    """The pen is no longer heard: medium when its needles may have been out."""
    if view.link != LOST or view.problem is None:
        return []
    return [of_problem(view.problem)._replace(priority=_of_silence(view))]


def _of_silence(view: View) -> str:
    under_way = view.reading is not None and (
        view.reading.state in EXPOSED or view.reading.state == codes.STATE_ARMED
    )
    return PRIORITY_MEDIUM if under_way else PRIORITY_LOW


def stop_unheard(view: View, pressed: Pressed, now_s: float) -> list[Alarm]:
    """STOP was pressed, and the pen has not been heard at rest since: its needles may be out."""
    waited = pressed.stop_s and now_s - pressed.stop_s > STOP_CONFIRM_S
    if waited and view.moving and pressed.rested_s <= pressed.stop_s:
        return [Alarm(PRIORITY_HIGH, STOP_UNHEARD)]
    return []


def left_alone(view: View, pressed: Pressed) -> list[Alarm]:
    """This program stopped the pen because no page answered, and nobody pressed STOP since."""
    reading = view.reading
    if reading is None or not pressed.left_alone_s > pressed.stop_s:
        return []
    stopped = reading.stop_reason == codes.STOP_HOST and reading.state in _AT_REST
    return [Alarm(PRIORITY_MEDIUM, LEFT_ALONE)] if stopped else []


def standing(
    view: View, pressed: Pressed, met: Iterable[errors.PenError], now_s: float
) -> list[Alarm]:
    """Every alarm that stands now, one for each number, the most urgent first."""
    found = stop_unheard(view, pressed, now_s) + of_loss(view) + left_alone(view, pressed)
    if view.reading is not None and view.link != LOST:
        found += of_reading(view.reading)
    found += [of_problem(problem) for problem in met]
    once = {alarm.number: alarm for alarm in reversed(found)}
    return sorted(once.values(), key=lambda alarm: (urgency(alarm), alarm.number))


def words(say: Texts, alarm: Alarm) -> tuple[str, str]:
    """Sentence and next step, in the language of the pages where they are known beforehand."""
    key = f"alarm.{alarm.number.lower()}"
    if say.knows(key):
        return say(key), say(f"{key}_do")
    return alarm.sentence, alarm.next_step
