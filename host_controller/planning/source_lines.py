"""Line numbers of the entries of a TOML or JSON text, by key path (`zones[2].depth_mm`).

The parsers of the standard library keep no positions. The text has already been parsed when it
comes here, so a light scan is enough; what it cannot place is simply not in the map.
"""

import json
import re

_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([\w.\-]+)\s*=")
_SPACE = re.compile(r"[\s,:]*")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_SCALAR = re.compile(r"[^\s,\]}]+")


def of_toml(text: str) -> dict[str, int]:
    """Map of key path to line (from 1); list indices count from 0."""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    prefix = ""
    quoted = False
    for number, line in enumerate(text.splitlines(), 1):
        fences = line.count('"""') + line.count("'''")
        inside, quoted = quoted, quoted ^ (fences % 2 == 1)
        if inside:
            continue
        if header := _HEADER.match(line):
            prefix = _enter(header[1], header[2], counts)
            lines.setdefault(prefix, number)
        elif key := _KEY.match(line):
            lines.setdefault(f"{prefix}.{key[1]}" if prefix else key[1], number)
    return lines


def _enter(brackets: str, name: str, counts: dict[str, int]) -> str:
    """Path of a table header; `[zones.override]` belongs to the last `[[zones]]`."""
    if brackets == "[[":
        counts[name] = counts.get(name, -1) + 1
        return f"{name}[{counts[name]}]"
    first, dot, rest = name.partition(".")
    if dot and first in counts:
        return f"{first}[{counts[first]}].{rest}"
    return name


def of_json(text: str) -> dict[str, int]:
    """Map of key path to line (from 1) of a text that `json.loads` accepts."""
    lines: dict[str, int] = {}
    _walk(text, _skip(text, 0), "", lines)
    return lines


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _scalar(text: str, at: int) -> tuple[str, int]:
    """The text, number or word at `at`, as written, and the position after it."""
    found = (_TEXT if text[at] == '"' else _SCALAR).match(text, at)
    assert found is not None  # the text is valid JSON
    return found[0], found.end()


def _walk(text: str, at: int, path: str, lines: dict[str, int]) -> int:
    """Note the entries of the value at `at`; return the position after it."""
    opening = text[at]
    if opening not in "{[":
        return _scalar(text, at)[1]
    at, index = _skip(text, at + 1), 0
    while text[at] not in "}]":
        if opening == "{":
            start = at
            key, at = _scalar(text, at)
            key = json.loads(key)
            inner = f"{path}.{key}" if path else key
            at = _skip(text, at)
        else:
            start, inner = at, f"{path}[{index}]"
            index += 1
        lines.setdefault(inner, text.count("\n", 0, start) + 1)
        at = _skip(text, _walk(text, at, inner, lines))
    return at + 1
