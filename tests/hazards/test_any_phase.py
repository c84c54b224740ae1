"""H09-H11: a jam, a stop or the end of the supply at any phase of the cam, not at a chosen one.

Depth, rate, cartridge, hand, supply and moment are drawn; each test says how many cases it made and
that they met the whole turn. `make evidence` stops a thousand times (`measure_stop`), `make faults`
cuts the supply in each hundredth of a turn under three loads. Owns nothing.
"""

import random
from math import pi

import pytest

from hardware.simulator.cartridges import make_cartridge
from protocol import codes
from tests.hazards.bench import sound, watch
from tests.system.harness import BenchPen, plan_image, row

pytestmark = [pytest.mark.system, pytest.mark.slow]

STALL_NM = 0.0112  # of the motor at its full voltage
SECTORS = 12  # of the turn
SPACE_MS = 1200  # of a run: two presses in each, and more than six in 3.5 s are no thumb's
STILL_MS, PARKED_MS = 50, 250
JAMS = (codes.FAULT_STALL, codes.FAULT_OVERCURRENT, codes.FAULT_CURRENT_PEAK)


def phase(pen: BenchPen) -> int:
    """In which twelfth of its turn the cam is."""
    return int(pen.truth.theta % (2 * pi) / (2 * pi) * SECTORS) % SECTORS


def drawn(rng: random.Random, pen: BenchPen) -> str:
    """Configure and arm a pen with whatever is drawn; what that is."""
    pins = rng.choice((12, 24, 36))
    depth_um, rate_chz = rng.randrange(25, 151) * 10, rng.randrange(50, 151) * 100
    pressure = rng.choice((0.0, 0.5, 1.0, 1.5))
    sag_v = rng.choice((0.0, 0.0, 0.2, 0.35))
    pen.plant.remove()
    pen.pump(100)
    pen.plant.insert(make_cartridge(pins, unique_id=rng.randrange(1, 1 << 32)))
    zone = "cheek-acne-scar"
    pen.configure(plan_image([row(zone, depth_um, rate_chz)], pins=pins), zone)
    if pressure:
        pen.person.touch(zone, pressure)
    pen.bench.faults.battery_sag_v = sag_v
    pen.arm()
    return f"{pins} pins, {depth_um} um, {rate_chz} chz, pressure {pressure}, {sag_v} V less"


def needles_in(pen: BenchPen) -> bool:
    """By the plant alone."""
    return pen.truth.tip_um <= 0 and pen.truth.depth_um < 50 and pen.truth.still


def test_h09_forty_loads_above_stall_release_the_current_and_are_not_tried_again() -> None:
    met = set()
    for seed in range(40):
        rng = random.Random(f"stall {seed}")
        with BenchPen(seed=seed) as pen:
            said = drawn(rng, pen)
            pen.start()
            pen.pump(rng.randrange(100, 400))
            met.add(phase(pen))
            pen.bench.faults.friction_nm = STALL_NM * rng.uniform(1.05, 4.0)
            after = watch(pen, 2500, (codes.STATE_FAULT,))
            assert after.end.fault in JAMS, said
            assert after.undriven_ms <= 110, said  # of 300 allowed
            assert after.inside_ms <= 300, said  # the stage withdraws what the cam holds
            # No retry: not by the button, and not once the load is gone.
            pen.bench.faults.friction_nm = 0.0
            strokes = pen.truth.strokes
            pen.person.release()
            pen.pump(50)
            pen.person.press()
            pen.pump(300)
            assert not pen.truth.driven, said
            assert pen.truth.strokes == strokes, said
            assert pen.status().fault == after.end.fault, said
            assert sound(pen)
    assert len(met) >= SECTORS - 2


@pytest.mark.parametrize("seed", range(10))
def test_h10_eight_stops_at_any_phase_park_every_time(seed: int) -> None:
    rng = random.Random(f"stop {seed}")
    met = set()
    with BenchPen(seed=seed) as pen:
        said = drawn(rng, pen)
        for _ in range(8):
            pen.start()
            pen.person.release()
            pen.pump(rng.randrange(SPACE_MS, SPACE_MS + 200))
            assert pen.status().state == codes.STATE_RUNNING, said
            if rng.random() < 0.3:
                pen.person.lift()
            pen.bench.observer.mark()
            met.add(phase(pen))
            if rng.random() < 0.5:
                pen.pen.stop()
            else:
                pen.person.press()
            after = watch(pen, 2000, (codes.STATE_CONFIGURED, codes.STATE_ARMED))
            assert after.end.needles_in, said
            assert needles_in(pen), said
            seen = next(iter(pen.bench.observer.zones.values()))
            assert seen.still_ms_max <= STILL_MS, said
            assert seen.parked_ms_max <= PARKED_MS, said
            pen.person.release()
            pen.pump(50)
            if pen.status().state != codes.STATE_ARMED:
                pen.arm()
        assert sound(pen)
    assert len(met) >= 4


def test_h11_thirty_cuts_of_the_supply_at_any_phase_are_closed_as_that_and_start_nothing() -> None:
    met = set()
    for seed in range(30):
        rng = random.Random(f"cut {seed}")
        with BenchPen(seed=seed) as pen:
            said = drawn(rng, pen)
            pen.start()
            pen.pump(rng.randrange(100, 500))
            met.add(phase(pen))
            done, strokes = pen.truth.punctures, pen.truth.strokes
            pen.bench.power_off()
            pen.bench.advance(rng.randrange(100, 600))
            assert pen.truth.still, said
            assert pen.truth.strokes - strokes <= 3, said
            strokes = pen.truth.strokes
            pen.person.release()
            pen.bench.faults.battery_sag_v = 0.0
            pen.bench.power_on()
            pen.connect()
            status = pen.status()
            assert status.state in (codes.STATE_CARTRIDGE_OK, codes.STATE_IDLE), said
            assert (status.zone, status.fault) == (0, 0), said
            assert status.needles_in, said
            assert needles_in(pen), said
            # The run is on record as ended by the supply, with no puncture too few.
            closed = next(iter(pen.pen.usage()))
            assert closed.stop_reason == codes.STOP_SUPPLY, said
            assert closed.punctures >= done, said
            pen.person.press()
            pen.pump(200)
            assert pen.truth.strokes == strokes, said
            assert sound(pen)
    assert len(met) >= SECTORS - 2
