"""What the pen answers, as named tuples in the pen's units.

Field order is that of `protocol/schema.py`; a test holds the two together. Immutable.
"""

import struct
from typing import NamedTuple

from protocol import codes, schema
from protocol.zones import zone_name

_TELEMETRY_FORMAT = schema.TELEMETRY_LAYOUT.format

# States in which the needles may be out.
EXPOSED = (codes.STATE_POSITIONING, codes.STATE_RUNNING, codes.STATE_PARKING)


class Reading(NamedTuple):
    """One telemetry record: what the pen does and measures."""

    counter: int
    t_ms: int
    state: int
    fault: int
    stop_reason: int
    zone: int
    pass_number: int
    battery_pct: int
    conditions: int
    rate_set_chz: int
    rate_chz: int
    depth_set_um: int
    depth_um: int
    current_ma: int
    supply_mv: int
    temperature_cdeg: int
    duty: int
    zone_ms: int
    contact_ms: int
    punctures: int
    punctures_per_cm2: int
    ticks_late: int
    frames_bad: int

    def has(self, condition: int) -> bool:
        """Whether the COND_* bit is set."""
        return bool(self.conditions >> condition & 1)

    @property
    def needles_in(self) -> bool:
        """Whether the pen senses its needles inside (never assumed from the state)."""
        return self.has(codes.COND_NEEDLES_IN)

    @property
    def state_name(self) -> str:
        """Name of the state."""
        known = self.state < len(codes.STATE_NAMES)
        return codes.STATE_NAMES[self.state] if known else f"state {self.state}"

    @property
    def zone_name(self) -> str:
        """Name of the chosen zone, "" for none."""
        return zone_name(self.zone) if self.zone else ""

    @property
    def stop_name(self) -> str:
        """Why the last run stopped, in a word or two."""
        known = self.stop_reason < len(codes.STOP_NAMES)
        return codes.STOP_NAMES[self.stop_reason] if known else f"reason {self.stop_reason}"

    def condition_names(self) -> list[str]:
        """Names of the conditions that hold."""
        return [name for bit, name in enumerate(codes.CONDITION_NAMES) if self.has(bit)]


def reading(payload: bytes) -> Reading:
    """Read a TELEMETRY or STATUS payload; ValueError when its length is wrong."""
    if len(payload) != schema.TELEMETRY_LAYOUT.size:
        raise ValueError(f"telemetry of {len(payload)} bytes")
    return Reading(*struct.unpack(_TELEMETRY_FORMAT, payload))


def parked(found: Reading) -> bool:
    """Whether the needles are sensed inside and the pen is in no state that moves them."""
    return found.needles_in and found.state not in EXPOSED


class Notice(NamedTuple):
    """A change of state, told by the pen."""

    counter: int
    t_ms: int
    state: int
    previous: int
    stop_reason: int
    fault: int
    zone: int


class PlanInfo(NamedTuple):
    """The plan in force on the pen."""

    sha256: bytes
    session_id: int
    zone_count: int
    flags: int
    pins: int
    needle_um: int
    library_id: bytes
    name: bytes

    @property
    def title(self) -> str:
        """Its name as text."""
        return self.name.rstrip(b"\0").decode("ascii", "replace")


class Limits(NamedTuple):
    """What the pen allows in a zone."""

    zone: int
    cap_um: int
    override_max_um: int
    rate_min_chz: int
    rate_floor_chz: int
    rate_max_chz: int
    time_max_s: int
    dose_max_per_cm2: int
    passes_max: int
    lease_ms: int
    arm_s: int


class CartridgeInfo(NamedTuple):
    """The cartridge that is seated; `result` 0 means fit for use, else a RESULT_ number."""

    cartridge_id: bytes
    type: int
    pins: int
    needle_um: int
    lot: bytes
    expiry_day: int
    used_session_id: int
    result: int

    @property
    def lot_text(self) -> str:
        """Lot as text."""
        return self.lot.rstrip(b"\0 ").decode("ascii", "replace")


class FaultEntry(NamedTuple):
    """One entry of the pen's fault history."""

    number: int
    unix_s: int
    t_ms: int
    fault: int
    state: int
    zone: int
    battery_pct: int
    conditions: int
    session_id: int
    rate_set_chz: int
    rate_chz: int
    depth_set_um: int
    depth_um: int
    current_ma: int
    supply_mv: int
    temperature_cdeg: int
    duty: int


class UsageEntry(NamedTuple):
    """One zone of one session in the pen's own history."""

    number: int
    unix_s: int
    session_id: int
    cartridge_id: bytes
    zone: int
    passes: int
    stop_reason: int
    pins: int
    depth_set_um: int
    rate_set_chz: int
    zone_ms: int
    contact_ms: int
    punctures: int
    punctures_per_cm2: int
