"""Three depths against a gauge: what stage and sensor are off by, and whether trim may mend it.

Two things are judged with the same three readings. The stage: what the pen sets, counted in half
steps. The sensor: what the carriage's Hall sensor measures. Each has an offset, which trim takes
away, a gain, which nothing can mend, and a residual, which is left after the trim. Owns the limits.
"""

from dataclasses import dataclass
from typing import NamedTuple

from host_controller import words
from host_controller.calibration.failures import CalibrationRefused

DEPTHS_UM = (500, 1000, 1500)  # as far out as a plan without an override goes
SLIP_UM = 150  # the pen itself stops at this error: a gauge that says more was misread

# Stage: a gauge of 10 um resolution, read 5 um too much at one end and too little at the other,
# bends 1000 um by 10 um; the screw adds 4 um. Left over: the control goal of 20 um.
STAGE_GAIN_PPT = 15
STAGE_RESIDUAL_UM = 20
# Sensor: the magnet bends the line by up to 15 um either way, which over 1000 um looks like 30 um
# of gain; the sensor's own scale adds 10 um. Left over: 20 um of bend, 5 um of scale, 5 of gauge.
SENSOR_GAIN_PPT = 40
SENSOR_RESIDUAL_UM = 30


class DepthPoint(NamedTuple):
    """One depth: what the pen set, what it measured on the mean, what the gauge showed."""

    depth_um: int  # asked for
    set_um: int
    measured_um: int
    spread_um: int  # between the lowest and the highest reading
    samples: int
    gauge_um: int


@dataclass(frozen=True)
class Line:
    """How the gauge's readings lie against the pen's: offset, gain, what is left."""

    offset_um: int  # mean of gauge minus pen: to be added
    gain_ppt: int  # slope, thousandths
    residual_um: int  # largest distance after the offset is taken away
    gain_limit_ppt: int
    residual_limit_um: int

    @property
    def gain_good(self) -> bool:
        """Whether the scale is right; no setting could mend it."""
        return abs(self.gain_ppt - 1000) <= self.gain_limit_ppt

    @property
    def residual_good(self) -> bool:
        """Whether the readings lie on one line."""
        return self.residual_um <= self.residual_limit_um

    @property
    def accepted(self) -> bool:
        """Whether the offset may be written."""
        return self.gain_good and self.residual_good


class DepthResult(NamedTuple):
    """Both lines."""

    stage: Line
    sensor: Line

    @property
    def accepted(self) -> bool:
        """Whether both offsets may be written."""
        return self.stage.accepted and self.sensor.accepted


def check_reading(measured_um: int, gauge_um: int) -> None:
    """Raise CalibrationRefused for a reading that is a slip, such as 5.00 for 0.50."""
    off_um = gauge_um - measured_um
    if abs(off_um) > SLIP_UM:
        raise CalibrationRefused(
            f"The gauge shows {words.mm(gauge_um)}, the pen measured {words.mm(measured_um)}: "
            f"{abs(off_um) / 1000:.2f} mm apart, {words.mm(SLIP_UM)} is the most.",
            cause="A slip in typing, a gauge that is not at zero, or a pen that needs service.",
            next_step="Read the gauge again. The pen stops by itself at such an error.",
        )


def judge(points: "tuple[DepthPoint, ...]") -> DepthResult:
    """The two lines through three points at different depths."""
    assert len(points) >= 2
    return DepthResult(
        _line(
            [(p.set_um, p.gauge_um) for p in points],
            STAGE_GAIN_PPT,
            STAGE_RESIDUAL_UM,
        ),
        _line(
            [(p.measured_um, p.gauge_um) for p in points],
            SENSOR_GAIN_PPT,
            SENSOR_RESIDUAL_UM,
        ),
    )


def _line(pairs: list[tuple[int, int]], gain_limit_ppt: int, residual_limit_um: int) -> Line:
    count = len(pairs)
    offset = sum(gauge - pen for pen, gauge in pairs) / count
    mean_pen = sum(pen for pen, _ in pairs) / count
    mean_gauge = sum(gauge for _, gauge in pairs) / count
    across = sum((pen - mean_pen) * (gauge - mean_gauge) for pen, gauge in pairs)
    along = sum((pen - mean_pen) ** 2 for pen, _ in pairs)
    residual = max(abs(gauge - pen - offset) for pen, gauge in pairs)
    return Line(
        round(offset),
        round(1000 * across / along) if along else 0,
        round(residual),
        gain_limit_ppt,
        residual_limit_um,
    )
