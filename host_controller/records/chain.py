"""A chain of JSON lines: each carries the hash of the one before. Pure functions, no state.

A line is the canonical JSON of its entry plus `"hash"`, the SHA-256 of that JSON, which itself
contains `"previous"`. Changing, removing or inserting a line breaks every hash after it. Cutting
lines off the end cannot be seen from the file alone: compare the head with a copy kept elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

FIRST = "0" * 64  # "previous" of the first line
TORN = "torn line"  # type of the entry that accounts for a line cut by a power loss


class Verdict(NamedTuple):
    """Result of a check: the good lines, the head hash, and the first break or ""."""

    lines: int
    head: str
    broken_line: int  # from 1; 0 when whole
    reason: str


def canonical(entry: dict[str, Any]) -> bytes:
    """One way to write an entry, so that its hash is defined."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def seal(entry: dict[str, Any], previous: str) -> tuple[bytes, str]:
    """(line with newline, hash) of `entry` after the line with hash `previous`."""
    linked = {**entry, "previous": previous}
    digest = hashlib.sha256(canonical(linked)).hexdigest()
    return canonical({**linked, "hash": digest}) + b"\n", digest


def opened(line: bytes) -> dict[str, Any] | None:
    """The entry of a line whose own hash is right; None for any other bytes."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    if not isinstance(entry, dict):
        return None
    if canonical(entry) != line:  # the same content written another way is a change too
        return None
    bare = {key: value for key, value in entry.items() if key != "hash"}
    whole = entry.get("hash") == hashlib.sha256(canonical(bare)).hexdigest()
    return entry if whole else None


def torn_entry(fragment: bytes) -> dict[str, Any]:
    """The entry that accounts for a half-written line."""
    return {"type": TORN, "bytes": len(fragment), "sha256": hashlib.sha256(fragment).hexdigest()}


def _accounts_for(entry: dict[str, Any], fragment: bytes) -> bool:
    wanted = torn_entry(fragment)
    return all(entry.get(key) == value for key, value in wanted.items())


def verify(lines: Iterable[bytes]) -> Verdict:
    """Follow the chain; a half line counts as whole when the next line accounts for it."""
    previous, count = FIRST, 0
    torn: bytes | None = None
    number = 0
    for number, raw in enumerate(lines, 1):
        line = raw.rstrip(b"\n")
        entry = opened(line)
        if torn is not None:
            if entry is None or not _accounts_for(entry, torn):
                return Verdict(count, previous, number - 1, "the line was changed")
            torn = None
        if entry is None:
            torn = line
            continue
        if entry["previous"] != previous:
            return Verdict(count, previous, number, "a line before it was removed or inserted")
        previous, count = str(entry["hash"]), count + 1
    if torn is not None:
        return Verdict(count, previous, number, "the last line is only half written")
    return Verdict(count, previous, 0, "")
