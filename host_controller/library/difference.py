"""What changed between two libraries, value by value, as the approver has to see it. Pure."""

from typing import NamedTuple

from host_controller.library.guardrail import Guardrail
from host_controller.library.library import QUANTITIES, USUAL, Entry, Library, Narrowing
from host_controller.library.quantities import range_text, text_of

LAYERS = ("default", "soft", "hard", "evaluated")


class Change(NamedTuple):
    """One value; `before` or `after` is empty where there is none."""

    where: str
    what: str
    before: str
    after: str
    wider: bool  # it allows more than before


def _rails(where: str, quantity: str, old: Guardrail, new: Guardrail) -> list[Change]:
    changes = []
    for layer in LAYERS:
        if layer == "default":
            before, after = text_of(quantity, old.default), text_of(quantity, new.default)
            wider = new.default > old.default
        else:
            before = range_text(quantity, old.layer(layer))
            after = range_text(quantity, new.layer(layer))
            wider = not old.layer(layer).contains(new.layer(layer))
        if before != after:
            changes.append(Change(where, f"{quantity} {layer}", before, after, wider))
    return changes


def name_of(key: tuple[str, str, str]) -> str:
    """An entry in words."""
    indication, zone, skin = key
    return f"{indication}, {zone}" + ("" if skin == USUAL else f", {skin} skin")


def _entry(where: str, old: Entry, new: Entry) -> list[Change]:
    changes = []
    for quantity in QUANTITIES:
        changes += _rails(where, quantity, old.guardrail(quantity), new.guardrail(quantity))
    if old.interval_days != new.interval_days:
        before, after = f"{old.interval_days} days", f"{new.interval_days} days"
        shorter = new.interval_days < old.interval_days
        changes.append(Change(where, "interval", before, after, shorter))
    for what, before, after in (
        ("cartridge", str(old.pins or "nano"), str(new.pins or "nano")),
        ("pattern", old.pattern, new.pattern),
        ("endpoint", old.endpoint, new.endpoint),
        ("warnings", " ".join(old.warnings), " ".join(new.warnings)),
        ("sources", _sources(old), _sources(new)),
    ):
        if before != after:
            changes.append(Change(where, what, before, after, wider=False))
    return changes


def _sources(entry: Entry) -> str:
    return "; ".join(f"{name}: {', '.join(keys)}" for name, keys in entry.sources.items())


def _narrowing(row: Narrowing) -> str:
    what = [f"at most {text_of(quantity, value)}" for quantity, value in row.most.items()]
    what += ["kept out"] if row.forbidden else []
    what += [] if row.may_override else ["no overrides"]
    where = [*row.indications, *row.zones]
    return f"{', '.join(what)}{' in ' if where else ''}{', '.join(where)}"


def _who(row: Narrowing) -> str:
    return " ".join(part for part in (row.role, f"{row.skin} skin" if row.skin else "") if part)


def compare(old: Library, new: Library) -> list[Change]:
    """Every change, heads first, then entries in the order of the new library, then narrowings."""
    changes = []
    for what, before, after in (
        ("id", old.library_id, new.library_id),
        ("version", str(old.version), str(new.version)),
        ("label", old.label, new.label),
        ("author", old.author, new.author),
        ("approval", old.approval, new.approval),
        ("valid from", str(old.valid_from), str(new.valid_from)),
        ("review by", str(old.review_by or ""), str(new.review_by or "")),
    ):
        if before != after:
            changes.append(Change("library", what, before, after, wider=False))
    for key in (*new.entries, *(key for key in old.entries if key not in new.entries)):
        before_entry, after_entry = old.entries.get(key), new.entries.get(key)
        if before_entry and after_entry:
            changes += _entry(name_of(key), before_entry, after_entry)
        elif after_entry:
            changes.append(Change(name_of(key), "entry", "", _short(after_entry), wider=True))
        elif before_entry:
            changes.append(Change(name_of(key), "entry", _short(before_entry), "", wider=False))
    gone = [row for row in old.narrowings if row not in new.narrowings]
    come = [row for row in new.narrowings if row not in old.narrowings]
    changes += [Change(_who(row), "narrowing", _narrowing(row), "", wider=True) for row in gone]
    changes += [Change(_who(row), "narrowing", "", _narrowing(row), wider=False) for row in come]
    return changes


def _short(entry: Entry) -> str:
    depth = entry.depth
    return f"{text_of('depth', depth.default)}, {range_text('depth', depth.hard)} at most"
