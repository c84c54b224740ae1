"""What was measured in one zone, gathered from telemetry.

Depth counts while the needles run; rate counts as steady once the ramp has ended and 300 ms have
passed. Owns the running figures of one zone.
"""

from typing import Any

from host_controller.planning.plan import PlanZone
from host_controller.replies import EXPOSED, Reading
from protocol import codes

SETTLE_MS = 300  # the pen itself judges the rate after this
_WRAP_MS = 1 << 30  # t_ms wraps there


def elapsed_ms(since_ms: int, now_ms: int) -> int:
    """Milliseconds between two t_ms values, right across the wrap."""
    return (now_ms - since_ms) % _WRAP_MS


class ZoneFigures:
    """Figures of one zone; feed it every reading in order."""

    def __init__(self, row: PlanZone) -> None:
        self.row = row
        self.runs = 0
        self.stops: list[str] = []
        self.ended_by = codes.STOP_NONE  # of the last run in this zone
        self.depth_error_max_um = 0
        self.rate_error_max_pct = 0.0
        self.current_max_ma = 0
        self.temperature_max_cdeg = -27315
        self.parked_max_ms = 0
        self.zone_ms = 0
        self.contact_ms = 0
        self.punctures = 0
        self.punctures_per_cm2 = 0
        self.pass_number = 0
        self._state = -1
        self._steady_since_ms = -1
        self._left_running_ms = -1

    def take(self, reading: Reading) -> None:
        """Use one reading."""
        if reading.zone != self.row.zone:
            return
        running = reading.state == codes.STATE_RUNNING
        if running and self._state != codes.STATE_RUNNING:
            self.runs += 1
        if running:
            self._take_running(reading)
        else:
            self._steady_since_ms = -1
        self._take_parking(reading)
        if self._state in EXPOSED and reading.state not in EXPOSED:
            self.ended_by = reading.stop_reason  # also of a run too short to be seen running
        self._state = reading.state
        self.temperature_max_cdeg = max(self.temperature_max_cdeg, reading.temperature_cdeg)
        self.zone_ms = reading.zone_ms
        self.contact_ms = reading.contact_ms
        self.punctures = reading.punctures
        self.punctures_per_cm2 = reading.punctures_per_cm2
        self.pass_number = reading.pass_number

    def _take_running(self, reading: Reading) -> None:
        error_um = abs(reading.depth_um - self.row.depth_um)
        self.depth_error_max_um = max(self.depth_error_max_um, error_um)
        self.current_max_ma = max(self.current_max_ma, reading.current_ma)
        if reading.rate_set_chz != self.row.rate_chz:
            self._steady_since_ms = -1
        elif self._steady_since_ms < 0:
            self._steady_since_ms = reading.t_ms
        elif elapsed_ms(self._steady_since_ms, reading.t_ms) >= SETTLE_MS:
            error_pct = abs(reading.rate_chz - self.row.rate_chz) * 100 / self.row.rate_chz
            self.rate_error_max_pct = max(self.rate_error_max_pct, error_pct)

    def _take_parking(self, reading: Reading) -> None:
        was_running = self._state == codes.STATE_RUNNING
        if was_running and reading.state != codes.STATE_RUNNING:
            self._left_running_ms = reading.t_ms
            self.stops.append(reading.stop_name)
        if self._left_running_ms < 0:
            return
        if reading.state in EXPOSED and reading.state != codes.STATE_PARKING:
            self._left_running_ms = -1
        elif reading.needles_in:
            took_ms = elapsed_ms(self._left_running_ms, reading.t_ms)
            self.parked_max_ms = max(self.parked_max_ms, took_ms)
            self._left_running_ms = -1

    def as_dict(self) -> dict[str, Any]:
        """The figures for record, table and JSON; set values beside the measured ones."""
        return {
            "zone": self.row.name,
            "depth_um_set": self.row.depth_um,
            "depth_um_max_error": self.depth_error_max_um,
            "rate_chz_set": self.row.rate_chz,
            "rate_pct_max_error_steady": round(self.rate_error_max_pct, 2),
            "punctures": self.punctures,
            "punctures_per_cm2": self.punctures_per_cm2,
            "passes": self.pass_number,
            "runs": self.runs,
            "stops": len(self.stops),
            "stop_reasons": list(self.stops),
            "zone_ms": self.zone_ms,
            "contact_ms": self.contact_ms,
            "current_max_ma": self.current_max_ma,
            "parked_ms_max": self.parked_max_ms,
        }
