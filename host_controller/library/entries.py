"""Reads the `[[entries]]` of a library file: which concern, zone and skin, and its guardrails.

An entry for thin or thick skin takes what it leaves out from the entry for usual skin, and may go
no further than that entry's hard ranges. Owns no state.
"""

from dataclasses import dataclass, field
from typing import Any

from host_controller.library import quantities, starter, wording
from host_controller.library.guardrail import Guardrail
from host_controller.library.library import QUANTITIES, SKINS, USUAL, Entry
from host_controller.library.quantities import KEYS, Written
from host_controller.planning import fields, zone_rows
from host_controller.planning.problems import Problems

ENTRY_KEYS = (
    "indication", "zone", "skin", *KEYS.values(), "pins", "pattern", "endpoint", "interval_days",
    "warnings", "sources",
)  # fmt: skip
SOURCE_KEYS = (*QUANTITIES, "interval", "evaluated")
INTERVAL_MAX_DAYS = 365
TEXT_LENGTH = 200


@dataclass
class Around:
    """What the rest of the library says, that its entries refer to."""

    indications: dict[str, str]
    sources: dict[str, str]
    evaluated: dict[str, Written]
    defaults: dict[str, Any]
    usual: dict[str, Written] = field(default_factory=dict)  # of the defaults, by quantity
    written: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)


def text(problems: Problems, key: str, value: Any) -> str:
    """A sentence, free of claims; "" after a problem was noted."""
    if not isinstance(value, str) or not 0 < len(value) <= TEXT_LENGTH or not value.isprintable():
        problems.add(key, "A text was expected.", f"1 to {TEXT_LENGTH} characters on one line")
        return ""
    claim = wording.claim_in(value)
    if claim:
        problems.refuse(
            key,
            f"{claim!r} speaks of bringing a substance into the skin.",
            next_step="Leave it out: this pen is not meant for that, and no library may say so.",
        )
    return value


def source_keys(problems: Problems, key: str, value: Any, around: Around) -> tuple[str, ...]:
    """A list of keys of the library's sources; noted where one is unknown or none is there."""
    if not isinstance(value, list) or not value:
        problems.add(key, "A value without a source is no value.", next_step="Name its sources.")
        return ()
    for name in value:
        if not isinstance(name, str) or name not in around.sources:
            problems.add(
                key, f"{name!r} is not among [sources].", next_step="Add it there, with its text."
            )
    return tuple(str(name) for name in value)


def _place(problems: Problems, where: str, row: dict[str, Any], around: Around) -> tuple[str, ...]:
    """(indication, zone, skin), empty strings where they are wrong."""
    indication = row.get("indication", "")
    if isinstance(indication, str) and wording.has_no_preset(indication):
        problems.refuse(
            f"{where}.indication",
            "Melasma gets no preset: the evidence contradicts itself and needling can worsen it.",
            next_step="Leave the entry out.",
        )
        indication = ""
    elif not isinstance(indication, str) or indication not in around.indications:
        indication = fields.word(
            problems, f"{where}.indication", indication or None, around.indications
        )
    zone = zone_rows.find_zone(problems, f"{where}.zone", row.get("zone"), starter.load())
    skin = fields.word(problems, f"{where}.skin", row.get("skin", USUAL), SKINS)
    return indication or "", zone.name if zone else "", skin or ""


def _sources(
    problems: Problems, where: str, row: dict[str, Any], around: Around, base: dict[str, Any]
) -> dict[str, tuple[str, ...]]:
    """Sources per quantity: each value that the entry writes itself needs one of its own."""
    given = row.get("sources", {})
    if not isinstance(given, dict):
        problems.add(f"{where}.sources", "Sources are a table of lists.")
        return {}
    fields.known_keys(problems, f"{where}.sources", given, SOURCE_KEYS)
    found: dict[str, tuple[str, ...]] = {}
    for name in (*QUANTITIES, "interval"):
        own = KEYS.get(name, "interval_days") in row
        behind = [
            table
            for table in (base.get("sources"), around.defaults.get("sources"))
            if isinstance(table, dict)
        ]
        lists = [given.get(name)] if own or name in given else []
        lists = lists or [table[name] for table in behind if name in table]
        found[name] = source_keys(
            problems, f"{where}.sources.{name}", lists[0] if lists else None, around
        )
    if isinstance(row.get("depth_mm"), dict) and "evaluated" in row["depth_mm"]:
        found["evaluated"] = source_keys(
            problems, f"{where}.sources.evaluated", given.get("evaluated"), around
        )
    return found


def _against_the_pen(problems: Problems, where: str, zone: str, depth: Guardrail) -> None:
    """A library may not allow what the pen would refuse."""
    pen = starter.load().zones[zone]
    for layer, most_um in (("soft", pen.cap_um), ("hard", pen.override_max_um)):
        high_um = depth.layer(layer).high
        if high_um > most_um:
            problems.refuse(
                f"{where}.depth_mm",
                f"The {layer} range goes to {high_um / 1000:.2f} mm, the pen's own "
                f"{'cap' if layer == 'soft' else 'maximum'} for {zone} is lower.",
                f"up to {most_um / 1000:.2f} mm",
            )


def _rates_of_the_pen(problems: Problems, where: str, zone: str, rate: Guardrail) -> None:
    pen = starter.load().zones[zone]
    if rate.hard.low < pen.rate_min_chz or rate.hard.high > pen.rate_max_chz:
        problems.refuse(
            f"{where}.rate_hz",
            f"The hard range is wider than the pen's own for {zone}.",
            f"{pen.rate_min_chz // 100} to {pen.rate_max_chz // 100} Hz",
        )


def _rails(
    problems: Problems, where: str, row: dict[str, Any], around: Around, base: dict[str, Any]
) -> dict[str, Guardrail]:
    found: dict[str, Guardrail] = {}
    for quantity, name in KEYS.items():
        key = f"{where}.{name}"
        tables = [table[name] for table in (row, base) if name in table]
        layers = [quantities.read(problems, key, quantity, table) for table in tables]
        if None in layers:
            continue
        layers.append(around.usual.get(quantity))
        if not tables and layers == [None]:
            problems.add(where, f"{name!r} is missing.", next_step="Nothing is ever assumed.")
            continue
        rail = quantities.guardrail(
            problems, key, quantity, [*layers, around.evaluated.get(quantity)]
        )
        if rail is not None:
            found[quantity] = rail
    return found


def _inside_usual(
    problems: Problems, where: str, rails: dict[str, Guardrail], usual: Entry | None
) -> None:
    if usual is None:
        problems.add(
            where,
            "There is no entry for usual skin of this indication and zone.",
            next_step="Write that one first; thin and thick skin stay within it.",
        )
        return
    for quantity, rail in rails.items():
        around = usual.guardrail(quantity).hard
        if not around.contains(rail.hard):
            problems.refuse(
                f"{where}.{KEYS[quantity]}",
                "The hard range is wider than that for usual skin.",
                quantities.range_text(quantity, around),
            )


def check(
    problems: Problems,
    where: str,
    row: dict[str, Any],
    around: Around,
    so_far: dict[tuple[str, str, str], Entry],
) -> Entry | None:
    """The checked entry, or None after its problems have been noted."""
    before = len(problems.found)
    fields.known_keys(problems, where, row, ENTRY_KEYS)
    indication, zone, skin = _place(problems, where, row, around)
    if not (indication and zone and skin):
        return None
    if (indication, zone, skin) in so_far:
        problems.add(where, f"{indication}, {zone}, {skin} skin is there twice.")
    base = {} if skin == USUAL else around.written.get((indication, zone), {})
    if skin == USUAL:
        around.written[(indication, zone)] = row
    rails = _rails(problems, where, row, around, base)
    if "depth" in rails:
        _against_the_pen(problems, where, zone, rails["depth"])
    if "rate" in rails:
        _rates_of_the_pen(problems, where, zone, rails["rate"])
    if skin != USUAL:
        _inside_usual(problems, where, rails, so_far.get((indication, zone, USUAL)))

    def part(name: str) -> Any:
        return next((t[name] for t in (row, base, around.defaults) if name in t), None)

    interval = fields.whole(
        problems, f"{where}.interval_days", part("interval_days"), 1, INTERVAL_MAX_DAYS, "days"
    )
    pins = part("pins")
    if isinstance(pins, bool) or pins not in (12, 24, 36, "nano"):
        problems.add(f"{where}.pins", "The cartridge is missing or unknown.", '12, 24, 36, "nano"')
    pattern = text(problems, f"{where}.pattern", part("pattern"))
    endpoint = text(problems, f"{where}.endpoint", part("endpoint"))
    warnings = part("warnings") or []
    if not isinstance(warnings, list):
        problems.add(f"{where}.warnings", "Warnings are a list of sentences.")
        warnings = []
    told = tuple(text(problems, f"{where}.warnings", warning) for warning in warnings)
    sources = _sources(problems, where, row, around, base)
    if len(problems.found) > before or interval is None:
        return None
    return Entry(
        indication,
        zone,
        skin,
        **rails,
        pins=0 if pins == "nano" else int(pins),
        pattern=pattern,
        endpoint=endpoint,
        interval_days=interval,
        warnings=told,
        sources=sources,
    )
