"""Checks of single values in a plan file: kind, unit, range; nothing is ever rounded or reduced.

Each function returns the value in the pen's units, or None after it has noted the problem.
Lengths are multiples of 0.01 mm: the depth stage moves in half steps of 10 um, so 0.255 mm could
only be met by rounding. Owns no state.
"""

from collections.abc import Iterable
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from host_controller.planning.problems import Problems

MICROMETRES = 1000  # in one mm
CENTIHERTZ = 100  # in one Hz


def known_keys(problems: Problems, where: str, table: dict[str, Any], keys: Iterable[str]) -> None:
    """Note every key of `table` that is not one of `keys`, with the nearest known one."""
    known = list(keys)
    for key in table:
        if key in known:
            continue
        path = f"{where}.{key}" if where else key
        near = get_close_matches(key, known, 1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known here: {', '.join(known)}."
        problems.add(path, f"{key!r} means nothing here.", next_step=hint)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else type(value).__name__


def number(problems: Problems, key: str, value: Any, example: str) -> Decimal | None:
    """A finite number, exact as written."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        problems.add(
            key,
            f"A number was expected, {_kind(value)} is there.",
            next_step=f"Write the number alone, for example {example}.",
        )
        return None
    exact = Decimal(value)
    if not exact.is_finite():
        problems.add(key, f"{exact} is not a finite number.", next_step=f"For example {example}.")
        return None
    return exact


def whole(
    problems: Problems, key: str, value: Any, low: int, high: int, unit: str = ""
) -> int | None:
    """A whole number from `low` to `high`."""
    exact = number(problems, key, value, f"{key.rsplit('.', 1)[-1]} = {low}")
    if exact is None:
        return None
    allowed = f"{low} to {high} {unit}".rstrip()
    if not low <= exact <= high:
        problems.refuse(key, f"{_short(exact)} is out of range.", allowed)
        return None
    if exact != int(exact):
        problems.add(key, f"{exact} is not a whole number.", allowed)
        return None
    return int(exact)


def flag(problems: Problems, key: str, value: Any) -> bool | None:
    """True or false."""
    if not isinstance(value, bool):
        problems.add(key, f"true or false was expected, {_kind(value)} is there.")
        return None
    return value


def word(problems: Problems, key: str, value: Any, choices: Iterable[str]) -> str | None:
    """One of `choices`."""
    known = list(choices)
    if isinstance(value, str) and value in known:
        return value
    near = get_close_matches(value.lower(), known, 1, 0.5) if isinstance(value, str) else []
    hint = f"Did you mean {near[0]!r}?" if near else ""
    shown = repr(value[:40]) if isinstance(value, str) else _kind(value)
    problems.add(key, f"{shown} is not known here.", ", ".join(known), hint)
    return None


def label(problems: Problems, key: str, value: Any, length: int) -> str | None:
    """Printable ASCII text of 1 to `length` characters."""
    if not isinstance(value, str):
        problems.add(key, f"A text was expected, {_kind(value)} is there.")
        return None
    if not 0 < len(value) <= length or not value.isascii() or not value.isprintable():
        problems.add(
            key,
            f"{value[:40]!r} does not fit.",
            f"1 to {length} characters from a-z, A-Z, 0-9, space and punctuation",
        )
        return None
    return value


def _short(exact: Decimal) -> str:
    text = f"{exact:f}" if abs(exact.adjusted()) < 12 else f"{exact:E}"
    return text if len(text) <= 20 else f"{exact:.6E}"


def _mm(um: int) -> str:
    return f"{um / MICROMETRES:.2f}"


def unit_hint(exact_mm: Decimal, most_um: int) -> str:
    """What a depth that is far too large may have been meant as; empty where nothing fits."""
    # Not tenths: 2.6 is more likely too deep than a slip, and 0.26 would look like advice.
    for factor, reading in ((100, "Hundredths of a millimetre"), (1000, "Micrometres")):
        meant_um = exact_mm * MICROMETRES / factor
        if exact_mm > 2 * factor / 10 and 50 <= meant_um <= most_um:
            return f"{reading}? Then write {meant_um / MICROMETRES:.2f}."
    return ""


def length(
    problems: Problems, key: str, value: Any, low_um: int, high_um: int, usual_um: int = 0
) -> int | None:
    """A length in mm, `low_um` to `high_um`, in steps of 0.01 mm; returns um.

    `usual_um` is the largest value that is likely to be meant, for the hint at a slipped unit.
    """
    name = key.rsplit(".", 1)[-1]
    exact = number(problems, key, value, f"{name} = {_mm(low_um * 10)}")
    if exact is None:
        return None
    allowed = f"{_mm(low_um)} to {_mm(high_um)} mm"
    um = exact * MICROMETRES
    if not low_um <= um <= high_um:
        reason = f"{_short(exact)} mm is out of range."
        if exact < 0:
            reason = f"{_short(exact)} mm is negative."
        problems.refuse(key, reason, allowed, unit_hint(exact, usual_um or high_um))
        return None
    if um % 10:
        problems.add(
            key,
            f"{_short(exact)} mm is finer than the pen's step of 0.01 mm.",
            allowed,
            "Choose a multiple of 0.01 mm.",
        )
        return None
    return int(um)


def rate(problems: Problems, key: str, value: Any, low_chz: int, high_chz: int) -> int | None:
    """A stroke rate in Hz, `low_chz` to `high_chz`; returns 0.01 Hz."""
    exact = number(problems, key, value, "rate_hz = 90")
    if exact is None:
        return None
    allowed = f"{low_chz // CENTIHERTZ} to {high_chz // CENTIHERTZ} Hz"
    chz = exact * CENTIHERTZ
    if not low_chz <= chz <= high_chz:
        per_minute = exact / 60
        meant = low_chz <= per_minute * CENTIHERTZ <= high_chz
        hint = f"Strokes per minute? Then write {per_minute:.0f}." if meant else ""
        problems.refuse(key, f"{_short(exact)} Hz is out of range.", allowed, hint)
        return None
    if chz != int(chz):
        problems.add(key, f"{_short(exact)} Hz is finer than 0.01 Hz.", allowed)
        return None
    return int(chz)
