"""The libraries of this computer: the shipped one, those that were pushed, the one in force.

A pushed library is copied and never changed again, so that every plan made with it can be looked
at later. Owns the folder `libraries` in the data folder.
"""

import json
from datetime import date
from pathlib import Path
from typing import NamedTuple

from host_controller.data_folder import data_folder
from host_controller.library import life_file, reader
from host_controller.library.failures import (
    LibraryEdited,
    LibraryStepRefused,
    LibraryUnwritable,
    NoSuchLibrary,
)
from host_controller.library.library import Library

SHIPPED = Path(__file__).with_name("starter_library.toml")
IN_FORCE = "in_force.json"
SCHEMA = "pen.library-in-force/1"


class Kept(NamedTuple):
    """A library of this computer and where it lies."""

    library: Library
    path: Path
    in_force: bool


def folder() -> Path:
    """Where pushed libraries lie (not created here)."""
    return data_folder() / "libraries"


def starter() -> Library:
    """The shipped library."""
    return reader.load(SHIPPED)


def _pushes() -> list[dict[str, str]]:
    """Every push, oldest first."""
    path = folder() / IN_FORCE
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["pushes"]
        return [{str(k): str(v) for k, v in push.items()} for push in found]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LibraryEdited(
            f"{path} is damaged: it says which library is in force.",
            cause=f"It was edited or half written: {error!r}.",
            next_step="Push the clinic's library again after moving that file away.",
        ) from error


def _load(push: dict[str, str]) -> Library:
    library = reader.load(folder() / push["file"])
    if library.sha256 != push["sha256"]:
        raise LibraryEdited(f"{push['file']} in {folder()} was changed after it was pushed.")
    return library


def in_force() -> Library:
    """The library that plans are made with: the last one pushed, the shipped one before that.

    Raises LibraryStepRefused where that one was retired.
    """
    pushes = _pushes()
    if not pushes:
        return starter()
    library = _load(pushes[-1])
    retired = pushes[-1].get("retired_on")
    if retired:
        raise LibraryStepRefused(
            f"{library.name} was in force and was retired on {retired}.",
            cause="No library is in force on this computer.",
            next_step="Push another one: `pen library push FILE --by CODE`.",
        )
    return library


def retire(sha256: str, today: date) -> bool:
    """Take the library with this content out of force; False where it is not in force."""
    pushes = _pushes()
    if not pushes or pushes[-1]["sha256"] != sha256:
        return False
    _write_pushes([*pushes[:-1], {**pushes[-1], "retired_on": today.isoformat()}])
    return True


def _write_pushes(pushes: list[dict[str, str]]) -> None:
    listed = json.dumps({"schema": SCHEMA, "pushes": pushes}, indent=1) + "\n"
    life_file.write_whole(folder() / IN_FORCE, listed)


def all_kept() -> list[Kept]:
    """Every library of this computer, the shipped one first."""
    pushes = _pushes()
    last = pushes[-1]["sha256"] if pushes and "retired_on" not in pushes[-1] else ""
    kept = [Kept(starter(), SHIPPED, not pushes)]
    for file in dict.fromkeys(push["file"] for push in pushes):
        library = reader.load(folder() / file)
        kept.append(Kept(library, folder() / file, library.sha256 == last))
    return kept


def by_hash(sha256: str) -> Library:
    """The library with this content; raises NoSuchLibrary."""
    for kept in all_kept():
        if kept.library.sha256 == sha256:
            return kept.library
    raise NoSuchLibrary(f"No library on this computer has the hash {sha256[:8]}.")


def path_of(name: str) -> Path:
    """Where a library lies that a person named: a file, an id, or the first digits of its hash."""
    if name.endswith(".toml") or "/" in name or "\\" in name:
        return Path(name)
    for kept in reversed(all_kept()):
        if name == kept.library.library_id or (
            len(name) >= 8 and kept.library.sha256.startswith(name)
        ):
            return kept.path
    raise NoSuchLibrary(f"There is no library {name!r} on this computer.")


def put_in_force(path: Path, by: str, today: date) -> Library:
    """Copy a released library here and make it the one in force; raises if it is not released."""
    library = reader.load(path)
    if library.state != "released":
        raise LibraryStepRefused(
            f"{library.name} is {library.state}; only a released library is put in force.",
            next_step="Take the steps that are missing: review, approve, release.",
        )
    file = f"{library.library_id}-{library.version}-{library.tag}.toml"
    pushes = _pushes()
    pushes.append({"file": file, "sha256": library.sha256, "by": by, "on": today.isoformat()})
    try:
        folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise LibraryUnwritable(
            f"{folder()} cannot be written.", cause=f"The system says: {error}."
        ) from error
    life_file.write_whole(folder() / file, text)
    _write_pushes(pushes)
    return library
