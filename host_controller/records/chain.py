"""A chain of JSON lines: each carries the hash of the one before. Pure functions, no state.

A line is the canonical JSON of its entry plus `"hash"`, the SHA-256 of that JSON, which itself
contains `"previous"`, the writer of the chain and the entry's number in it. Changing, removing or
inserting a line breaks every hash after it. Cutting lines off the end cannot be seen from the
lines alone: compare the head with a copy kept elsewhere (`heads.py`).
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

FIRST = "0" * 64  # "previous" of the first line
TORN = "torn line"  # type of the entry that accounts for a line cut by a power loss

Entry = dict[str, Any]


class Verdict(NamedTuple):
    """Result of a check: the good lines, the head hash, and the first break or ""."""

    lines: int
    head: str
    broken_line: int  # from 1; 0 when whole
    reason: str


class Head(NamedTuple):
    """Where a chain stands: its writer, the number and the hash of its last entry."""

    writer: str
    number: int
    hash: str


def canonical(entry: Entry) -> bytes:
    """One way to write an entry, so that its hash is defined."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def seal(entry: Entry, head: Head) -> tuple[bytes, Head]:
    """(line without newline, new head) of `entry` as the next one after `head`."""
    number = head.number + 1
    linked = {**entry, "previous": head.hash, "writer": head.writer, "number": number}
    digest = hashlib.sha256(canonical(linked)).hexdigest()
    return canonical({**linked, "hash": digest}), Head(head.writer, number, digest)


def opened(line: bytes) -> Entry | None:
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
    return entry if whole and {"previous", "writer", "number"} <= entry.keys() else None


def head_of(entry: Entry) -> Head:
    """The head after `entry`, which `opened` has returned."""
    return Head(str(entry["writer"]), int(entry["number"]), str(entry["hash"]))


def torn_entry(fragment: bytes) -> Entry:
    """The entry that accounts for a half-written line."""
    return {"type": TORN, "bytes": len(fragment), "sha256": hashlib.sha256(fragment).hexdigest()}


def _accounts_for(entry: Entry, fragment: bytes) -> bool:
    wanted = torn_entry(fragment)
    return all(entry.get(key) == value for key, value in wanted.items())


def verify(lines: Iterable[bytes]) -> Verdict:
    """Follow a piece of one chain, from wherever it begins.

    A half line counts as whole when the next line accounts for it.
    """
    last: Head | None = None
    count, number = 0, 0
    torn: bytes | None = None
    for number, raw in enumerate(lines, 1):
        line = raw.rstrip(b"\n")
        entry = opened(line)
        if torn is not None:
            if entry is None or not _accounts_for(entry, torn):
                return Verdict(count, last.hash if last else FIRST, number - 1, "was changed")
            torn = None
        if entry is None:
            torn = line
            continue
        if last is None:
            last = Head(str(entry["writer"]), int(entry["number"]) - 1, str(entry["previous"]))
        if (entry["writer"], entry["number"], entry["previous"]) != (
            last.writer,
            last.number + 1,
            last.hash,
        ):
            return Verdict(count, last.hash, number, "does not follow the line before it")
        last, count = head_of(entry), count + 1
    head = last.hash if last else FIRST
    if torn is not None:
        return Verdict(count, head, number, "is only half written")
    return Verdict(count, head, 0, "")
