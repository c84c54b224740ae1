"""The board's budget: what figures of the image may not get worse than.

`firmware/boards/PEN_REV_A/budget.toml` is a ratchet: tighten it when a figure got
better. Owns nothing.
"""

import tomllib
from typing import Any

from tests.evidence.report import REPOSITORY, load

BUDGET = REPOSITORY / "firmware" / "boards" / "PEN_REV_A" / "budget.toml"


def excess(figures: list[dict[str, Any]], budget: dict[str, dict[str, float]]) -> list[str]:
    """A sentence for each figure outside its budget; figures that were not measured are not."""
    said = []
    for row in figures:
        bounds = budget.get(row["id"], {})
        most = bounds.get("most")
        least = bounds.get("least")
        if most is not None and row["value"] > most:
            said.append(f"{row['id']} is {row['value']:g} {row['unit']}; the budget is {most:g}")
        if least is not None and row["value"] < least:
            said.append(f"{row['id']} is {row['value']:g} {row['unit']}; the budget is {least:g}")
    return said


def read() -> dict[str, dict[str, float]]:
    """The budget by figure."""
    return tomllib.loads(BUDGET.read_text(encoding="utf-8"))


def over_budget() -> int:
    """Print what is outside the budget; how many figures."""
    said = excess(load("emulated")["figures"], read())
    for sentence in said:
        print(f"over budget: {sentence}. Next step: make it quicker, or say why in {BUDGET.name}.")
    return len(said)
