"""A month in figures: how often the library was kept to, and what ended treatments early.

From `SessionRecord`s alone. Owns no state.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from host_controller.records.views import SessionRecord
from protocol import codes

# Ends that a person wanted, or that the plan asked for; every other one is a hard stop.
WANTED = frozenset(
    codes.STOP_NAMES[number]
    for number in (
        codes.STOP_NONE,
        codes.STOP_BUTTON,
        codes.STOP_HOST,
        codes.STOP_ARM_EXPIRED,
        codes.STOP_ZONE_TIME,
        codes.STOP_DOSE,
        codes.STOP_PLAN_CHANGED,
    )
)


@dataclass(frozen=True)
class Quality:
    """One month. Shares are 0..1, None where nothing was counted."""

    month: str  # 2026-11
    sessions: int
    zones: int  # treated
    in_library: int  # of them without an override
    overrides: dict[str, int] = field(default_factory=dict)  # "zone, field: reason" and how often
    hard_stops: dict[str, int] = field(default_factory=dict)  # reason and how often
    faults: dict[str, int] = field(default_factory=dict)  # number and how often
    early: dict[str, int] = field(default_factory=dict)  # reason and how often
    outcomes: dict[str, int] = field(default_factory=dict)

    @property
    def share_in_library(self) -> float | None:
        """Treated zones without an override, of all treated zones."""
        return self.in_library / self.zones if self.zones else None

    def as_json(self) -> dict[str, object]:
        """Everything, the share included."""
        return asdict(self) | {"share_in_library": self.share_in_library}


def quality(month: str, sessions: Iterable[SessionRecord], simulated: bool = False) -> Quality:
    """The figures of `sessions`, which are all of `month` (2026-11).

    Simulated records and demonstrations count only where `simulated` says so.
    """
    counted = zones = in_library = 0
    overrides: Counter[str] = Counter()
    hard_stops: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    early: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    for session in sessions:
        if (session.simulated or session.demo) and not simulated:
            continue
        counted += 1
        outcomes[session.outcome] += 1
        changed = {item.zone for item in session.overrides}
        treated = [zone.zone for zone in session.zones if zone.treated]
        zones += len(treated)
        in_library += sum(zone not in changed for zone in treated)
        overrides.update(f"{o.zone}, {o.field}: {o.reason}" for o in session.overrides)
        hard_stops.update(stop.reason for stop in session.stops if stop.reason not in WANTED)
        faults.update(fault.number for fault in session.faults)
        if session.early_reason:
            early[session.early_reason] += 1
    return Quality(
        month,
        counted,
        zones,
        in_library,
        dict(overrides.most_common()),
        dict(hard_stops.most_common()),
        dict(faults.most_common()),
        dict(early.most_common()),
        dict(outcomes.most_common()),
    )
