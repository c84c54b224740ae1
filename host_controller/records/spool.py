"""The spool: where every entry goes first, on this computer's own disk.

One append-only file of chained lines for all programs of this computer, flushed to the disk append
by append, so that a crash loses at most the line being written (which stays and is accounted for
by the next entry). What the database has confirmed is trimmed away, all but the last line: it is
the head of this computer's chain, kept outside the database.
Owns `spool.jsonl` and, after a fork, `spool-WRITER.jsonl`.
"""

import os
import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from host_controller.records import chain, kinds
from host_controller.records.chain import Entry, Head
from host_controller.records.file_lock import locked
from host_controller.records.home import Home, computer_tag

_TAIL_BYTES = 64 * 1024  # an entry is under 16 KiB, so the last line lies well inside


def new_writer(home: Home) -> str:
    """Name of a new chain: the computer's tag and random digits."""
    return f"{computer_tag(home.folder)}-{secrets.token_hex(3)}"


def chain_begins(after: Head | None, why: str) -> Entry:
    """The first entry of a chain; `after` is the head of the one it goes on from."""
    return {
        "schema": kinds.SCHEMA,
        "record_id": "",
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "type": kinds.CHAIN_BEGINS,
        "after": list(after) if after else [],
        "why": why,
    }


def last_whole(lines: Sequence[bytes]) -> Entry | None:
    """The last entry whose hash is right."""
    for line in reversed(lines):
        entry = chain.opened(line.rstrip(b"\n"))
        if entry is not None:
            return entry
    return None


def _tail(stream: IO[bytes]) -> list[bytes]:
    """The last lines, at least one whole one if there is any."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _TAIL_BYTES))
    return stream.read(_TAIL_BYTES).splitlines(keepends=True)


class Spool:
    """The spool of a home; opened for each append, so it can be shared."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self.path = home.spool

    def append(self, entries: Sequence[Entry]) -> Head:
        """Seal entries and write them to the disk; returns the new head. Raises OSError."""
        self._home.make()
        with locked(self._home.lock):
            head = self.head()
            if head is not None and not head.writer.startswith(computer_tag(self._home.folder)):
                self._begin_again(head, "the folder came from another computer")
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "r+b", buffering=0) as stream:
                return self._append(stream, entries)

    def _append(self, stream: IO[bytes], entries: Sequence[Entry]) -> Head:
        lines = _tail(stream)
        fragment = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
        data, added = b"", list(entries)
        whole = chain.opened(fragment)
        if whole is not None:  # only its newline was lost
            data, head = b"\n", chain.head_of(whole)
        else:
            last = last_whole(lines)
            head = chain.head_of(last) if last else Head(new_writer(self._home), 0, chain.FIRST)
            if last is None:
                added.insert(0, chain_begins(None, "first"))
            if fragment:
                data = b"\n"
                added.insert(0, chain.torn_entry(fragment))
        for entry in added:
            line, head = chain.seal(entry, head)
            data += line + b"\n"
        written = 0
        while written < len(data):  # a disk that fills up takes a part, then refuses
            written += stream.write(data[written:]) or 0
        os.fsync(stream.fileno())
        return head

    def lines(self) -> list[bytes]:
        """Every line, oldest first; empty when there is no spool yet. Raises OSError."""
        try:
            return self.path.read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return []

    def entries(self) -> list[Entry]:
        """Entries with a right hash, oldest first."""
        return list(_whole(self.lines()))

    def entries_from(self, number: int) -> list[Entry]:
        """Entries from `number` on, oldest first; the last one in any case."""
        found: list[Entry] = []
        for line in reversed(self.lines()):
            entry = chain.opened(line.rstrip(b"\n"))
            if entry is not None:
                found.append(entry)
                if entry["number"] <= number:
                    break
        found.reverse()
        return found

    def head(self) -> Head | None:
        """Head of this computer's chain, as its own disk says. Raises OSError."""
        try:
            with self.path.open("rb") as stream:
                last = last_whole(_tail(stream))
        except FileNotFoundError:
            return None
        return chain.head_of(last) if last else None

    def trim(self, confirmed: Head) -> bool:
        """Drop what lies before `confirmed`, if that is the last line; whether it was."""
        with locked(self._home.lock):
            lines = self.lines()
            last = last_whole(lines)
            if last is None or not lines[-1].endswith(b"\n"):
                return False
            if chain.head_of(last) != confirmed:
                return False
            if len(lines) > 1:
                fresh = self.path.with_suffix(f".{os.getpid()}.new")
                with fresh.open("wb") as stream:
                    stream.write(chain.canonical(last) + b"\n")
                    stream.flush()
                    os.fsync(stream.fileno())
                fresh.chmod(0o600)
                fresh.replace(self.path)
            return True

    def begin_again(self, why: str) -> None:
        """Set the chain aside under its writer's name and begin a new one that refers to it.

        Entries of a chain that was set aside are taken over by `merge`. Raises OSError.
        """
        with locked(self._home.lock):
            head = self.head()
            if head is not None:
                self._begin_again(head, why)

    def _begin_again(self, head: Head, why: str) -> None:
        self.path.replace(self.path.with_name(f"spool-{head.writer}.jsonl"))
        line, _ = chain.seal(chain_begins(head, why), Head(new_writer(self._home), 0, chain.FIRST))
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(line + b"\n")
            stream.flush()
            os.fsync(stream.fileno())

    def set_aside(self) -> list[Path]:
        """Chains that were set aside and still hold entries nobody has confirmed."""
        return sorted(self._home.folder.glob("spool-*.jsonl"))


def _whole(lines: Sequence[bytes]) -> Iterator[Entry]:
    for line in lines:
        entry = chain.opened(line.rstrip(b"\n"))
        if entry is not None:
            yield entry


def whole_entries(path: Path) -> list[Entry]:
    """Entries with a right hash in a spool file. Raises OSError."""
    return list(_whole(path.read_bytes().splitlines(keepends=True)))
