"""Writes into a clinic's own library file and leaves every comment where it stands.

Two ways to write: append a step of its life, or make a new draft from an existing file. A file is
written whole (new file, then rename) or not at all, and read back before it counts. Owns no state.
"""

import os
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT

from host_controller.library import content, life, reader
from host_controller.library.failures import LibraryUnwritable
from host_controller.library.library import Library

SCHEMA_LINE = "#:schema "
SCHEMA_FILE = "library.schema.json"


def write_whole(path: Path, text: str, *, fresh: bool = False) -> None:
    """Write `text` to `path` at once; raises LibraryUnwritable, also where `fresh` finds a file."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        if fresh and path.exists():
            raise LibraryUnwritable(
                f"{path} is there already; it was not touched.",
                cause="A new version goes into a file of its own.",
                next_step="Choose another name.",
            )
        with beside.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise LibraryUnwritable(
            f"{path} cannot be written.", cause=f"The system says: {error}."
        ) from error


def take_step(path: Path, state: str, by: str, today: date) -> Library:
    """Append the step to `state`; raises the errors of `reader.load` and `life.next_step`."""
    library = reader.load(path)
    step = life.next_step(library, state, by, today)
    document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    row = tomlkit.table()
    row.update({"state": step.state, "by": step.by, "on": step.on, "sha256": step.sha256})
    rows = document.get(content.LIFE)
    if isinstance(rows, AoT):
        rows.append(row)
    else:
        fresh = tomlkit.aot()
        fresh.append(row)
        document.append(content.LIFE, fresh)
    text = tomlkit.dumps(document)
    after = reader.parse(str(path), text.encode())
    life.check(after)
    write_whole(path, text)
    return after


def new_version(source: Path, target: Path, changes: dict[str, Any]) -> Library:
    """Write a draft of the next version of `source` to `target`, with `changes` to its head.

    Comments stay; the life does not. The version is one more where the id stays the same.
    """
    before = reader.load(source)
    document = tomlkit.parse(source.read_text(encoding="utf-8-sig"))
    document.pop(content.LIFE, None)
    same = changes.get("id", before.library_id) == before.library_id
    document["version"] = before.version + 1 if same else 1
    for key, value in changes.items():
        document[key] = value
    text = tomlkit.dumps(document).rstrip("\n") + "\n"
    after = reader.parse(str(target), text.encode())
    write_whole(target, text, fresh=True)
    return after
