"""A checked plan to the bytes the pen keeps and back, and the hash both sides compare.

Owns no state.
"""

from typing import NamedTuple

from host_controller.library import starter
from host_controller.planning.plan import Plan, PlanZone
from protocol import plan_layout
from protocol.zones import zone_name

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


def plan_of(data: bytes, approvals: dict[str, str]) -> tuple[Plan, int]:
    """(plan, session id) of bytes made by `compile_plan`; `approvals` by zone name are not in them.

    Raises plan_layout.PlanFormatError for other bytes.
    """
    found = plan_layout.unpack(data)
    reasons = {number: text for text, number in starter.load().override_reasons.items()}
    zones = tuple(
        PlanZone(
            row.zone,
            row.depth_um,
            row.rate_chz,
            row.passes,
            row.time_limit_s,
            row.dose_limit_per_cm2,
            row.area_mm2,
            row.override_reason,
            reasons.get(row.override_reason, ""),
            approvals.get(zone_name(row.zone), ""),
        )
        for row in found.rows
    )
    plan = Plan(
        name=found.name.decode("ascii", "replace"),
        latch=bool(found.flags & plan_layout.FLAG_LATCH),
        tethered=bool(found.flags & plan_layout.FLAG_TETHERED),
        demo=bool(found.flags & plan_layout.FLAG_DEMONSTRATION),
        pins=found.pins,
        needle_um=found.needle_um,
        library_id=found.library_id.rstrip(b"\0").decode("ascii", "replace"),
        zones=zones,
    )
    return plan, found.session_id
