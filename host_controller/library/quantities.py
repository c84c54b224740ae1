"""Reads depth, rate, passes and dose of a library entry: ranges in, guardrails out.

In a file a quantity is a table with `default`, `soft` and `hard`; `evaluated` comes from the
library, or from the entry where somebody has evaluated more. Owns no state.
"""

from decimal import Decimal
from typing import Any, NamedTuple

from host_controller.library import starter
from host_controller.library.guardrail import LAYERS, Guardrail, Range
from host_controller.planning import fields
from host_controller.planning.problems import Problems

KEYS = {"depth": "depth_mm", "rate": "rate_hz", "passes": "passes", "dose": "dose_per_cm2"}
PARTS = ("default", "soft", "hard", "evaluated")
_EXAMPLE = "{ default = 0.50, soft = [0.25, 0.75], hard = [0.25, 1.00] }"


class Written(NamedTuple):
    """What a file says about a quantity; None where a part is left out."""

    default: int | None
    soft: Range | None
    hard: Range | None
    evaluated: Range | None


def mechanical(quantity: str) -> Range:
    """What the pen can do at all, in its units."""
    pen = starter.load()
    return {
        "depth": Range(pen.depth_min_um, pen.depth_max_um),
        "rate": Range(pen.rate_min_chz, pen.rate_max_chz),
        "passes": Range(1, pen.passes_max),
        "dose": Range(1, pen.dose_limit_max_per_cm2),
    }[quantity]


def value_of(problems: Problems, key: str, quantity: str, value: Any) -> int | None:
    """One value in the pen's units; None after its problem was noted."""
    around = mechanical(quantity)
    if quantity == "depth":
        return fields.length(problems, key, value, around.low, around.high)
    check = fields.rate if quantity == "rate" else fields.whole
    return check(problems, key, value, around.low, around.high)


def text_of(quantity: str, value: int) -> str:
    """A value as people read it."""
    return {
        "depth": f"{value / 1000:.2f} mm",
        "rate": f"{Decimal(value) / 100:f} Hz",
        "passes": f"{value} passes" if value != 1 else "1 pass",
        "dose": f"{value}/cm²",
    }[quantity]


def range_text(quantity: str, span: Range) -> str:
    """A range as people read it, with the unit once."""
    low = text_of(quantity, span.low).removesuffix(" mm").removesuffix(" Hz")
    low = low.removesuffix("/cm²").removesuffix(" passes").removesuffix(" pass")
    return f"{low} to {text_of(quantity, span.high)}"


def range_of(problems: Problems, key: str, quantity: str, value: Any) -> Range | None:
    """A range written as [low, high]."""
    if not isinstance(value, list) or len(value) != 2:
        problems.add(
            key, "A range is written as [lowest, highest].", next_step="For example [0.25, 0.75]."
        )
        return None
    low = value_of(problems, key, quantity, value[0])
    high = value_of(problems, key, quantity, value[1])
    if low is None or high is None:
        return None
    if low > high:
        problems.refuse(
            key,
            f"The range goes backwards: {text_of(quantity, low)} is above "
            f"{text_of(quantity, high)}.",
            next_step="Write the lower value first.",
        )
        return None
    return Range(low, high)


def read(problems: Problems, key: str, quantity: str, table: Any) -> Written | None:
    """What `table` says about `quantity`; None after problems were noted."""
    if not isinstance(table, dict):
        problems.add(key, "This has to be a table of ranges.", next_step=f"For example {_EXAMPLE}.")
        return None
    before = len(problems.found)
    fields.known_keys(problems, key, table, PARTS)
    default = None
    if "default" in table:
        default = value_of(problems, f"{key}.default", quantity, table["default"])
    ranges = {
        part: range_of(problems, f"{key}.{part}", quantity, table[part])
        for part in ("soft", "hard", "evaluated")
        if part in table
    }
    if len(problems.found) > before:
        return None
    return Written(default, ranges.get("soft"), ranges.get("hard"), ranges.get("evaluated"))


def guardrail(
    problems: Problems, key: str, quantity: str, layers: "list[Written | None]"
) -> Guardrail | None:
    """The guardrail from what the entry says, then what lies behind it; noted where parts miss."""
    found: dict[str, Any] = {}
    for part in PARTS:
        values = [getattr(written, part) for written in layers if written is not None]
        found[part] = next((value for value in values if value is not None), None)
    missing = [part for part in PARTS if found[part] is None]
    if missing:
        problems.add(key, f"{', '.join(missing)} is missing.", next_step=f"For example {_EXAMPLE}.")
        return None
    rail = Guardrail(
        mechanical(quantity), found["evaluated"], found["hard"], found["soft"], found["default"]
    )
    wrong = rail.unnested
    if wrong:
        around = (*LAYERS, "default")[(*LAYERS, "default").index(wrong) - 1]
        shown = (
            text_of(quantity, rail.default)
            if wrong == "default"
            else range_text(quantity, rail.layer(wrong))
        )
        problems.refuse(
            key,
            f"The {wrong} {'value' if wrong == 'default' else 'range'} ({shown}) does not lie in "
            f"the {around} range.",
            range_text(quantity, rail.layer(around)),
            "Limits nest: mechanical, evaluated, hard, soft, default.",
        )
        return None
    return rail
