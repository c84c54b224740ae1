"""Reads the `[[narrowings]]` of a library file: what a role or a skin group may at most.

There is no way to write one that widens: it holds highest values only, and one that lies above
what an entry allows anyway is refused, because its author meant something else. Owns no state.
"""

from typing import Any

from host_controller.library import quantities
from host_controller.library.entries import Around, source_keys
from host_controller.library.library import SKINS, Entry, Narrowing
from host_controller.planning import fields
from host_controller.planning.problems import Problems
from protocol.zones import ZONES

MOST_KEYS = {
    "depth": "depth_most_mm",
    "rate": "rate_most_hz",
    "passes": "passes_most",
    "dose": "dose_most_per_cm2",
}
KEYS = (
    "role", "skin", "indications", "zones", *MOST_KEYS.values(), "forbidden", "may_override",
    "sources",
)  # fmt: skip
ROLE_LENGTH = 32


def _names(
    problems: Problems, key: str, value: Any, known: "tuple[str, ...] | dict[str, str]"
) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        problems.add(key, "A list of names was expected; leave it out to mean all.")
        return ()
    found = [fields.word(problems, key, name, known) for name in value]
    return tuple(name for name in found if name)


def check(
    problems: Problems,
    where: str,
    row: dict[str, Any],
    around: Around,
    entries: dict[tuple[str, str, str], Entry],
) -> Narrowing | None:
    """The checked narrowing, or None after its problems have been noted."""
    before = len(problems.found)
    fields.known_keys(problems, where, row, KEYS)
    role = skin = ""
    if "role" in row:
        role = fields.label(problems, f"{where}.role", row["role"], ROLE_LENGTH) or ""
    if "skin" in row:
        skin = fields.word(problems, f"{where}.skin", row["skin"], SKINS) or ""
    if "role" not in row and "skin" not in row:
        problems.add(where, "It names neither a role nor a skin group.", next_step="Add one.")
    indications: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    if "indications" in row:
        indications = _names(
            problems, f"{where}.indications", row["indications"], around.indications
        )
    if "zones" in row:
        names = tuple(name for _, name in ZONES)
        zones = _names(problems, f"{where}.zones", row["zones"], names)
    most: dict[str, int] = {}
    for quantity, key in MOST_KEYS.items():
        if key in row:
            value = quantities.value_of(problems, f"{where}.{key}", quantity, row[key])
            if value is not None:
                most[quantity] = value
    forbidden = fields.flag(problems, f"{where}.forbidden", row.get("forbidden", False))
    override = fields.flag(problems, f"{where}.may_override", row.get("may_override", True))
    source = source_keys(problems, f"{where}.sources", row.get("sources"), around)
    if len(problems.found) > before:
        return None
    narrowing = Narrowing(
        role, skin, indications, zones, most, bool(forbidden), bool(override), source
    )
    if not problems.found:  # against entries that are there because they are right
        _refuse_wider(problems, where, narrowing, entries)
    return narrowing


def _refuse_wider(
    problems: Problems,
    where: str,
    narrowing: Narrowing,
    entries: dict[tuple[str, str, str], Entry],
) -> None:
    meant = [
        entry
        for entry in entries.values()
        if narrowing.concerns(entry, narrowing.skin or entry.skin, narrowing.role)
    ]
    if not meant:
        problems.add(where, "It concerns no entry of this library.")
    for quantity, value in narrowing.most.items():
        highest = max((entry.guardrail(quantity).hard.high for entry in meant), default=value)
        if value > highest:
            problems.refuse(
                f"{where}.{MOST_KEYS[quantity]}",
                f"{quantities.text_of(quantity, value)} is more than any entry allows.",
                f"up to {quantities.text_of(quantity, highest)}",
                "A role or skin group can only narrow.",
            )
