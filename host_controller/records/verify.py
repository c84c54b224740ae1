"""Proves that records are what was written: every chain, the index, the heads that are kept.

A change, a gap or an exchange shows inside a chain. An end that was cut off shows by a head kept
elsewhere: on this computer's disk (spool, closed days), in the database's table of heads, or in an
entry of another chain that was written later. Owns no state.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import select

from host_controller.records import chain, database, schema
from host_controller.records.chain import Entry, Head
from host_controller.records.heads import kept_heads
from host_controller.records.index_rows import KEYS, Change, Put, operations
from host_controller.records.spool import Spool
from host_controller.records.store import Store

_BYTES = 32  # of each hash, remembered for references
_PAGE = 1000


class Break(NamedTuple):
    """One thing that is not as it was written."""

    place: str
    reason: str


@dataclass
class Report:
    """What was looked at and what was found; `breaks` in the order in which they were met."""

    entries: int = 0
    heads: list[Head] = field(default_factory=list)
    waiting: int = 0  # entries in the spool that the database has not
    breaks: list[Break] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing is broken."""
        return not self.breaks


class _Reference(NamedTuple):
    head: Head
    said_by: str


class _Walk:
    """Goes through the entries once; remembers hashes, references and the index they make."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.hashes: dict[str, bytearray] = {}
        self.loose: dict[Head, None] = {}
        self.references: list[_Reference] = []
        self.moved: set[Head] = set()
        self.puts: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        self.changes: list[tuple[str, Change]] = []
        self._last: Head | None = None
        self._lost = False  # the chain under way has a break: what follows is not judged again

    def take(self, row: Any) -> None:
        """One row of `entry`, in order of writer and number."""
        if self._last is None or row.writer != self._last.writer:
            self._last, self._lost = Head(row.writer, 0, chain.FIRST), False
            self.hashes[row.writer] = bytearray()
        self.report.entries += 1
        entry = chain.opened(row.line.encode("utf-8", "surrogateescape"))
        self._judge(row, entry)
        digest = bytes.fromhex(entry["hash"]) if entry else bytes(_BYTES)
        if len(self.hashes[row.writer]) == (row.number - 1) * _BYTES:
            self.hashes[row.writer].extend(digest)
        else:  # after a gap
            self.loose[Head(row.writer, row.number, digest.hex())] = None
        if entry is None:
            self._last = Head(row.writer, row.number, "")
            return
        self._last = Head(row.writer, row.number, str(entry["hash"]))
        place = f"entry {row.number} of chain {row.writer}"
        try:
            self._remember(entry, place)
        except (KeyError, TypeError, ValueError, AttributeError):
            self.report.breaks.append(Break(place, "is none that this program writes"))

    def _remember(self, entry: Entry, place: str) -> None:
        """Note what the entry refers to and what it means for the index."""
        for seen in [*entry.get("seen", []), *([entry["after"]] if entry.get("after") else [])]:
            self.references.append(_Reference(Head(*seen), place))
        if entry.get("moved_from"):
            writer, number, digest, previous = entry["moved_from"]
            self.moved.add(Head(writer, number, digest))
            if number > 1:
                self.references.append(_Reference(Head(writer, number - 1, previous), place))
        for operation in operations(entry):
            if isinstance(operation, Put):
                values = operation.values
                key = (operation.table, *(str(values[name]) for name in operation.key))
                self.puts.setdefault(key, []).append(values)
            else:
                self.changes.append((operation.order, operation))

    def _judge(self, row: Any, entry: Entry | None) -> None:
        assert self._last is not None
        if self._lost:
            return
        reason, number = "", row.number
        if row.number <= self._last.number:
            reason = "stands in a place that no chain has"
        elif row.number != self._last.number + 1:
            number = self._last.number + 1
            last = row.number - 1
            reason = "is missing" if last <= number else f"and those up to {last} are missing"
        elif entry is None:
            reason = "was changed"
        elif (entry["writer"], entry["number"]) != (row.writer, row.number):
            reason = "is another entry, put in this place"
        elif entry["previous"] != self._last.hash:
            reason = "does not follow the one before it"
        elif (row.record_id, row.type) != (entry.get("record_id", ""), entry["type"]):
            reason = "stands in the table under another record or type"
        if reason:
            self._lost = True
            record = f" (record {row.record_id}, {row.type})" if row.record_id else ""
            place = f"entry {number} of chain {row.writer}{record}"
            self.report.breaks.append(Break(place, reason))

    def has(self, head: Head) -> bool:
        """Whether the chains hold this entry with this hash."""
        if head in self.moved or head in self.loose:
            return True
        known = self.hashes.get(head.writer, b"")
        at = (head.number - 1) * _BYTES
        return bytes(known[at : at + _BYTES]).hex() == head.hash

    def end(self, writer: str) -> int:
        """Number of the last entry of a chain, 0 when there is none."""
        after_gap = [head.number for head in self.loose if head.writer == writer]
        return max(len(self.hashes.get(writer, b"")) // _BYTES, *after_gap, 0)


def verify(store: Store, elsewhere: Iterable[Head] = ()) -> Report:
    """Look at everything; `elsewhere` are heads that were kept apart. Raises DatabaseAway."""
    report = Report()
    walk = _Walk(report)
    entry = schema.entry
    with database.told(store.home), store.reading() as connection:
        rows = connection.execute(
            select(entry).order_by(entry.c.writer, entry.c.number),
            execution_options={"yield_per": _PAGE},
        )
        for row in rows:
            walk.take(row)
        heads = [Head(*row) for row in connection.execute(select(schema.writer))]
        report.heads = sorted(heads)
        _check_heads(walk, heads)
        _check_spool(walk, Spool(store.home))
        _check_references(walk, [_Reference(head, "a head kept elsewhere") for head in elsewhere])
        kept = [_Reference(head, f"the close of {day}") for day, head in kept_heads(store.home)]
        _check_references(walk, kept)
        _check_references(walk, walk.references)
        for table in schema.INDEX:
            found = connection.execute(select(table)).mappings()
            _check_index(walk, table.name, [dict(row) for row in found])
    return report


def _missing(walk: _Walk, head: Head, said_by: str) -> Break:
    end = walk.end(head.writer)
    if end < head.number:
        span = f"entry {end + 1}" if end + 1 == head.number else f"entries {end + 1}-{head.number}"
        return Break(
            f"{span} of chain {head.writer}", f"missing at the end, {said_by} knows better"
        )
    return Break(f"entry {head.number} of chain {head.writer}", f"is not what {said_by} knows")


def _check_references(walk: _Walk, references: Sequence[_Reference]) -> None:
    told = {found.place for found in walk.report.breaks}
    for head, said_by in references:
        if not walk.has(head):
            found = _missing(walk, head, said_by)
            if found.place not in told:
                told.add(found.place)
                walk.report.breaks.append(found)


def _check_heads(walk: _Walk, heads: Sequence[Head]) -> None:
    _check_references(walk, [_Reference(head, "the table of heads") for head in heads])
    numbers = {head.writer: head.number for head in heads}
    for writer in walk.hashes:
        if numbers.get(writer) != walk.end(writer):
            reason = f"does not stand at entry {walk.end(writer)}"
            walk.report.breaks.append(Break(f"head of chain {writer}", reason))


def _check_spool(walk: _Walk, spool: Spool) -> None:
    lines = spool.lines()
    verdict = chain.verify(lines)
    if verdict.reason and verdict.reason != "is only half written":  # the next append sees to it
        place = f"line {verdict.broken_line} of {spool.path}"
        walk.report.breaks.append(Break(place, verdict.reason))
    entries = spool.entries()
    if not entries:
        return
    end = walk.end(entries[0]["writer"])
    stored = [entry for entry in entries if entry["number"] <= end]
    walk.report.waiting = len(entries) - len(stored)
    must = stored if stored or entries[0]["number"] <= end + 1 else entries[:1]
    heads = [chain.head_of(entry) for entry in must]
    _check_references(walk, [_Reference(head, "this computer's spool") for head in heads])


def _expected(walk: _Walk, table: str) -> Iterator[tuple[tuple[str, ...], list[dict[str, Any]]]]:
    for key, candidates in walk.puts.items():
        if key[0] == table:
            yield key, candidates


def _check_index(walk: _Walk, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Compare a table of the index with what the entries make."""
    expected = dict(_expected(walk, table))
    if table == "session":
        for _, change in sorted(walk.changes, key=lambda pair: pair[0]):
            for values in expected.get(("session", change.record_id), [])[:1]:
                if values[change.guard] < change.order:
                    values.update(change.values)
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in rows:
        found[(table, *(str(row[name]) for name in KEYS[table]))] = row
    for key, candidates in expected.items():
        row_found = found.pop(key, None)
        name = f"row {', '.join(key[1:])} of the index {table}"
        if row_found is None:
            walk.report.breaks.append(Break(name, "is missing"))
        elif row_found not in candidates:
            walk.report.breaks.append(Break(name, "is not what the entries say"))
    for key in found:
        name = f"row {', '.join(key[1:])} of the index {table}"
        walk.report.breaks.append(Break(name, "follows from no entry"))
