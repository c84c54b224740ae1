"""A calibration on the real firmware: a pen that is off is measured, trimmed and right again."""

from collections.abc import Callable

import pytest

from hardware.plant.parameters import Parameters, SenseParameters
from hardware.simulator.cartridges import make_cartridge
from host_controller.calibration import history, procedure, progress, trim
from host_controller.calibration.depth_check import DEPTHS_UM, DepthPoint
from host_controller.calibration.failures import CalibrationNotNow
from host_controller.calibration.progress import Progress
from host_controller.calibration.rate_check import RateResult
from host_controller.calibration.samples import Means, Samples
from protocol import codes
from tests.system.harness import TODAY, BenchPen

HALL_OFF_UM = 40

pytestmark = pytest.mark.system


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("PEN_DATA_DIR", str(tmp_path))


@pytest.fixture
def bench():  # type: ignore[no-untyped-def]
    sense = SenseParameters(hall_offset_um=HALL_OFF_UM)
    with BenchPen(parameters=Parameters(sense=sense)) as pen:
        pen.pen.set_clock(TODAY)
        pen.wait_state(codes.STATE_CARTRIDGE_OK, codes.STATE_CONFIGURED)
        yield pen


def measure(bench: BenchPen, made: Progress, depth_um: int) -> tuple[Means, float, float]:
    """One run by the pen's button; what the pen means, what gauge and strobe show."""
    zone = procedure.begin(bench.pen, made.session_id, depth_um)
    samples = Samples(zone)
    bench.pen.set_telemetry(50)
    bench.start()
    bench.pump(1500)
    gauge_um, strobe_hz = bench.truth.depth_um, bench.truth.stroke_rate_hz
    bench.person.release()
    samples.take(bench.client.readings)
    bench.client.readings.clear()
    procedure.end(bench.pen)
    means = samples.means()
    assert samples.enough
    assert means is not None
    return means, gauge_um, strobe_hz


def calibrate(bench: BenchPen) -> Progress:
    """Everything but the write."""
    made = trim.begin(bench.pen, "AB1")
    procedure.home(bench.pen, made.session_id)
    points = []
    for depth_um in DEPTHS_UM:
        means, gauge_um, _ = measure(bench, made, depth_um)
        points.append(
            DepthPoint(
                depth_um,
                means.set_um,
                means.measured_um,
                means.spread_um,
                means.samples,
                round(gauge_um / 10) * 10,  # as such a gauge is read
            )
        )
    means, _, strobe_hz = measure(bench, made, 0)
    rate = RateResult(means.rate_chz, round(strobe_hz * 100), means.samples)
    fields = {**made.__dict__, "homed": progress.now(), "points": tuple(points), "rate": rate}
    return Progress(**fields)


def restart(bench: BenchPen) -> None:
    bench.bench.restart()
    bench.connect()
    bench.pen.set_clock(TODAY)
    bench.wait_state(codes.STATE_CARTRIDGE_OK, codes.STATE_CONFIGURED)


def test_a_sensor_that_is_off_is_found_trimmed_and_right_after_a_restart(bench: BenchPen) -> None:
    made = calibrate(bench)
    assert made.accepted, trim.reasons(made)
    assert made.result is not None
    assert abs(made.result.sensor.offset_um + HALL_OFF_UM) <= 15  # bend of the magnet and gauge
    assert abs(made.result.stage.offset_um) <= 10
    trim.close(made, trim.write(bench.pen, made, bench.pen.identity.serial))
    stored = trim.read(bench.pen)
    assert stored["hall_offset_um"] == made.result.sensor.offset_um
    with pytest.raises(CalibrationNotNow):  # not in use yet: a second one would add to it
        trim.begin(bench.pen, "AB1")
    restart(bench)
    with pytest.raises(CalibrationNotNow):  # its cartridge has been used
        calibrate(bench)
    bench.plant.remove()
    bench.pump(50)
    bench.plant.insert(make_cartridge(12, "new", 4711))
    bench.wait_state(codes.STATE_CARTRIDGE_OK, codes.STATE_CONFIGURED, limit_ms=2000)
    bench.pump(500)
    again = calibrate(bench)
    assert again.result is not None
    assert abs(again.result.sensor.offset_um) <= 5
    assert dict(again.in_force) == stored
    last = history.last(bench.pen.identity.serial)
    assert last is not None
    assert last["before"] == {"depth_zero_um": 0, "hall_offset_um": 0}


def test_nothing_is_written_to_another_pen_or_without_its_number(bench: BenchPen) -> None:
    made = calibrate(bench)
    for serial in ("", "FAKE0001"):
        with pytest.raises(CalibrationNotNow):
            trim.write(bench.pen, made, serial)
    assert trim.read(bench.pen) == {"depth_zero_um": 0, "hall_offset_um": 0}


def armed(bench: BenchPen, made: Progress) -> None:
    procedure.begin(bench.pen, made.session_id, DEPTHS_UM[0])


def running(bench: BenchPen, made: Progress) -> None:
    armed(bench, made)
    bench.start()


@pytest.mark.parametrize("busy", [armed, running])
def test_nothing_is_written_while_armed_or_running(
    bench: BenchPen, busy: Callable[[BenchPen, Progress], None]
) -> None:
    made = calibrate(bench)
    busy(bench, made)
    with pytest.raises(CalibrationNotNow):
        trim.write(bench.pen, made, bench.pen.identity.serial)
    bench.person.release()
    procedure.end(bench.pen)
    assert trim.read(bench.pen) == {"depth_zero_um": 0, "hall_offset_um": 0}


def test_letting_the_button_go_ends_the_run(bench: BenchPen) -> None:
    made = trim.begin(bench.pen, "AB1")
    running(bench, made)
    bench.person.release()
    bench.wait_state(codes.STATE_ARMED, codes.STATE_CONFIGURED)
    assert bench.status().needles_in


def test_a_host_that_falls_silent_ends_the_run(bench: BenchPen) -> None:
    made = trim.begin(bench.pen, "AB1")
    running(bench, made)
    bench.bench.advance(250 + 5 + 1500)  # lease, then parked at the latest
    assert bench.status().stop_reason == codes.STOP_LEASE
    assert bench.status().needles_in


@pytest.mark.parametrize("pins", [0, None])
def test_a_cartridge_that_cannot_be_measured_is_refused(pins: int | None) -> None:
    with BenchPen(cartridge_pins=pins) as bench:
        bench.pen.set_clock(TODAY)
        bench.pump(1500)
        with pytest.raises(CalibrationNotNow):
            procedure.home(bench.pen, 7)
