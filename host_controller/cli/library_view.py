"""Libraries as people read them: tables, guardrails drawn as a scale, changes side by side.

Everything fits 80 columns; a wider terminal gets longer lines of text. Owns no state.
"""

import shutil
import textwrap

from host_controller import errors
from host_controller.cli.output import Output
from host_controller.library.difference import Change
from host_controller.library.guardrail import Guardrail
from host_controller.library.library import QUANTITIES, USUAL, Entry, Library
from host_controller.library.quantities import range_text, text_of
from host_controller.planning.failures import NotInLibrary

SCALE = 44  # characters of a drawn guardrail
NARROWEST = 60
_MARKS = (("evaluated", "┈"), ("hard", "─"), ("soft", "━"))
LEGEND = "● default   ━ soft   ─ hard, with a reason   ┈ evaluated"


def width() -> int:
    """Columns to write in; at most 100, since longer lines are hard to read."""
    return max(NARROWEST, min(100, shutil.get_terminal_size().columns))


def known_role(library: Library, role: str) -> None:
    """Raise UsageError for a role that the library does not know."""
    if role and role not in library.roles:
        raise errors.UsageError(
            f"{role!r} is no role of {library.name}.",
            cause=f"Its roles are: {', '.join(library.roles) or 'none'}.",
            next_step="Leave --role out for nobody's narrowing, or name one of these.",
        )


def matching(
    library: Library, concern: str | None, zone: str | None, skin: str = USUAL, role: str = ""
) -> list[Entry]:
    """The entries for these, narrowed, in the order of the file; raises NotInLibrary."""
    keys = dict.fromkeys((what, where) for (what, where, _) in library.entries)
    found = [
        entry
        for what, where in keys
        if concern in (None, what) and zone in (None, where)
        if (entry := library.find(what, where, skin, role)) is not None
    ]
    if found:
        return found
    asked = [concern or "", f"in {zone}" if zone else "", f"for {role}" if role else ""]
    raise NotInLibrary(
        f"{library.name} has no entry for {' '.join(part for part in asked if part)}.",
        cause=f"Its concerns are {', '.join(library.indications)}.",
    )


def print_head(out: Output, library: Library) -> None:
    """Name, state and what it is worth."""
    out.line(f"{library.name}   {library.state}, {library.approval}   {library.tag}")
    until = f", to be reviewed by {library.review_by}" if library.review_by else ""
    out.line(f"written by {library.author}, valid from {library.valid_from}{until}")
    for step in library.life:
        out.line(f"{step.state} by {step.by} on {step.on}")


def _numbers(quantity: str, rail: Guardrail, layer: str) -> str:
    """A range without its unit, for a table."""
    text = range_text(quantity, rail.layer(layer)).replace(" to ", "-")
    return text.rpartition(" ")[0] if " " in text else text


def print_entries(out: Output, library: Library, entries: list[Entry]) -> None:
    """One table per concern."""
    right = ("depth", "soft", "hard", "rate", "passes", "dose", "pins", "days")
    for concern in dict.fromkeys(entry.indication for entry in entries):
        out.line()
        out.line(f"{concern}: {library.indications[concern]}")
        rows = [
            (
                entry.zone if entry.skin == USUAL else f"{entry.zone} ({entry.skin})",
                text_of("depth", entry.depth.default),
                _numbers("depth", entry.depth, "soft"),
                _numbers("depth", entry.depth, "hard"),
                text_of("rate", entry.rate.default),
                str(entry.passes.default),
                str(entry.dose.default),
                str(entry.pins or "nano"),
                str(entry.interval_days),
            )
            for entry in entries
            if entry.indication == concern
        ]
        out.table(("zone", *right), rows, right)
    out.line()
    out.line("depth in mm; dose in punctures/cm²; days to the next session at least")


def scale(rail: Guardrail) -> str:
    """The layers drawn on a line from the least to the most that the mechanism can do."""
    # Twice what was evaluated is enough to look at: the pen could count to 5000 punctures/cm².
    low, high = rail.mechanical.low, min(rail.mechanical.high, 2 * rail.evaluated.high)

    def at(value: int) -> int:
        return round((value - low) * (SCALE - 1) / (high - low))

    marks = ["·"] * SCALE
    for name, mark in _MARKS:
        layer = rail.layer(name)
        for place in range(at(layer.low), at(layer.high) + 1):
            marks[place] = mark
    marks[at(rail.default)] = "●"
    return "".join(marks)


def _paragraph(out: Output, name: str, text: str) -> None:
    indent = " " * 11
    out.line(textwrap.fill(f"{name:<11}{text}", width(), subsequent_indent=indent))


def print_entry(out: Output, library: Library, entry: Entry) -> None:
    """Everything about one entry."""
    out.line()
    out.line(f"{library.indications[entry.indication]}, {entry.zone}, {entry.skin} skin")
    out.line()
    for quantity in QUANTITIES:
        rail = entry.guardrail(quantity)
        out.line(f"{quantity:<8}{text_of(quantity, rail.default):>9}  {scale(rail)}")
        soft, hard = range_text(quantity, rail.soft), range_text(quantity, rail.hard)
        out.line(f"{'':<19}soft {soft}, hard {hard}")
    out.line(f"{'':<19}{LEGEND}")
    out.line()
    _paragraph(out, "pattern", entry.pattern)
    _paragraph(out, "endpoint", entry.endpoint)
    _paragraph(out, "cartridge", f"{entry.pins} pins" if entry.pins else "nano")
    _paragraph(out, "interval", f"{entry.interval_days} days at least")
    for warning in entry.warnings:
        _paragraph(out, "warning", warning)
    out.line()
    out.line("sources")
    for key in dict.fromkeys(key for keys in entry.sources.values() for key in keys):
        used = ", ".join(name for name, keys in entry.sources.items() if key in keys)
        text = f"  {key}, for {used}: {library.sources[key]}"
        out.line(textwrap.fill(text, width(), subsequent_indent=" " * 4))


def print_changes(out: Output, old: Library, new: Library, changes: list[Change]) -> None:
    """Every change, those that allow more marked; nothing is cut off."""
    out.line(f"from {old.name} ({old.state}, {old.tag}) to {new.name} ({new.state}, {new.tag})")
    if not changes:
        out.line("no value differs")
        return
    where = ""
    for change in changes:
        if change.where != where:
            where = change.where
            out.line()
            out.line(where)
        mark = "wider  " if change.wider else "       "
        before, after = change.before or "(none)", change.after or "(none)"
        line = f"  {mark}{change.what}: {before} → {after}"
        out.line(textwrap.fill(line, width(), subsequent_indent=" " * 11))
    wider = sum(change.wider for change in changes)
    out.line()
    out.line(f"{len(changes)} changes, {wider} of them allow more than before")
