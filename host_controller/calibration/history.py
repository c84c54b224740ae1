"""What was ever written to a pen as trim: when, who, before, after, the readings behind it.

One line of JSON per calibration, appended and never changed. Shares its folder with `progress`.
"""

import json
import os
from pathlib import Path
from typing import Any

from host_controller.calibration.progress import folder, unwritable

SCHEMA = "pen.calibration.entry/1"
ASKED, WRITTEN, IN_USE = "asked", "written", "in use"  # a cut in between leaves ASKED alone


def _path(serial: str) -> Path:
    return folder() / f"{serial}.history.jsonl"


def entries(serial: str) -> list[dict[str, Any]]:
    """Every entry of a pen, oldest first; a line that cannot be read is left out."""
    try:
        lines = _path(serial).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    found = []
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and entry.get("schema") == SCHEMA:
            found.append(entry)
    return found


def last(serial: str) -> dict[str, Any] | None:
    """The newest entry of trim that is on the pen."""
    found = [entry for entry in entries(serial) if entry.get("outcome") in (WRITTEN, IN_USE)]
    return found[-1] if found else None


def append(serial: str, entry: dict[str, Any]) -> None:
    """Keep one more entry, on the disk when this returns; raises CalibrationUnwritable."""
    line = json.dumps({"schema": SCHEMA, "serial": serial, **entry}, ensure_ascii=False) + "\n"
    path = _path(serial)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("a", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise unwritable(error) from error
