"""H35: noise on Hall, current, thermistor and battery: the pen goes on soundly, or it stops.

The deviation is given in codes of the converter (Hall 0.73 um, current 0.73 mA, a thermistor at
25 degrees 0.03 K, battery 1.6 mV); a sound pen has 5, 4, 1 and 1.5. Noise on the tachometer is in
`test_parts_that_fail.py`. Owns nothing.
"""

import pytest

from hardware.plant import sensors
from protocol import codes
from tests.hazards.bench import Consequence, nothing_moved, watch
from tests.system.harness import BenchPen

pytestmark = [pytest.mark.system, pytest.mark.slow]

FAULT = (codes.STATE_FAULT,)
RUN_MS = 2000


def set_noise(pen: BenchPen, sense: str, deviation: float) -> None:
    """From now on the input has this much noise."""
    setattr(pen.plant.senses, f"_{sense}_noise", sensors._noise(deviation))


def run_with(pen: BenchPen, sense: str, deviation: float, fastest_hz: float = 120) -> Consequence:
    """Two seconds of a run with it; wherever it ends, nobody got more than was granted."""
    pen.running()
    set_noise(pen, sense, deviation)
    pen.bench.observer.mark()
    after = watch(pen, RUN_MS, FAULT)
    seen = pen.bench.observer.zones["cheek"]
    assert after.deepest_um < 1150
    assert not seen.strokes or seen.rate_hz_max < fastest_hz
    if after.end.state == codes.STATE_FAULT:
        assert after.end.needles_in or sense == "hall"  # which needles-in is sensed by
        assert pen.truth.tip_um <= 0
        assert not pen.truth.driven
    else:
        assert after.end.state == codes.STATE_RUNNING
        assert seen.rate_hz_min > 80
    return after


@pytest.mark.parametrize(
    ("sense", "deviation"),
    [("hall", 20.0), ("hall", 40.0), ("current", 20.0), ("current", 40.0), ("ntc", 50.0),
     ("ntc", 300.0), ("battery", 20.0), ("battery", 200.0)],
)  # fmt: skip
def test_h35_noise_of_several_times_the_usual_neither_stops_nor_misleads_a_run(
    pen: BenchPen, sense: str, deviation: float
) -> None:
    assert run_with(pen, sense, deviation).end.state == codes.STATE_RUNNING


@pytest.mark.parametrize("deviation", [60.0, 80.0, 120.0, 200.0])
@pytest.mark.parametrize("sense", ["hall", "current"])
def test_h35_noise_between_is_borne_or_stops_the_needles(
    pen: BenchPen, sense: str, deviation: float
) -> None:
    run_with(pen, sense, deviation)


@pytest.mark.parametrize("deviation", [300.0, 600.0, 1200.0])
@pytest.mark.parametrize(
    ("sense", "faults"),
    [
        ("hall", (codes.FAULT_DEPTH_ERROR, codes.FAULT_DEPTH_SENSOR, codes.FAULT_WITHDRAW)),
        ("current", (codes.FAULT_OVERSPEED, codes.FAULT_CURRENT_PEAK, codes.FAULT_OVERCURRENT,
                     codes.FAULT_TACHOMETER, codes.FAULT_MOTION_UNCOMMANDED)),
    ],
)  # fmt: skip
def test_h35_noise_that_nothing_could_be_controlled_with_stops_the_needles(
    pen: BenchPen, sense: str, faults: tuple[int, ...], deviation: float
) -> None:
    after = run_with(pen, sense, deviation, fastest_hz=125)  # for a stroke, then it stops
    assert after.end.state == codes.STATE_FAULT
    assert after.end.fault in faults
    assert after.strokes <= 20


@pytest.mark.parametrize("deviation", [150.0, 600.0])
def test_h35_a_pen_whose_depth_is_noise_does_not_get_beyond_its_start(
    pen: BenchPen, deviation: float
) -> None:
    set_noise(pen, "hall", deviation)
    pen.bench.restart()
    pen.bench.advance(3000)
    pen.connect()
    assert pen.status().fault in (codes.FAULT_DEPTH_SENSOR, codes.FAULT_HOMING)
    pen.person.press()
    pen.pump(500)
    assert nothing_moved(pen)


@pytest.mark.parametrize(
    ("true_c", "deviation"), [(43.3, 1.0), (43.3, 5.0), (43.3, 20.0), (43.5, 50.0), (44.2, 300.0)]
)
def test_h33_h35_noise_on_the_thermistor_does_not_hide_a_housing_that_is_too_hot(
    pen: BenchPen, true_c: float, deviation: float
) -> None:
    """One code is 0.03 K; the stop asks for half a second without a mean below 43 degrees."""
    pen.pump(300)
    thermal = pen.plant.thermal
    thermal.ambient_c = thermal.housing_c = thermal.winding_c = true_c
    set_noise(pen, "ntc", deviation)
    pen.pump(10_000)
    assert pen.status().fault == codes.FAULT_TEMPERATURE
