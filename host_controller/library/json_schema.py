"""The JSON Schema of library files, so that a clinic's editor completes and checks while typing.

It knows names, kinds and ranges; whether limits nest and sources are named is `reader`'s business.
Made from the same tables as the reader. Pure.
"""

import json
from typing import Any

from host_controller.library import entries, life, narrowings, quantities, reader
from host_controller.library.library import QUANTITIES, SKINS
from protocol.zones import ZONES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
UNITS = {"depth": 1000, "rate": 100, "passes": 1, "dose": 1}  # pen's units in one written unit
WORDS = {
    "depth": "Needle protrusion in mm, steps of 0.01.",
    "rate": "Strokes per second.",
    "passes": "How often the zone is gone over.",
    "dose": "Punctures per cm², all passes together.",
}


def _number(quantity: str) -> dict[str, Any]:
    span, unit = quantities.mechanical(quantity), UNITS[quantity]
    whole = unit == 1
    return {
        "type": "integer" if whole else "number",
        "minimum": span.low if whole else span.low / unit,
        "maximum": span.high if whole else span.high / unit,
    }


def _range(quantity: str) -> dict[str, Any]:
    return {"type": "array", "items": _number(quantity), "minItems": 2, "maxItems": 2}


def _quantity(quantity: str) -> dict[str, Any]:
    parts = {
        "default": "Proposed to everybody.",
        "soft": "Outside it a reason is asked for.",
        "hard": "Outside it nothing is treated.",
        "evaluated": "What somebody has evaluated, with a source of its own.",
    }
    return {
        "type": "object",
        "description": WORDS[quantity],
        "additionalProperties": False,
        "properties": {
            part: {
                **(_number(quantity) if part == "default" else _range(quantity)),
                "description": text,
            }
            for part, text in parts.items()
        },
    }


def _text(description: str) -> dict[str, Any]:
    return {
        "type": "string",
        "minLength": 1,
        "maxLength": entries.TEXT_LENGTH,
        "description": description,
    }


def _keys(description: str) -> dict[str, Any]:
    return {
        "type": "array",
        "items": {"type": "string"},
        "minItems": 1,
        "description": description,
    }


def _table(properties: dict[str, Any], required: tuple[str, ...], text: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": text,
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


def _shared() -> dict[str, Any]:
    """What entries and defaults have in common."""
    found: dict[str, Any] = {quantities.KEYS[q]: {"$ref": f"#/$defs/{q}"} for q in QUANTITIES}
    found |= {
        "interval_days": {
            "type": "integer",
            "minimum": 1,
            "maximum": entries.INTERVAL_MAX_DAYS,
            "description": "Least number of days to the next session.",
        },
        "pins": {"enum": [12, 24, 36, "nano"], "description": "The cartridge it was written for."},
        "pattern": _text("How the pen is led over the skin."),
        "endpoint": _text("What the skin looks like when it is enough."),
        "sources": _table(
            {name: _keys("Keys of [sources].") for name in entries.SOURCE_KEYS},
            (),
            "Where each value comes from.",
        ),
    }
    return found


def _entry() -> dict[str, Any]:
    properties = {
        "indication": {"type": "string", "description": "A key of [indications]."},
        "zone": {"enum": [name for _, name in ZONES]},
        "skin": {"enum": list(SKINS), "description": "Skin thickness; usual where left out."},
        **_shared(),
        "warnings": {"type": "array", "items": _text("Shown whenever this zone is planned.")},
    }
    return _table(properties, ("indication", "zone"), "How a zone is treated for a concern.")


def _narrowing() -> dict[str, Any]:
    properties: dict[str, Any] = {
        "role": {"type": "string", "maxLength": narrowings.ROLE_LENGTH},
        "skin": {"enum": list(SKINS)},
        "indications": _keys("Only for these; all where left out."),
        "zones": {
            "type": "array",
            "items": {"enum": [name for _, name in ZONES]},
            "minItems": 1,
            "description": "Only in these; all where left out.",
        },
        **{key: _number(quantity) for quantity, key in narrowings.MOST_KEYS.items()},
        "forbidden": {"type": "boolean", "description": "Kept out altogether."},
        "may_override": {"type": "boolean", "description": "Whether a reason leads above soft."},
        "sources": _keys("Keys of [sources]."),
    }
    return _table(properties, ("sources",), "What a role or skin group may at most.")


def _life() -> dict[str, Any]:
    properties = {
        "state": {"enum": list(life.STEPS)},
        "by": {"type": "string", "pattern": f"^{life.CODE.pattern}$"},
        "on": {"type": "string", "format": "date"},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    }
    return _table(properties, life.KEYS, "A step, written by the program; never by hand.")


def schema() -> dict[str, Any]:
    """The whole schema."""
    named = {"type": "object", "additionalProperties": _text("In words."), "minProperties": 1}
    defaults = {key: part for key, part in _shared().items() if key in reader.DEFAULT_KEYS}
    evaluated = {quantities.KEYS[q]: _range(q) for q in QUANTITIES}
    properties = {
        "schema": {"const": reader.SCHEMA},
        "id": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,15}$"},
        "title": _text("A name for people."),
        "version": {"type": "integer", "minimum": 1, "maximum": reader.VERSION_MAX},
        "label": {"type": "string", "maxLength": 16, "description": "Version for people."},
        "author": {"type": "string", "pattern": f"^{life.CODE.pattern}$"},
        "approval": {"type": "string", "maxLength": 64},
        "valid_from": {"type": "string", "format": "date"},
        "review_by": {"type": "string", "format": "date"},
        "sources": {**named, "description": "What the values come from, by key."},
        "indications": {**named, "description": "Concerns, by key."},
        "evaluated": _table(
            {**evaluated, "sources": _keys("Keys of [sources].")},
            (*evaluated, "sources"),
            "What somebody has evaluated; no clinic's limit lies outside.",
        ),
        "defaults": _table(defaults, (), "What an entry leaves out."),
        "entries": {"type": "array", "items": _entry(), "minItems": 1},
        "narrowings": {"type": "array", "items": _narrowing()},
        "life": {"type": "array", "items": _life()},
    }
    required = ("schema", "id", "version", "author", "valid_from", "sources", "indications",
                "evaluated", "entries")  # fmt: skip
    return {
        "$schema": DIALECT,
        "title": "Depth library of a microneedling pen",
        **_table(properties, required, "A clinic's depth library."),
        "$defs": {quantity: _quantity(quantity) for quantity in QUANTITIES},
    }


def text() -> str:
    """The schema as the file that lies beside a library."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"
