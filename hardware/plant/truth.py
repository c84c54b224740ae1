"""What really happens, for observers only: no signal of the pen carries it.

Counters and extremes are kept as things happen; the rest is computed when asked. Owns the counters.
"""

from math import pi
from typing import TYPE_CHECKING

from hardware.plant import cam
from hardware.plant.skin import penetration_um

if TYPE_CHECKING:
    from hardware.plant.pen import Pen


class Truth:
    """The record of a plant's run."""

    __slots__ = (
        "_pen",
        "_stroke_us",
        "area_mm2",
        "depth_um",
        "driven",
        "last_driven_us",
        "penetration_um",
        "punctures",
        "punctures_by_zone",
        "stroke_period_us",
        "strokes",
        "tip_max_um",
    )

    def __init__(self, pen: "Pen") -> None:
        self._pen = pen
        self._stroke_us = -1  # when the last stroke was
        self.depth_um = 0.0  # protrusion at full extension that the stage sets, now
        self.tip_max_um = 0.0  # furthest tip since the last full retraction
        self.strokes = 0  # passes of full extension, either way
        self.stroke_period_us = 0  # between the last two of them, 0 = not yet
        self.punctures = 0  # strokes into skin times pins
        self.punctures_by_zone: dict[str, int] = {}
        self.penetration_um = 0.0  # at the last stroke into skin
        self.area_mm2: dict[str, float] = {}  # by zone, swept while needles went in
        self.driven = False  # the bridge put voltage on the motor in the last millisecond
        self.last_driven_us = -1  # end of the last moment it did

    def count_stroke(self, at_us: int) -> None:
        """The needles are fully extended at this moment."""
        self.strokes += 1
        self.tip_max_um = max(self.tip_max_um, self.depth_um)
        if self._stroke_us >= 0:
            self.stroke_period_us = at_us - self._stroke_us
        self._stroke_us = at_us
        pen = self._pen
        person = pen.person
        if pen.cartridge is None or not person.contact or self.depth_um <= person.gap_um:
            return
        pins = pen.cartridge.pins
        self.punctures += pins
        by_zone = self.punctures_by_zone
        by_zone[person.zone] = by_zone.get(person.zone, 0) + pins
        self.penetration_um = self.penetration_now_um(self.depth_um)

    def sweep(self, milliseconds: int) -> None:
        """The nose has glided on for so long with the cam turning."""
        person = self._pen.person
        if self.depth_um > person.gap_um:
            width_mm = self._pen.parameters.skin.head_width_mm
            swept = person.glide_mm_s * width_mm * milliseconds * 1e-3
            self.area_mm2[person.zone] = self.area_mm2.get(person.zone, 0.0) + swept

    @property
    def theta(self) -> float:
        """Cam angle, 0 = full extension, pi = full retraction."""
        return self._pen.motor.theta

    @property
    def rate_hz(self) -> float:
        """Stroke rate at this moment, negative backwards."""
        return self._pen.motor.omega / (2 * pi)

    @property
    def stroke_rate_hz(self) -> float:
        """Mean rate over the last whole stroke, 0 before there was one."""
        return 1e6 / self.stroke_period_us if self.stroke_period_us else 0.0

    @property
    def current_a(self) -> float:
        """Winding current at this moment."""
        return self._pen.motor.current_a

    @property
    def still(self) -> bool:
        """The cam does not turn."""
        return self._pen.motor.standing

    @property
    def tip_um(self) -> float:
        """Needle tip against the nose face now, positive = out."""
        motor = self._pen.motor
        return self.depth_um + cam.tip_offset_m(motor.theta, motor.radius_m) * 1e6

    @property
    def exposed(self) -> bool:
        """Needles stand out of the nose."""
        return self._pen.cartridge is not None and self.tip_um > 0.0

    @property
    def in_skin(self) -> bool:
        """Needles are in the skin now."""
        person = self._pen.person
        return self.exposed and person.contact and self.tip_um > person.gap_um

    @property
    def carriage_um(self) -> float:
        """Carriage of the depth stage."""
        return self._pen.stage.carriage_um

    @property
    def winding_c(self) -> float:
        """Winding temperature."""
        return self._pen.thermal.winding_c

    @property
    def housing_c(self) -> float:
        """Housing temperature."""
        return self._pen.thermal.housing_c

    @property
    def battery_v(self) -> float:
        """Battery terminals."""
        return self._pen.battery.terminal_v

    @property
    def rail_v(self) -> float:
        """Motor rail."""
        return self._pen.battery.rail_v

    @property
    def soc(self) -> float:
        """State of charge, 0 to 1."""
        return self._pen.battery.soc

    @property
    def stage_slips(self) -> int:
        """Times the stepper's rotor fell out of its field."""
        return self._pen.stage.slips

    def penetration_now_um(self, depth_um: float) -> float:
        """Depth in the skin when the needles protrude `depth_um` under the present hand."""
        pen = self._pen
        if pen.cartridge is None:
            return 0.0
        person = pen.person
        load_n = pen.cartridge.pins * pen.cartridge.wear * person.force_per_needle_n(1.0)
        pressure = person.pressure if person.contact else 0.0
        return penetration_um(depth_um - person.gap_um, load_n, pressure, pen.parameters.skin)
