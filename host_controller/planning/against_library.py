"""Holds the rows of a plan against the library it was made with.

Outside the soft range a reason is needed, which the row carries as its override; outside the hard
range nothing helps. What is found becomes part of the plan's basis. Owns no state.
"""

from typing import Any

from host_controller.library.library import QUANTITIES, Entry
from host_controller.library.quantities import KEYS, range_text, text_of
from host_controller.planning.basis import Deviation, PlanBasis
from host_controller.planning.made_for import MadeFor
from host_controller.planning.plan import PlanZone
from host_controller.planning.problems import Problems

ROW_KEYS = {**KEYS, "dose": "dose_limit_per_cm2"}


def value_of(row: PlanZone, quantity: str) -> int:
    """The row's value of a quantity, in the pen's units."""
    return {
        "depth": row.depth_um,
        "rate": row.rate_chz,
        "passes": row.passes,
        "dose": row.dose_limit_per_cm2,
    }[quantity]


def _row(
    problems: Problems, where: str, row: PlanZone, entry: Entry, given: MadeFor
) -> list[Deviation]:
    """The row's deviations; what may not be is noted."""
    found = []
    for quantity in QUANTITIES:
        rail, value = entry.guardrail(quantity), value_of(row, quantity)
        judged = rail.judge(value)
        key, shown = f"{where}.{ROW_KEYS[quantity]}", text_of(quantity, value)
        limits_of = f"{given.library.name} for {entry.indication}, {entry.zone}"
        if judged.refused:
            problems.refuse(
                key,
                f"{shown} is {judged.place} the hard limits of {limits_of}.",
                range_text(quantity, rail.hard),
                "No reason helps: choose a value inside.",
            )
        elif judged.needs_reason and not row.override_reason:
            problems.refuse(
                key,
                f"{shown} is {judged.place} the soft limits of {limits_of}.",
                range_text(quantity, rail.soft),
                "Choose a value inside, or add override = { reason, approved_by }.",
            )
        elif judged.needs_reason:
            found.append(
                Deviation(
                    row.name,
                    quantity,
                    value,
                    rail.default,
                    rail.soft.low,
                    rail.soft.high,
                    row.override_text,
                    row.approved_by,
                )
            )
    low_um = entry.depth.hard.low
    if 0 < row.first_depth_um < low_um:
        problems.refuse(
            f"{where}.first_depth_mm",
            f"{text_of('depth', row.first_depth_um)} is below the hard limits.",
            f"from {text_of('depth', low_um)}",
        )
    if row.override_reason and not found:
        problems.add(
            f"{where}.override",
            "It overrides nothing: every value is inside the soft limits.",
            next_step="Remove the override, or correct the value it was meant for.",
        )
    return found


def check(problems: Problems, rows: Any, checked: list[PlanZone], given: MadeFor) -> PlanBasis:
    """The basis of the plan, after every row's problems have been noted.

    `rows` is the file's list, `checked` what was right in it; they meet by the zone's name.
    """
    library = given.library
    places = {
        row.get("zone"): index for index, row in enumerate(rows or []) if isinstance(row, dict)
    }
    deviations: list[Deviation] = []
    days = [1]
    for row in checked:
        where = f"zones[{places.get(row.name, 0)}]"
        entry = library.find(given.concern, row.name, given.skin, given.role)
        if entry is None:
            who = f" for {given.role}" if given.role else ""
            problems.refuse(
                f"{where}.zone",
                f"{library.name} has no entry for {given.concern} in {row.name}{who}.",
                ", ".join(library.zones_of(given.concern)),
                "Leave the zone out.",
            )
            continue
        days.append(entry.interval_days)
        deviations += _row(problems, where, row, entry, given)
    return PlanBasis(
        client=given.client,
        concern=given.concern,
        fitzpatrick=given.fitzpatrick,
        skin=given.skin,
        role=given.role,
        library_id=library.library_id,
        library_version=library.version,
        library_state=library.state,
        library_approval=library.approval,
        library_sha256=library.sha256,
        interval_days=max(days),
        early_reason=given.early_reason,
        planned_at=given.planned_at,
        deviations=tuple(deviations),
    )
