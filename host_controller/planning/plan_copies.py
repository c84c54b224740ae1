"""Copies of pushed plans by hash: what turns the hash on a pen back into zones and depths.

The pen keeps a plan's bytes and tells their hash alone. Owns the folder `plans` in the data folder;
a copy is written whole (new file, then rename) or not at all.
"""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from host_controller import errors
from host_controller.data_folder import data_folder
from host_controller.planning.basis import PlanBasis
from host_controller.planning.plan import Plan
from host_controller.planning.plan_bytes import PlanImage, plan_of
from protocol import plan_layout

SCHEMA = "pen.plan-copy/1"


class PlanCopy(NamedTuple):
    """A plan as it was pushed."""

    plan: Plan
    image: PlanImage
    session_id: int


def _path(sha256: bytes) -> Path:
    return data_folder() / "plans" / f"{sha256.hex()}.json"


def keep(plan: Plan, image: PlanImage) -> None:
    """Keep a copy; raises RecordUnwritable."""
    path = _path(image.sha256)
    approvals = {row.name: row.approved_by for row in plan.zones if row.approved_by}
    content: dict[str, object] = {
        "schema": SCHEMA,
        "data": image.data.hex(),
        "approvals": approvals,
        "first_depths_um": {row.name: row.first_depth_um for row in plan.zones},
    }
    if plan.basis is not None:
        content["basis"] = plan.basis.as_record()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{os.getpid()}.new")
        fresh.write_text(json.dumps(content), encoding="ascii")
        fresh.replace(path)
    except OSError as error:
        raise errors.RecordUnwritable(
            f"A copy of the plan cannot be kept in {path.parent}.",
            cause=f"The system says: {error}.",
        ) from error


def find(sha256: bytes) -> PlanCopy | None:
    """The plan with this hash; None when it was pushed from elsewhere or the copy is damaged."""
    try:
        content = json.loads(_path(sha256).read_text(encoding="ascii"))
        data = bytes.fromhex(content["data"])
        approvals = dict(content["approvals"])
        first_um = dict(content.get("first_depths_um", {}))
        basis = PlanBasis.of_record(content["basis"]) if "basis" in content else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if plan_layout.digest(data) != sha256:
        return None
    plan, session_id = plan_of(data, approvals)
    zones = tuple(replace(row, first_depth_um=int(first_um.get(row.name, 0))) for row in plan.zones)
    plan = replace(plan, zones=zones, basis=basis)
    return PlanCopy(plan, PlanImage(data, sha256), session_id)
