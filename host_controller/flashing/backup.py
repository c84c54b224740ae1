"""What is on a pen, kept on this computer before its firmware changes, and put back after.

Flashing does not touch the pen's records; the backup is for the day on which it does. The pen
tells its plan by hash alone: the plan's bytes come from the copy kept when it was pushed.
Owns the folder `backups` in the data folder.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from host_controller.data_folder import data_folder
from host_controller.flashing.failures import BackupFailed
from host_controller.flashing.journal import write_whole
from host_controller.pen import Pen
from host_controller.planning import plan_copies
from host_controller.planning.plan_bytes import PlanImage

SCHEMA = "pen.backup/1"


def _plain(row: Any) -> dict[str, Any]:
    return {
        key: value.hex() if isinstance(value, bytes) else value
        for key, value in row._asdict().items()
    }


def gather(pen: Pen) -> dict[str, Any]:
    """Settings, plan, depth library and histories of a connected pen."""
    plan = pen.plan_info()
    copy = plan_copies.find(plan.sha256) if plan else None
    return {
        "schema": SCHEMA,
        "serial_number": pen.identity.serial,
        "firmware": pen.identity.firmware,
        "image": pen.identity.image,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "settings": pen.settings(),
        "library": pen.identity.library,
        "plan": _plain(plan) if plan else None,
        "plan_data": copy.image.data.hex() if copy else None,
        "faults": [_plain(row) for row in pen.faults()],
        "usage": [_plain(row) for row in pen.usage()],
    }


def make(pen: Pen) -> tuple[Path, str]:
    """Back up to a new file; returns it and what is in it. Raises BackupFailed."""
    content = gather(pen)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    path = data_folder() / "backups" / f"{pen.identity.serial}-{stamp}.json"
    try:
        write_whole(path, json.dumps(content, indent=1).encode())
    except OSError as error:
        raise BackupFailed(
            f"The backup cannot be written to {path}.", cause=f"The system says: {error}."
        ) from error
    return path, words(content)


def words(content: dict[str, Any]) -> str:
    """What is in a backup, for people."""
    plan = "no plan"
    if content["plan"]:
        plan = "the plan" if content["plan_data"] else "the plan's hash"
    faults, usage = len(content["faults"]), len(content["usage"])
    return f"{len(content['settings'])} settings, {plan}, {faults} faults, {usage} zones treated"


def restore(pen: Pen, path: Path) -> list[str]:
    """Put back what is no longer as it was; returns what was put back, or cannot be."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return [f"the backup {path} cannot be read"]
    if content.get("serial_number") != pen.identity.serial:
        return ["the backup is of another pen and was left alone"]
    done = _restore_settings(pen, content["settings"])
    return [*done, *_restore_plan(pen, content)]


def _restore_settings(pen: Pen, wanted: dict[str, Any]) -> list[str]:
    known = pen.settings()
    changed = {
        name: value for name, value in wanted.items() if name in known and known[name] != value
    }
    if changed:
        pen.set_settings(changed)
    lost = sorted(set(wanted) - set(known))
    done = [f"settings put back: {', '.join(sorted(changed))}"] if changed else []
    return done + ([f"this firmware has no setting {', '.join(lost)}"] if lost else [])


def _restore_plan(pen: Pen, content: dict[str, Any]) -> list[str]:
    before, now = content["plan"], pen.plan_info()
    if before is None or (now and now.sha256.hex() == before["sha256"]):
        return []
    if content["plan_data"] is None:
        return ["the plan is gone and was pushed from elsewhere: push it again"]
    image = PlanImage(bytes.fromhex(content["plan_data"]), bytes.fromhex(before["sha256"]))
    pen.push_plan(image)
    return ["the plan was pushed again"]
