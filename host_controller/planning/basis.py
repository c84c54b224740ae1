"""What a plan was made from: client, concern, library, and every deviation with its reason.

It travels with the plan and goes into the record; the pen gets none of it but the library's hash.
Immutable.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

FITZPATRICK = ("I", "II", "III", "IV", "V", "VI")
DARKER = ("IV", "V", "VI")
EARLY_REASONS = ("clinician", "protocol", "other-zone", "interrupted")


@dataclass(frozen=True)
class Deviation:
    """One value outside the library's soft range, and who allowed it why."""

    zone: str
    quantity: str  # depth, rate, passes or dose; in um, 0.01 Hz, passes, punctures/cm²
    value: int
    default: int
    low: int  # soft range
    high: int
    reason: str
    approved_by: str

    def as_dict(self) -> dict[str, object]:
        """The deviation for record and JSON."""
        return {
            "zone": self.zone,
            "field": self.quantity,
            "value": self.value,
            "default": self.default,
            "low": self.low,
            "high": self.high,
            "reason": self.reason,
            "approved_by": self.approved_by,
        }

    @classmethod
    def of_dict(cls, found: dict[str, Any]) -> "Deviation":
        """The other way round; raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            zone=str(found["zone"]),
            quantity=str(found["field"]),
            value=int(found["value"]),
            default=int(found["default"]),
            low=int(found["low"]),
            high=int(found["high"]),
            reason=str(found["reason"]),
            approved_by=str(found["approved_by"]),
        )


@dataclass(frozen=True)
class PlanBasis:
    """Everything about a plan that its rows do not say."""

    client: str
    concern: str
    fitzpatrick: str
    skin: str
    role: str
    library_id: str
    library_version: int
    library_state: str
    library_approval: str
    library_sha256: str
    interval_days: int  # the longest of its zones
    early_reason: str = ""
    planned_at: datetime | None = None  # a reason excuses sessions before it, never later ones
    deviations: tuple[Deviation, ...] = ()

    def as_record(self) -> dict[str, object]:
        """What of it belongs into the record: numbers, codes and words from short lists."""
        return {
            "client": self.client,
            "concern": self.concern,
            "fitzpatrick": self.fitzpatrick,
            "skin": self.skin,
            "role": self.role,
            "library_id": self.library_id,
            "library_version": self.library_version,
            "library_state": self.library_state,
            "library_approval": self.library_approval,
            "library_sha256": self.library_sha256,
            "interval_days": self.interval_days,
            "early_reason": self.early_reason,
            "planned_at": self.planned_at.isoformat() if self.planned_at else "",
            "deviations": [deviation.as_dict() for deviation in self.deviations],
        }

    @classmethod
    def of_record(cls, found: dict[str, Any]) -> "PlanBasis":
        """The other way round; raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            client=str(found["client"]),
            concern=str(found["concern"]),
            fitzpatrick=str(found["fitzpatrick"]),
            skin=str(found["skin"]),
            role=str(found["role"]),
            library_id=str(found["library_id"]),
            library_version=int(found["library_version"]),
            library_state=str(found["library_state"]),
            library_approval=str(found["library_approval"]),
            library_sha256=str(found["library_sha256"]),
            interval_days=int(found["interval_days"]),
            early_reason=str(found["early_reason"]),
            planned_at=(
                datetime.fromisoformat(found["planned_at"]) if found["planned_at"] else None
            ),
            deviations=tuple(Deviation.of_dict(row) for row in found["deviations"]),
        )
