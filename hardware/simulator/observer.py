"""Watches what the pen really does: per zone since a mark, and how each run ended.

Owns its records and nothing else; reads the plant's truth after every millisecond. A run is seen
from the pins alone: it lasts while the bridge drives forwards and the cam turns faster than any
parking does. Its end counts from the last such millisecond, so "still" and "parked" are what a
stop watch on the motor wires would show.
"""

from dataclasses import asdict, dataclass, field
from math import inf, pi
from typing import Any

from hardware.plant.bridge import DRIVE
from hardware.plant.pen import Pen

RUN_RAD_S = 2 * pi * 15.0  # commands begin at 25 Hz, creeping to the index stays far below
STEADY_MS = 500  # after this long a run has left its start behind
WITHDRAWN_UM = 30.0  # the stage is at 0: switch, play and screw error together are less
NEVER_US = -(1 << 60)


@dataclass(slots=True)
class ZoneRecord:
    """What happened in one zone since the mark. Extremes are None before there was any."""

    run_ms: int = 0
    contact_ms: int = 0
    strokes: int = 0
    punctures: int = 0
    depth_um_min: float = inf  # while running
    depth_um_max: float = -inf
    rate_hz_min: float = inf  # stroke by stroke, steady
    rate_hz_max: float = -inf
    stops: int = 0
    still_ms_max: float = 0.0
    parked_ms_max: float = 0.0
    never_parked: int = 0  # runs that began again, or power that went, before it was parked


@dataclass(slots=True)
class _Run:
    zone: str
    began_us: int
    driven_us: int  # end of the last millisecond of driving
    still: bool = False


@dataclass(slots=True)
class Observer:
    """Stop watch and tally beside one pen."""

    pen: Pen
    enabled_us: int = NEVER_US  # end of the last millisecond with drive-enable high
    driven_us: int = NEVER_US  # end of the last millisecond of running; parking is none
    zones: dict[str, ZoneRecord] = field(default_factory=dict)
    _run: _Run | None = None
    _strokes: int = 0
    _punctures: int = 0

    def mark(self) -> None:
        """Begin the tally anew."""
        self.zones.clear()

    @property
    def enable_low_ms(self) -> int | None:
        """How long drive-enable has been low, 0 while high; None if it was never high."""
        if self.enabled_us == NEVER_US:
            return None
        return (self.pen.t_us - self.enabled_us) // 1000

    @property
    def driven_ago_ms(self) -> int | None:
        """How long ago the motor was last driven to run; None if it never was."""
        if self.driven_us == NEVER_US:
            return None
        return (self.pen.t_us - self.driven_us) // 1000

    @property
    def parked(self) -> bool:
        """Cam at rest at its index, stage withdrawn: no needle can stand out."""
        motor = self.pen.motor
        return motor.standing and motor.at_index and self.pen.truth.depth_um <= WITHDRAWN_UM

    def look(self) -> None:
        """Take in the millisecond that has just passed."""
        pen = self.pen
        if pen.enable_level:
            self.enabled_us = pen.t_us
            if pen.bridge == DRIVE and pen.duty > 0 and pen.motor.omega > RUN_RAD_S:
                self._running(pen)
                return
        if self._run is not None:
            self._stopping(self._run, pen)

    def _running(self, pen: Pen) -> None:
        run = self._run
        now_us = pen.t_us
        person = pen.person
        if run is None or run.still:
            if run is not None:
                self._record(run.zone).never_parked += 1
            run = self._run = _Run(person.zone, now_us, now_us)
            self._strokes = pen.truth.strokes
            self._punctures = pen.truth.punctures
        run.zone = person.zone
        run.driven_us = self.driven_us = now_us
        record = self._record(run.zone)
        record.run_ms += 1
        record.contact_ms += person.contact
        truth = pen.truth
        depth_um = truth.depth_um
        if depth_um < record.depth_um_min:
            record.depth_um_min = depth_um
        if depth_um > record.depth_um_max:
            record.depth_um_max = depth_um
        if truth.strokes != self._strokes:
            self._stroke(record, now_us - run.began_us)

    def _stroke(self, record: ZoneRecord, since_us: int) -> None:
        truth = self.pen.truth
        record.strokes += truth.strokes - self._strokes
        record.punctures += truth.punctures - self._punctures
        self._strokes = truth.strokes
        self._punctures = truth.punctures
        if since_us > STEADY_MS * 1000:
            rate_hz = truth.stroke_rate_hz
            record.rate_hz_min = min(record.rate_hz_min, rate_hz)
            record.rate_hz_max = max(record.rate_hz_max, rate_hz)

    def _stopping(self, run: _Run, pen: Pen) -> None:
        since_ms = (pen.t_us - run.driven_us) / 1000
        record = self._record(run.zone)
        if not run.still and pen.motor.standing:
            run.still = True
            if pen.truth.strokes != self._strokes:
                self._stroke(record, 0)
            record.stops += 1
            record.still_ms_max = max(record.still_ms_max, since_ms)
        if run.still and self.parked:
            record.parked_ms_max = max(record.parked_ms_max, since_ms)
            self._run = None

    def _record(self, zone: str) -> ZoneRecord:
        record = self.zones.get(zone)
        if record is None:
            record = self.zones[zone] = ZoneRecord()
        return record

    def snapshot(self) -> dict[str, Any]:
        """Everything as plain values for JSON: the moment, and the zones since the mark."""
        pen = self.pen
        truth = pen.truth
        return {
            "now_ms": pen.t_us // 1000,
            "depth_um": round(truth.depth_um, 1),
            "tip_um": round(truth.tip_um, 1),
            "exposed": truth.exposed,
            "in_skin": truth.in_skin,
            "parked": self.parked,
            "still": truth.still,
            "theta_deg": round(truth.theta * 180 / pi, 1),
            "rate_hz": round(truth.rate_hz, 3),
            "stroke_rate_hz": round(truth.stroke_rate_hz, 3),
            "current_ma": round(truth.current_a * 1000, 1),
            "strokes": truth.strokes,
            "punctures": truth.punctures,
            "punctures_by_zone": dict(truth.punctures_by_zone),
            "area_mm2": {zone: round(area, 1) for zone, area in truth.area_mm2.items()},
            "penetration_um": round(truth.penetration_um, 1),
            "drive_enable": bool(pen.enable_level),
            "enable_low_ms": self.enable_low_ms,
            "driven_ago_ms": self.driven_ago_ms,
            "battery_mv": round(truth.battery_v * 1000),
            "charge_pct": round(truth.soc * 100, 2),
            "housing_c": round(truth.housing_c, 2),
            "winding_c": round(truth.winding_c, 2),
            "light": list(pen.light),
            "buzzer_hz": pen.buzzer_hz,
            "seated": bool(pen.seat),
            "zones": {name: _plain(record) for name, record in self.zones.items()},
        }


def _plain(record: ZoneRecord) -> dict[str, Any]:
    values = asdict(record)
    return {
        name: None if value in (inf, -inf) else round(value, 3) for name, value in values.items()
    }
