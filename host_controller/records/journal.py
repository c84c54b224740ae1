"""The treatment journal: one append-only, hash-chained file of JSON lines.

Written while a treatment goes on and flushed to the disk entry by entry, so that a crash loses at
most the line being written (which stays in the file and is accounted for by the next entry).
Holds pseudonyms only: there is no field for a name, and what looks like one is refused.
Owns `journal.jsonl` in the data folder.
"""

import contextlib
import os
import re
import secrets
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from host_controller import errors
from host_controller.data_folder import data_folder
from host_controller.records import chain

FILE_NAME = "journal.jsonl"
SCHEMA = "pen.record/1"
_TAIL_BYTES = 64 * 1024  # an entry is under 4 KiB, so the last line lies well inside
_PSEUDONYM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


def pseudonym(text: str, what: str) -> str:
    """`text` when it can be a client number or staff code; raises UsageError otherwise."""
    if not _PSEUDONYM.fullmatch(text):
        raise errors.UsageError(
            f"{text!r} cannot be used as {what}.",
            cause="Records hold numbers and codes only, never names or e-mail addresses.",
            next_step="Use 1 to 32 letters, digits, hyphens or underscores, for example C-0042.",
        )
    return text


def new_record_id(now: datetime) -> str:
    """Id of a treatment: the date for people, random digits against collisions."""
    return f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


@contextlib.contextmanager
def _locked(stream: IO[bytes]) -> Iterator[None]:
    """Hold the file for one append: two programs may treat with two pens at once."""
    if sys.platform == "win32":
        import msvcrt

        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            stream.seek(0)
            msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        fcntl.flock(stream.fileno(), fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(stream.fileno(), fcntl.LOCK_UN)


class Journal:
    """The journal of a data folder; opened for each append, so it can be shared."""

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or data_folder()) / FILE_NAME

    def append(self, entry: dict[str, Any]) -> str:
        """Write one entry to the disk and return its hash; raises RecordUnwritable."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "r+b", buffering=0) as stream, _locked(stream):
                return self._append_locked(stream, entry)
        except OSError as error:
            raise errors.RecordUnwritable(
                f"The record cannot be written to {self.path}.",
                cause=f"The system says: {error}.",
            ) from error

    def _append_locked(self, stream: IO[bytes], entry: dict[str, Any]) -> str:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - _TAIL_BYTES))
        lines = stream.read(_TAIL_BYTES).splitlines(keepends=True)
        fragment = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
        previous = chain.FIRST
        for line in reversed(lines):
            last = chain.opened(line.rstrip(b"\n"))
            if last is not None:
                previous = str(last["hash"])
                break
        data = b""
        whole = chain.opened(fragment)
        if whole is not None:  # only its newline was lost
            data, previous = b"\n", str(whole["hash"])
        elif fragment:
            data, previous = chain.seal(chain.torn_entry(fragment), previous)
            data = b"\n" + data
        line, digest = chain.seal(entry, previous)
        stream.write(data + line)
        os.fsync(stream.fileno())
        return digest

    def lines(self) -> list[bytes]:
        """Every line, oldest first; empty when there is no journal yet."""
        try:
            return self.path.read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return []

    def entries(self) -> list[dict[str, Any]]:
        """Entries with a right hash, oldest first (`verify` tells about the others)."""
        opened = (chain.opened(line.rstrip(b"\n")) for line in self.lines())
        return [entry for entry in opened if entry is not None]

    def verify(self) -> chain.Verdict:
        """Follow the whole chain."""
        return chain.verify(self.lines())


class TreatmentRecord:
    """The entries of one treatment. Times are UTC; `record_id` names it everywhere."""

    def __init__(self, journal: Journal, now: datetime | None = None) -> None:
        self._journal = journal
        self.record_id = new_record_id(now or datetime.now(UTC))
        self.head = ""

    def add(self, kind: str, **fields: Any) -> None:
        """Append one entry of type `kind`; raises RecordUnwritable."""
        self.head = self._journal.append(
            {
                "schema": SCHEMA,
                "record_id": self.record_id,
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "type": kind,
                **fields,
            }
        )
