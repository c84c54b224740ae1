"""Library files: TOML in, a complete checked `Library` out, or every problem at once.

docs/library.md describes every key. Owns no state.
"""

import re
import tomllib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from host_controller.library import content, entries, life, narrowings, quantities, wording
from host_controller.library.failures import LibraryInvalid, LibraryRefused, LibraryUnreadable
from host_controller.library.library import Entry, Library, Narrowing
from host_controller.planning import fields, source_lines
from host_controller.planning.problems import Problems

SCHEMA = "pen.library/1"
KEYS = (
    "schema", "id", "title", "version", "label", "author", "approval", "valid_from", "review_by",
    "sources", "indications", "evaluated", "defaults", "entries", "narrowings", "life",
)  # fmt: skip
DEFAULT_KEYS = (
    "rate_hz", "passes", "dose_per_cm2", "interval_days", "pins", "pattern", "endpoint", "sources",
)  # fmt: skip
SIZE_MAX = 1 << 20  # a library with every zone and ten indications is under 100 KiB
VERSION_MAX = 9999
_ID = re.compile(r"[a-z][a-z0-9-]{0,15}")


def load(path: str | Path) -> Library:
    """Read and check a file; raises the errors of `failures`, also for a life without sense."""
    name = str(path)
    try:
        with Path(path).open("rb") as stream:
            raw = stream.read(SIZE_MAX + 1)
    except OSError as error:
        raise LibraryUnreadable(
            f"{name} cannot be read.", cause=f"The system says: {error}."
        ) from error
    library = parse(name, raw)
    life.check(library)
    return library


def parse(name: str, raw: bytes) -> Library:
    """The library of a file's bytes; its life is read and not judged."""
    if len(raw) > SIZE_MAX:
        raise LibraryUnreadable(f"{name} is larger than {SIZE_MAX >> 20} MiB.")
    try:
        text = raw.decode("utf-8-sig")
        data = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise LibraryUnreadable(f"{name} is not valid TOML: {str(error)[:200]}.") from error
    return check(name, data, source_lines.of_toml(text))


def check(name: str, data: dict[str, Any], lines: dict[str, int] | None = None) -> Library:
    """Check parsed content; raises LibraryInvalid or LibraryRefused with every problem found."""
    problems = Problems(name, lines or {}, LibraryInvalid, LibraryRefused, "it cannot be used")
    fields.known_keys(problems, "", data, KEYS)
    if data.get("schema") != SCHEMA:
        problems.add("schema", "The first line must name the format.", f'schema = "{SCHEMA}"')
    library_id = data.get("id")
    if not isinstance(library_id, str) or not _ID.fullmatch(library_id):
        problems.add("id", "A short name was expected.", "1 to 16 of a-z, 0-9 and -")
    version = fields.whole(problems, "version", data.get("version"), 1, VERSION_MAX)
    label = fields.label(problems, "label", data.get("label", "1.0.0"), 16)
    author = data.get("author")
    if not isinstance(author, str) or not life.CODE.fullmatch(author):
        problems.add("author", "The author's staff code was expected.", "letters, digits, - and _")
    approval = fields.label(problems, "approval", data.get("approval", "clinic library"), 64)
    valid_from = _day(problems, "valid_from", data.get("valid_from"))
    review_by = _day(problems, "review_by", data["review_by"]) if "review_by" in data else None
    if valid_from and review_by and review_by <= valid_from:
        problems.refuse(
            "review_by",
            f"The dates go backwards: {review_by} is not after valid_from, {valid_from}.",
            next_step="Look at both dates.",
        )
    if "title" in data:
        entries.text(problems, "title", data["title"])
    around = _around(problems, data)
    found = _entries(problems, data.get("entries"), around)
    narrows = _narrowings(problems, data.get("narrowings", []), around, found)
    steps = life.read(problems, data.get("life", []))
    problems.raise_any()
    return Library(
        name=f"{library_id} version {version}",
        library_id=str(library_id),
        version=version or 0,
        label=label or "",
        author=str(author),
        approval=approval or "",
        valid_from=valid_from or date.min,
        review_by=review_by,
        sources=around.sources,
        indications=around.indications,
        entries=found,
        narrowings=tuple(narrows),
        life=steps,
        sha256=content.content_hash(data),
    )


def _day(problems: Problems, key: str, value: Any) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    problems.add(key, "A date was expected.", "year-month-day without quotes, as in 2026-11-30")
    return None


def _texts(problems: Problems, key: str, value: Any) -> dict[str, str]:
    """A table of names and texts."""
    if not isinstance(value, dict) or not value:
        problems.add(key, f"The table [{key}] is missing or empty.")
        return {}
    for name, entry in value.items():
        entries.text(problems, f"{key}.{name}", entry)
        if key == "indications" and wording.has_no_preset(name):
            problems.refuse(
                f"{key}.{name}",
                "Melasma gets no preset: the evidence contradicts itself and needling can worsen "
                "it.",
                next_step="Leave it out.",
            )
    return {str(name): str(entry) for name, entry in value.items()}


def _around(problems: Problems, data: dict[str, Any]) -> entries.Around:
    around = entries.Around(
        indications=_texts(problems, "indications", data.get("indications")),
        sources=_texts(problems, "sources", data.get("sources")),
        evaluated={},
        defaults={},
    )
    evaluated = data.get("evaluated", {})
    if not isinstance(evaluated, dict):
        problems.add("evaluated", "The evaluated ranges are a table.")
        evaluated = {}
    fields.known_keys(problems, "evaluated", evaluated, (*quantities.KEYS.values(), "sources"))
    for quantity, key in quantities.KEYS.items():
        where = f"evaluated.{key}"
        span = quantities.range_of(problems, where, quantity, evaluated.get(key))
        if span is not None:
            around.evaluated[quantity] = quantities.Written(None, None, None, span)
    entries.source_keys(problems, "evaluated.sources", evaluated.get("sources"), around)
    defaults = data.get("defaults", {})
    if isinstance(defaults, dict):
        fields.known_keys(problems, "defaults", defaults, DEFAULT_KEYS)
        around.defaults = defaults
        if not isinstance(defaults.get("sources", {}), dict):
            problems.add("defaults.sources", "Sources are a table of lists.")
        for quantity, key in quantities.KEYS.items():
            if key in defaults:
                usual = quantities.read(problems, f"defaults.{key}", quantity, defaults[key])
                around.usual |= {quantity: usual} if usual else {}
    else:
        problems.add("defaults", "The defaults are a table.")
    return around


def _entries(
    problems: Problems, rows: Any, around: entries.Around
) -> dict[tuple[str, str, str], Entry]:
    found: dict[tuple[str, str, str], Entry] = {}
    if not isinstance(rows, list) or not rows:
        problems.add("entries", "The library has no entries.", next_step="Add [[entries]].")
        return found
    for index, row in enumerate(rows):
        where = f"entries[{index}]"
        if not isinstance(row, dict):
            problems.add(where, "An entry is a table with indication, zone and depth_mm.")
            continue
        entry = entries.check(problems, where, row, around, found)
        if entry is not None:
            found[(entry.indication, entry.zone, entry.skin)] = entry
    return found


def _narrowings(
    problems: Problems,
    rows: Any,
    around: entries.Around,
    found: dict[tuple[str, str, str], Entry],
) -> list[Narrowing]:
    if not isinstance(rows, list):
        problems.add("narrowings", "Narrowings are tables: [[narrowings]].")
        return []
    narrows: list[Narrowing] = []
    for index, row in enumerate(rows):
        where = f"narrowings[{index}]"
        if not isinstance(row, dict):
            problems.add(where, "A narrowing is a table with a role or a skin group.")
            continue
        narrow = narrowings.check(problems, where, row, around, found)
        if narrow is not None:
            narrows.append(narrow)
    return narrows
