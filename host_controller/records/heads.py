"""Heads of the chains, kept when a day is closed: without them a cut-off end could go unseen.

They go into this computer's `heads.jsonl`, into the chain itself, and onto the screen or into a
file that somebody keeps elsewhere. Owns `heads.jsonl`.
"""

import contextlib
import json
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from host_controller import errors
from host_controller.records import kinds
from host_controller.records.chain import Head
from host_controller.records.home import Home
from host_controller.records.merge import merge
from host_controller.records.spool import Spool
from host_controller.records.store import Store

SCHEMA = "pen.heads/1"


class ClosedDay(NamedTuple):
    """A day that was closed, with the heads as they stood."""

    day: str
    heads: list[Head]

    def as_line(self) -> str:
        """One line for a file or a note."""
        fields: dict[str, Any] = {"schema": SCHEMA, "day": self.day}
        return json.dumps({**fields, "heads": [list(head) for head in self.heads]})


def close_day(store: Store, day: str) -> ClosedDay:
    """Merge, write the heads into the chain and keep them. Raises DatabaseAway, OSError."""
    merge(store)
    spool = Spool(store.home)
    seen = sorted(store.heads().values())
    spool.append(
        [
            {
                "schema": kinds.SCHEMA,
                "record_id": "",
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "type": kinds.DAY_CLOSED,
                "day": day,
                "seen": [list(head) for head in seen],
            }
        ]
    )
    merge(store)
    closed = ClosedDay(day, sorted(store.heads().values()))
    descriptor = os.open(store.home.heads, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(closed.as_line() + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    return closed


def _read(line: str) -> ClosedDay:
    content = json.loads(line)
    heads = [Head(str(w), int(n), str(bytes.fromhex(h).hex())) for w, n, h in content["heads"]]
    return ClosedDay(str(content["day"]), heads)


def kept_heads(home: Home) -> Iterator[tuple[str, Head]]:
    """(day, head) of every day this computer closed; lines it cannot read are passed over."""
    with contextlib.suppress(FileNotFoundError):
        for line in home.heads.read_text(encoding="ascii", errors="replace").splitlines():
            with contextlib.suppress(ValueError, KeyError, TypeError):
                day = _read(line)
                for head in day.heads:
                    yield day.day, head


def heads_in(path: Path) -> Sequence[Head]:
    """Heads in a file that was kept elsewhere; raises UsageError when it is none."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        return [head for line in lines if line.strip() for head in _read(line).heads]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise errors.UsageError(
            f"{path} cannot be read as heads of a closed day: {error}.",
            next_step="Give a file that `pen records close-day --to FILE` wrote.",
        ) from error
