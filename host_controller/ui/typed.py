"""Numbers as they are typed: read only where they can mean one thing, refused otherwise.

A depth needs its zero, its point and what comes after it: "5" may be a 0.5 whose point was not
hit, ".5" a 5 with a speck before it. A comma is a point. What was read is told back in words.
Owns no state.
"""

import re
from collections.abc import Mapping

from host_controller import errors
from host_controller.library.guardrail import Range
from host_controller.ui.catalogue import Texts

_DEPTH = re.compile(r"(0|[1-9])[.,]([0-9]{1,2})")
_WHOLE = re.compile(r"[1-9][0-9]{0,3}")
_UNITS = {"depth": "mm", "rate": "Hz", "passes": "", "dose": "/cm²"}
UM_PER_HUNDREDTH_MM = 10
CHZ_PER_HZ = 100


class EntryRefused(errors.PenError):
    """What was typed can be read in two ways, or in none."""

    number = "E192"
    exit_code = errors.EXIT_USAGE
    cause = "A number is read only where it can mean one thing."
    next_step = "Type the number again, or use the keys beside it."
    key = ""  # of the catalogue's section "entry"
    values: Mapping[str, str] = {}  # for its places, figures with a point


class EntryOutside(EntryRefused):
    """What was typed lies beyond the hard limits of the library."""

    number = "E193"
    exit_code = errors.EXIT_REFUSED
    cause = "Nothing was changed: a value is never made to fit."
    next_step = "Type a value inside the range."


def _problem(kind: type[EntryRefused], key: str, **values: str) -> EntryRefused:
    say = Texts("en")
    made = kind(say(f"entry.{key}", **values), next_step=say(f"entry.{key}_do", **values))
    made.key, made.values = key, values
    return made


def told(say: Texts, problem: EntryRefused) -> tuple[str, str]:
    """Sentence and next step in a language; what was typed stays as it was typed."""
    values = {
        place: text if place == "text" else say.figures(text)
        for place, text in problem.values.items()
    }
    return say(f"entry.{problem.key}", **values), say(f"entry.{problem.key}_do", **values)


def read(text: str, quantity: str, hard: Range) -> int:
    """The value in the pen's units; raises EntryRefused, EntryOutside."""
    plain = text.strip().removesuffix(_UNITS[quantity]).strip()
    value = _depth_um(plain) if quantity == "depth" else _whole(plain, quantity)
    if not hard.holds(value):
        raise _problem(
            EntryOutside,
            "outside",
            value=with_unit(quantity, value),
            low=typed(quantity, hard.low),
            high=with_unit(quantity, hard.high),
        )
    return value


def _depth_um(text: str) -> int:
    found = _DEPTH.fullmatch(text)
    if found:
        hundredths = int(found[1]) * 100 + int(found[2].ljust(2, "0"))
        return hundredths * UM_PER_HUNDREDTH_MM
    if re.fullmatch(r"[.,][0-9]+", text):
        example = f"0.{text[1:3].ljust(2, '0')}"
        raise _problem(EntryRefused, "no_zero", text=text, example=example)
    if re.fullmatch(r"[0-9]{1,4}", text):
        digit = text.lstrip("0")[:1] or "0"
        raise _problem(
            EntryRefused, "no_point", text=text, large=f"{digit}.00 mm", small=f"0.{digit}0 mm"
        )
    if re.fullmatch(r"[0-9][.,][0-9]{3,}", text):
        raise _problem(EntryRefused, "too_fine", text=text)
    raise _problem(EntryRefused, "no_depth", text=text)


def _whole(text: str, quantity: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise _problem(EntryRefused, "not_whole", text=text)
    return int(text) * (CHZ_PER_HZ if quantity == "rate" else 1)


def typed(quantity: str, value: int) -> str:
    """A value as it stands in its field, without its unit."""
    if quantity == "depth":
        return f"{value / 1000:.2f}"
    return str(value // CHZ_PER_HZ if quantity == "rate" else value)


def with_unit(quantity: str, value: int) -> str:
    """A value with its unit, in figures alone: the same in every language but for the mark."""
    return f"{typed(quantity, value)} {_UNITS[quantity]}".rstrip()


def between(quantity: str, span: Range) -> str:
    """A range with its unit, in figures alone."""
    return f"{typed(quantity, span.low)} – {with_unit(quantity, span.high)}"


def spoken(depth_um: int, digits: str, point: str) -> str:
    """A depth digit by digit, as one reads a dose back; `digits` are ten words in order."""
    names = digits.split()
    whole, hundredths = f"{depth_um / 1000:.2f}".split(".")
    words = [names[int(whole)], point, *(names[int(digit)] for digit in hundredths)]
    return " ".join(words)
