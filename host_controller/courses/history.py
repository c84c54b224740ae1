"""What a client had before, as plain values: the input of every function in this package.

Whoever keeps the records makes these; nothing here knows a database. Sessions of a simulated pen
and demonstrations are left out by whoever asks. Immutable.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

GRADES = range(5)  # 0 clear, 1 almost clear, 2 mild, 3 moderate, 4 severe


@dataclass(frozen=True)
class ZoneSummary:
    """What one zone of a session had. Depth is needle protrusion, as set."""

    zone: str  # short name, as in protocol/zones.py
    depth_um: int
    rate_chz: int
    passes: int
    area_mm2: int
    punctures_per_cm2: int
    zone_ms: int = 0  # needles running
    contact_ms: int = 0  # of it in touch with skin
    override_reason: str = ""  # short word from the list, "" for none

    @property
    def treated(self) -> bool:
        """Whether the needles touched the skin at all."""
        return self.punctures_per_cm2 > 0 or self.contact_ms > 0


@dataclass(frozen=True)
class SessionSummary:
    """One session that a client had; `begun` is aware, in UTC."""

    record_id: str
    begun: datetime
    outcome: str  # "complete", "interrupted", "ended by the user", "failed"
    concern: str = ""  # "" where the plan named none
    zones: tuple[ZoneSummary, ...] = ()
    operator: str = ""
    library_id: str = ""
    pins: int = 0  # 0: nano
    needle_um: int = 0
    early_reason: str = ""  # why it came before its interval, "" when it did not

    @property
    def treated_zones(self) -> tuple[ZoneSummary, ...]:
        """The zones in which the needles touched the skin, each once, in their order.

        A zone stands in a session more than once when it was left and entered again, or had a
        shallower first pass. The pen goes on counting, so the highest count is that of them all;
        the depth is the deepest.
        """
        found: dict[str, ZoneSummary] = {}
        for zone in self.zones:
            if not zone.treated:
                continue
            had = found.get(zone.zone, zone)
            most = max(had, zone, key=lambda one: (one.punctures_per_cm2, one.depth_um))
            found[zone.zone] = replace(most, depth_um=max(had.depth_um, zone.depth_um))
        return tuple(found.values())


@dataclass(frozen=True)
class Score:
    """A practitioner's grade of one concern on one day; photos by the SHA-256 of their files."""

    concern: str
    grade: int  # 0..4, see GRADES
    on: date
    by: str = ""  # staff code
    record_id: str = ""  # the session it belongs to, "" between sessions
    before_sha256: tuple[str, ...] = ()
    after_sha256: tuple[str, ...] = ()


@dataclass(frozen=True)
class History:
    """Everything known about one client; sessions newest first, scores oldest first."""

    client: str
    sessions: tuple[SessionSummary, ...] = ()
    scores: tuple[Score, ...] = ()
    known: bool = True  # False: the records could not be asked, which is not the same as nothing
