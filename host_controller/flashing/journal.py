"""Updates that have begun and not ended, on disk: what makes an interrupted one go on.

One small file per pen beside a copy of the firmware that is being written, so that the next run
needs nothing but the pen. A file is written whole (new file, then rename) or not at all, and the
copy comes before the file that speaks of it. Owns the folder `updates` in the data folder.
"""

import contextlib
import dataclasses
import json
import os
from pathlib import Path

from host_controller.data_folder import data_folder
from host_controller.flashing import image_file
from host_controller.flashing.failures import BackupFailed
from host_controller.flashing.image_file import ImageFile

SCHEMA = "pen.update/1"
UNKNOWN = "unknown"  # instead of a serial number: the pen was in its boot loader already

# Steps, in their order. Each is written down before it is begun.
ASKED = "asked"  # the pen is being asked to go to its boot loader
WRITING = "writing"
WRITTEN = "written"  # the pen starts with the new firmware
VERIFIED = "verified"  # self-test and restoring are left


@dataclasses.dataclass(frozen=True)
class Update:
    """One update under way."""

    serial: str
    url: str  # where the pen was; a network address is where it comes back
    step: str
    old_version: str
    old_image: str
    version: str
    image: str
    backup: str  # path of the backup, "" when there is none
    begun: str


def folder() -> Path:
    """The folder (not created here)."""
    return data_folder() / "updates"


def _path(serial: str) -> Path:
    return folder() / f"{serial}.json"


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` at `path`, all of it or nothing, and on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise


def begin(update: Update, image: ImageFile) -> None:
    """Keep the firmware and write the update down; raises BackupFailed."""
    try:
        write_whole(_path(update.serial).with_suffix(".uf2"), image.data)
    except OSError as error:
        raise _unwritable(error) from error
    note(update)


def note(update: Update) -> Update:
    """Write the update's step down; raises BackupFailed. Returns it."""
    content = {"schema": SCHEMA, **dataclasses.asdict(update)}
    try:
        write_whole(_path(update.serial), json.dumps(content).encode())
    except OSError as error:
        raise _unwritable(error) from error
    return update


def step(update: Update, name: str, **changes: str) -> Update:
    """The update one step further, written down."""
    return note(dataclasses.replace(update, step=name, **changes))


def end(update: Update) -> None:
    """It is over: forget it. The file that speaks of the copy goes first."""
    with contextlib.suppress(OSError):
        _path(update.serial).unlink()
    with contextlib.suppress(OSError):
        _path(update.serial).with_suffix(".uf2").unlink()


def unfinished() -> list[Update]:
    """Updates that have begun and not ended, oldest first; a damaged file is passed over."""
    found = []
    for path in folder().glob("*.json"):
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content.pop("schema") == SCHEMA:
                found.append(Update(**content))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return sorted(found, key=lambda update: update.begun)


def firmware_of(update: Update) -> ImageFile:
    """The copy of the firmware that is being written; raises FirmwareFileBad."""
    return image_file.load(_path(update.serial).with_suffix(".uf2"))


def _unwritable(error: OSError) -> BackupFailed:
    return BackupFailed(
        f"The update cannot be written down in {folder()}.", cause=f"The system says: {error}."
    )
