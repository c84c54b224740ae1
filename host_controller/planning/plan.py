"""A treatment plan in the units of the pen: integers, complete, checked.

Made by `plan_file.load`; turned into the pen's bytes by `plan_bytes`. Immutable.
"""

from dataclasses import dataclass, replace

from host_controller.planning.basis import PlanBasis
from protocol.zones import zone_name

PINS_NANO = 0


@dataclass(frozen=True)
class PlanZone:
    """One zone of a plan. Depth is needle protrusion."""

    zone: int
    depth_um: int
    rate_chz: int
    passes: int
    time_limit_s: int
    dose_limit_per_cm2: int
    area_mm2: int
    override_reason: int = 0  # 0: none needed
    override_text: str = ""
    approved_by: str = ""
    first_depth_um: int = 0  # of the first pass, to get used to it; 0: as deep as the others

    @property
    def name(self) -> str:
        """Short name of the zone."""
        return zone_name(self.zone)


@dataclass(frozen=True)
class Plan:
    """Zones in the order they are treated, for one cartridge."""

    name: str
    latch: bool
    tethered: bool
    demo: bool
    pins: int  # PINS_NANO for nano
    needle_um: int
    library_id: str
    zones: tuple[PlanZone, ...]
    basis: PlanBasis | None = None  # None: written by hand, without a library's limits

    @property
    def mode(self) -> str:
        """How the button works: "hold" runs while pressed, "latch" starts and stops by press."""
        return "latch" if self.latch else "hold"

    @property
    def cartridge(self) -> str:
        """The cartridge in words."""
        return f"{pins_text(self.pins)}, {self.needle_um / 1000:.2f} mm"

    def row(self, zone: int) -> PlanZone | None:
        """Row of a zone number, None when the plan does not treat it."""
        return next((row for row in self.zones if row.zone == zone), None)

    def ramp(self) -> "Plan | None":
        """The plan of the shallower first pass, None where no zone has one.

        It belongs to the same session, so the pen goes on counting passes and dose in the plan
        that follows. Its dose limit is one pass' share, rounded up.
        """
        rows = tuple(
            replace(
                row,
                depth_um=row.first_depth_um,
                first_depth_um=0,
                passes=1,
                dose_limit_per_cm2=-(-row.dose_limit_per_cm2 // row.passes),
            )
            for row in self.zones
            if row.first_depth_um
        )
        return replace(self, name=f"{self.name[:11]} ramp", zones=rows) if rows else None

    def as_dict(self) -> dict[str, object]:
        """The plan as `--json` shows it."""
        return {
            "name": self.name,
            "mode": self.mode,
            "tethered": self.tethered,
            "demo": self.demo,
            "pins": self.pins or "nano",
            "needle_um": self.needle_um,
            "library_id": self.library_id,
            "basis": self.basis.as_record() if self.basis else None,
            "zones": [
                {
                    "zone": row.name,
                    "depth_um": row.depth_um,
                    "first_depth_um": row.first_depth_um or row.depth_um,
                    "rate_chz": row.rate_chz,
                    "passes": row.passes,
                    "time_limit_s": row.time_limit_s,
                    "dose_limit_per_cm2": row.dose_limit_per_cm2,
                    "area_mm2": row.area_mm2,
                    "override": row.override_text,
                }
                for row in self.zones
            ],
        }


def pins_text(pins: int) -> str:
    """Cartridge type in words."""
    return f"{pins} pins" if pins else "nano"
