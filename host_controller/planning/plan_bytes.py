"""A checked plan to the bytes the pen keeps, and the hash both sides compare. Owns no state."""

from typing import NamedTuple

from host_controller.planning.plan import Plan
from protocol import plan_layout

SESSION_MAX = 0xFFFF_FFFF


class PlanImage(NamedTuple):
    """What goes over the wire: the bytes and their SHA-256."""

    data: bytes
    sha256: bytes


def compile_plan(plan: Plan, session_id: int) -> PlanImage:
    """Pack `plan` for session `session_id`, 1..2^32-1 (a used cartridge fits that session only).

    Raises ValueError for a session out of range; every other value was checked with the file.
    """
    if not 1 <= session_id <= SESSION_MAX:
        raise ValueError(f"session id is {session_id}, allowed is 1 to {SESSION_MAX}")
    flags = (
        plan_layout.FLAG_LATCH * plan.latch
        | plan_layout.FLAG_TETHERED * plan.tethered
        | plan_layout.FLAG_DEMONSTRATION * plan.demo
    )
    rows = [
        plan_layout.PlanRow(
            row.zone,
            row.passes,
            row.depth_um,
            row.rate_chz,
            row.time_limit_s,
            row.dose_limit_per_cm2,
            row.area_mm2,
            row.override_reason,
        )
        for row in plan.zones
    ]
    data = plan_layout.pack(
        plan_layout.Plan(
            session_id,
            flags,
            plan.pins,
            plan.needle_um,
            plan.library_id.encode("ascii"),
            plan.name.encode("ascii"),
            rows,
        )
    )
    return PlanImage(data, plan_layout.digest(data))
