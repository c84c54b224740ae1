"""Numbers as they are typed: read only where they can mean one thing, refused otherwise.

A depth needs its zero, its point and what comes after it: "5" may be a 0.5 whose point was not
hit, ".5" a 5 with a speck before it. A comma is a point. What was read is told back in words.
Owns no state.
"""

import re

from host_controller import errors
from host_controller.library.guardrail import Range
from host_controller.library.quantities import range_text, text_of

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


class EntryOutside(errors.PenError):
    """What was typed lies beyond the hard limits of the library."""

    number = "E193"
    exit_code = errors.EXIT_REFUSED
    cause = "Nothing was changed: a value is never made to fit."
    next_step = "Type a value inside the range."


def read(text: str, quantity: str, hard: Range) -> int:
    """The value in the pen's units; raises EntryRefused, EntryOutside."""
    plain = text.strip().removesuffix(_UNITS[quantity]).strip()
    value = _depth_um(plain) if quantity == "depth" else _whole(plain, quantity)
    if not hard.holds(value):
        raise EntryOutside(
            f"{text_of(quantity, value)} is outside {range_text(quantity, hard)}.",
        )
    return value


def _depth_um(text: str) -> int:
    found = _DEPTH.fullmatch(text)
    if found:
        hundredths = int(found[1]) * 100 + int(found[2].ljust(2, "0"))
        return hundredths * UM_PER_HUNDREDTH_MM
    if re.fullmatch(r"[.,][0-9]+", text):
        raise EntryRefused(
            f"{text!r} has no zero before the point.",
            next_step=f"Type 0.{text[1:3].ljust(2, '0')}.",
        )
    if re.fullmatch(r"[0-9]{1,4}", text):
        digit = text.lstrip("0")[:1] or "0"
        raise EntryRefused(
            f"{text!r} has no point: is it {digit}.00 mm or 0.{digit}0 mm?",
            next_step="Type the zero, the point and two decimals, for example 0.50.",
        )
    if re.fullmatch(r"[0-9][.,][0-9]{3,}", text):
        raise EntryRefused(
            f"{text!r} is finer than the pen's step of 0.01 mm.",
            next_step="Type two decimals, for example 0.50.",
        )
    raise EntryRefused(f"{text!r} is no depth.", next_step="Type it like 0.50.")


def _whole(text: str, quantity: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise EntryRefused(
            f"{text!r} is no whole number.", next_step="Type digits only, for example 90."
        )
    return int(text) * (CHZ_PER_HZ if quantity == "rate" else 1)


def typed(quantity: str, value: int) -> str:
    """A value as it stands in its field, without its unit."""
    if quantity == "depth":
        return f"{value / 1000:.2f}"
    return str(value // CHZ_PER_HZ if quantity == "rate" else value)


def between(quantity: str, span: Range) -> str:
    """A range with its unit, in figures alone: the same in every language."""
    figures = f"{typed(quantity, span.low)} – {typed(quantity, span.high)}"
    return f"{figures} {_UNITS[quantity]}".rstrip()


def spoken(depth_um: int, digits: str, point: str) -> str:
    """A depth digit by digit, as one reads a dose back; `digits` are ten words in order."""
    names = digits.split()
    whole, hundredths = f"{depth_um / 1000:.2f}".split(".")
    words = [names[int(whole)], point, *(names[int(digit)] for digit in hundredths)]
    return " ".join(words)
