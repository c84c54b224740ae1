"""A treatment as its readers see it: plain values, nothing of the database.

Reports and exports are built on these alone; `session_view.py` makes them from chained entries.
Corrections are applied, and listed with what stood before. Times are UTC; `t_ms` counts from the
beginning of the record. Identifiers are pseudonyms: there is no field for a name. Immutable.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

OUTCOMES = ("complete", "ended by the user", "failed", "interrupted", "open")


@dataclass(frozen=True)
class PenRecord:
    """The pen that treated."""

    serial: str
    firmware: str
    protocol: str  # hash of the protocol's table, 8 hex digits


@dataclass(frozen=True)
class CartridgeRecord:
    """A cartridge that was seated when the treatment began; `accepted` by the pen and the host."""

    cartridge_id: str  # hex
    pins: int  # 0: nano
    needle_um: int
    lot: str
    expires: date
    accepted: bool
    udi: str = ""  # as scanned from the pack, human readable form; "" when it was not


@dataclass(frozen=True)
class LibraryRecord:
    """The depth library the plan was made with."""

    library_id: str
    version: int
    approval: str  # its state in words, e.g. "derived, not clinically approved"
    sha256: str = ""


@dataclass(frozen=True)
class Sample:
    """What telemetry showed in one step of at most 0.8 s while the needles were not parked."""

    t_ms: int  # end of the step
    zone: str
    lasted_ms: int
    running_ms: int  # of it with needles moving at depth
    depth_um_mean: int
    depth_um_min: int
    depth_um_max: int
    rate_chz_mean: int
    rate_chz_min: int
    rate_chz_max: int
    current_ma_max: int
    temperature_cdeg: int
    punctures: int  # of the zone so far
    contact_ms: int  # of the zone so far


@dataclass(frozen=True)
class StopRecord:
    """The end of a run and why."""

    t_ms: int
    zone: str
    reason: str
    needles_in: bool


@dataclass(frozen=True)
class FaultRecord:
    """A latched fault of the pen."""

    t_ms: int
    number: str  # F22
    zone: str
    acknowledged: bool


@dataclass(frozen=True)
class OverrideRecord:
    """A value outside the library's soft range, who allowed it and why (from a short list)."""

    zone: str
    field: str  # depth, rate, passes or dose; in um, 0.01 Hz, passes, punctures/cm²
    value: int
    reason: str
    approved_by: str


@dataclass(frozen=True)
class PenCount:
    """What the pen itself wrote into its usage log about a zone, with the log's own number."""

    number: int
    punctures: int
    punctures_per_cm2: int
    zone_ms: int
    contact_ms: int


@dataclass(frozen=True)
class ZoneRecord:
    """One zone: planned beside measured. Measured depths and rates are those of running needles."""

    zone: str
    depth_um_set: int
    rate_chz_set: int
    passes_set: int
    area_mm2: int
    dose_limit_per_cm2: int
    time_limit_s: int
    depth_um_mean: int | None  # None: the needles never ran here
    depth_um_min: int | None
    depth_um_max: int | None
    rate_chz_mean: int | None
    rate_chz_min: int | None  # once steady
    rate_chz_max: int | None
    passes: int
    runs: int
    punctures: int
    punctures_per_cm2: int
    zone_ms: int  # needles running
    contact_ms: int  # of it in touch with skin
    current_ma_max: int
    temperature_cdeg_max: int | None
    parked_ms_max: int
    stop_reasons: tuple[str, ...] = ()
    override: OverrideRecord | None = None
    pen_count: PenCount | None = None  # None until the pen's log was read

    @property
    def treated(self) -> bool:
        """Whether the needles ran in this zone."""
        return self.runs > 0


@dataclass(frozen=True)
class CorrectionRecord:
    """A later statement that replaces an earlier value; the earlier one stays."""

    at: datetime
    field: str
    before: str
    after: str
    reason: str
    by: str


@dataclass(frozen=True)
class ChainRecord:
    """Where the record stands in its writer's chain."""

    writer: str
    first: int
    last: int
    head: str  # SHA-256 of the last entry, 64 hex digits


@dataclass(frozen=True)
class SessionRecord:
    """One treatment. `simulated` names the interpreter of a simulated pen, "" for a real one."""

    record_id: str
    client: str  # "" when none was given
    operator: str
    begun: datetime
    ended: datetime | None
    utc_offset_min: int  # of the computer, for local times
    outcome: str  # one of OUTCOMES
    simulated: str
    demo: bool
    continues: str  # record id of the part before, ""
    session_id: int
    plan_sha256: str
    pen: PenRecord
    library: LibraryRecord
    chain: ChainRecord
    program: str
    concern: str = ""
    fitzpatrick: str = ""
    screen: tuple[tuple[str, str], ...] = ()  # question key, answer
    cartridges: tuple[CartridgeRecord, ...] = ()
    zones: tuple[ZoneRecord, ...] = ()
    samples: tuple[Sample, ...] = ()
    stops: tuple[StopRecord, ...] = ()
    faults: tuple[FaultRecord, ...] = ()
    overrides: tuple[OverrideRecord, ...] = ()
    corrections: tuple[CorrectionRecord, ...] = ()
    remarks: tuple[str, ...] = field(default=())  # e.g. "written later from the spool"
    needles_in: bool | None = None
    battery_pct: int | None = None
    early_reason: str = ""  # why before its interval, a short word; "" when it was not early
    error: str = ""  # number of the error that ended it, "E116"

    @property
    def punctures(self) -> int:
        """All punctures of the session, by the pen's count as telemetry told it."""
        return sum(zone.punctures for zone in self.zones)

    @property
    def zone_ms(self) -> int:
        """All time with running needles."""
        return sum(zone.zone_ms for zone in self.zones)
