"""A problem in the words of the pages: what the pen refused, what the program met.

The pen's refusals are in the catalogue by their number, with next steps in the pages' own terms.
Errors of this program speak English by themselves; another language has them in its catalogue. One
program speaks one language. Owns which.
"""

from typing import NamedTuple

from nicegui import ui

from host_controller import errors, refusals
from host_controller.refusals import PenRefused
from host_controller.ui import typed
from host_controller.ui.catalogue import Texts
from host_controller.ui.typed import EntryRefused
from protocol import codes
from protocol.zones import zone_name

_DEPTHS = (codes.RESULT_ABOVE_ZONE_CAP, codes.RESULT_ABOVE_OVERRIDE_MAX)
_FAULTS = (codes.RESULT_FAULT_LATCHED, codes.RESULT_CAUSE_PRESENT, codes.RESULT_NOT_BY_HOST)
_ZONES = (codes.RESULT_ZONE_NOT_IN_PLAN, codes.RESULT_DUPLICATE_ZONE)

_speaks = [Texts("en")]


class Words(NamedTuple):
    """A problem for a person; what is empty is not shown."""

    number: str
    sentence: str
    cause: str
    next_step: str

    def __str__(self) -> str:
        return " ".join(part for part in self if part)


def speak(say: Texts) -> None:
    """From now on problems are told in this language."""
    _speaks[:] = [say]


def words(problem: errors.PenError) -> Words:
    """Number, sentence, cause and next step in the language of the program."""
    say = _speaks[0]
    if isinstance(problem, PenRefused):
        return _refusal(say, problem)
    if isinstance(problem, EntryRefused):
        sentence, next_step = typed.told(say, problem)
        return Words(problem.number, sentence, "", next_step)
    key = f"problem.{problem.number.lower()}"
    if say.knows(key):
        sentence = say(key, sentence=problem.sentence)
        return Words(problem.number, sentence, "", say(f"{key}_do"))
    return Words(problem.number, problem.sentence, problem.cause, problem.next_step)


def tell(problem: errors.PenError) -> None:
    """A notice that stays until it is read."""
    ui.notify(
        str(words(problem)),
        type="warning",
        position="top",  # never over STOP
        timeout=0,
        close_button="OK",
        multi_line=True,
    )


def _refusal(say: Texts, refusal: PenRefused) -> Words:
    key = f"refusal.r{refusal.code:02d}"
    if not say.knows(key):
        sentence = say("refusal.unknown", number=refusal.code)
        return Words(refusal.number, sentence, "", say("refusal.unknown_do"))
    sentence = say(key)
    if say.knows(f"{key}_figures"):
        sentence = f"{sentence} {say(f'{key}_figures', **_figures(say, refusal))}"
    return Words(refusal.number, sentence, "", say(f"{key}_do"))


def _figures(say: Texts, refusal: PenRefused) -> dict[str, str]:
    """The figures of an error reply in the units people read."""
    code, value = refusal.code, refusal.value
    low, high = str(refusal.low), str(refusal.high)
    shown = str(value)
    if code in _DEPTHS:
        shown, low, high = (say.mm(each) for each in (value, refusal.low, refusal.high))
    elif code == codes.RESULT_RATE_OUT_OF_RANGE:
        shown, low, high = (say.hz(each, 0) for each in (value, refusal.low, refusal.high))
    elif code == codes.RESULT_WRONG_STATE:
        shown = say(f"state.{value}") if say.knows(f"state.{value}") else str(value)
    elif code == codes.RESULT_CARTRIDGE_WRONG:
        shown, low = (_pins(say, each) for each in (value, refusal.low))
    elif code in _FAULTS:
        number, key = refusals.fault_number(value), f"alarm.f{value:02d}"
        shown = f"{number}: {say(key) if say.knows(key) else say('refusal.unknown_fault')}"
    elif code in _ZONES:
        shown = _zone(say, value)
    return {"zone": _zone(say, refusal.context), "value": shown, "low": low, "high": high}


def _pins(say: Texts, count: int) -> str:
    return say("plan.pins", count=count) if count else "nano"


def _zone(say: Texts, number: int) -> str:
    name = zone_name(number)
    return say.zone(name) if say.knows(f"zone.{name}") else name
