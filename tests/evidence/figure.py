"""One measured figure and the judgement whether it reaches what was asked."""

import operator
from typing import Any

COMPARE = {"<=": operator.le, ">=": operator.ge, "==": operator.eq}


def figure(
    name: str, value: float, unit: str, reach: str, cases: int, note: str = ""
) -> dict[str, Any]:
    """Return the row for `build/evidence/*.json`.

    `reach` is a comparison such as "<= 1.0"; `holds` follows from it and the measured `value`,
    so a figure that falls short cannot be written as reached. `cases` is the number of trials
    behind the value. Raises ValueError for a reach that is not a comparison with a number.
    """
    symbol, _, bound = reach.partition(" ")
    if symbol not in COMPARE:
        raise ValueError(f"reach {reach!r} of {name} is not a comparison such as '<= 1.0'")
    return {
        "id": name,
        "value": value,
        "unit": unit,
        "reach": reach,
        "holds": bool(COMPARE[symbol](value, float(bound))),
        "cases": cases,
        "note": note,
    }
