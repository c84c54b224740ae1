"""Checks of the values in control requests. Each returns the value or raises Refused."""

from typing import Any

from hardware.plant.skin import ZONES

_HAND_RANGES = {"pressure": 5.0, "glide_mm_s": 500.0, "gap_um": 100_000.0, "tilt_deg": 180.0}


class Refused(Exception):
    """A request that makes no sense; its text is the answer."""


def truth(value: Any) -> bool:
    """True or false, nothing that merely looks like it."""
    if not isinstance(value, bool):
        raise Refused(f"{value!r} is not true or false.")
    return value


def number(value: Any, name: str, low: float, high: float) -> float:
    """A number from `low` to `high`."""
    good = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not good or not low <= value <= high:
        raise Refused(f"{name!r} is {value!r}, not a number from {low} to {high}.")
    return float(value)


def text(value: Any, name: str) -> str:
    """A string."""
    if not isinstance(value, str):
        raise Refused(f"{name!r} is {value!r}, not a text.")
    return value


def fields(value: Any, name: str, known: set[str]) -> dict[str, Any]:
    """An object with no keys but `known` ones."""
    if not isinstance(value, dict) or not value.keys() <= known:
        raise Refused(f"{name!r} is {value!r}, not an object with {', '.join(sorted(known))}.")
    return value


def hand(name: str, value: Any) -> tuple[str, Any]:
    """Attribute and value for the person; `name` as in a request."""
    if name == "press":
        return "pressed", truth(value)
    if name == "contact":
        return name, truth(value)
    if name == "zone":
        if text(value, name) not in ZONES:
            raise Refused(f"There is no zone {value!r}; there are {', '.join(ZONES)}.")
        return name, value
    if name not in _HAND_RANGES:
        known = ("press", "contact", "zone", *_HAND_RANGES)
        raise Refused(f"The person has no {name!r}, but {', '.join(known)}.")
    return name, number(value, name, 0.0, _HAND_RANGES[name])


def script(value: Any, limit_ms: int) -> list[tuple[int, dict[str, Any]]]:
    """A list of [after_ms, {changes}] as (after_ms, attributes of the person)."""
    if not isinstance(value, list):
        raise Refused("A script is a list of [after_ms, {changes}].")
    entries = []
    for entry in value:
        if not (isinstance(entry, list) and len(entry) == 2 and isinstance(entry[1], dict)):
            raise Refused(f"{entry!r} is not [after_ms, {{changes}}].")
        after_ms = round(number(entry[0], "after_ms", 0, limit_ms))
        entries.append((after_ms, dict(hand(name, new) for name, new in entry[1].items())))
    return entries
