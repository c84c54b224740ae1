"""H33 by a housing that its own load warms, H34 along the discharge curve and with the cable.

The housing needs minutes (9 J/K against 25 K/W: 225 s). They are taken in advance: the heat that a
pen really makes in a second of treatment goes into the same thermal model until shortly before the
limit, and from there on everything runs. Owns nothing.
"""

import random

import pytest

from hardware.plant.parameters import Parameters, replace
from hardware.plant.thermal import Thermal
from protocol import codes
from tests.hazards.bench import refused, watch
from tests.system.harness import BenchPen, plan_image, row

pytestmark = [pytest.mark.system, pytest.mark.slow]

NOMINAL = Parameters()
ZONE = "cheek"  # stiffness 1: the force below is what one needle meets
FORCE_N = 0.15
LIFT_EVERY_MS, LIFT_MS = 8000, 300  # a hand that moves on: dwelling stops it after 10 s
STEP_S = 0.032


class Heated(Thermal):
    """The plant's thermal model, which also adds up what it was given."""

    __slots__ = ("joule", "seconds")

    def __init__(self, like: Thermal) -> None:
        super().__init__(like._parameters)
        self.winding_c, self.housing_c = like.winding_c, like.housing_c
        self.joule = self.seconds = 0.0

    def advance(self, joule: float, seconds: float) -> None:
        """Put heat in."""
        self.joule += joule
        self.seconds += seconds
        super().advance(joule, seconds)


def loaded(ambient_c: float) -> Parameters:
    """A pen in a room, on skin that takes 0.15 N of each needle."""
    return replace(
        NOMINAL,
        skin=replace(NOMINAL.skin, force_per_needle_n=FORCE_N),
        thermal=replace(NOMINAL.thermal, ambient_c=ambient_c),
    )


def warmed(pen: BenchPen, until_c: float, most_s: float) -> float:
    """Run 36 needles for two seconds, then pass the time in advance; how many seconds it took."""
    image = plan_image([row(ZONE, 1500, 10_000, area_mm2=60_000)], pins=36)
    pen.running(image, ZONE)
    pen.person.release()
    thermal = Heated(pen.plant.thermal)
    pen.plant.thermal = thermal
    pen.pump(2000)
    assert pen.status().state == codes.STATE_RUNNING
    watt = thermal.joule / thermal.seconds
    assert 0.6 < watt < 1.2  # 0.55 A in 2.83 ohm
    passed_s = 0.0
    while thermal.housing_c < until_c and passed_s < most_s:
        thermal.advance(watt * STEP_S, STEP_S)
        passed_s += STEP_S
    return passed_s


def treat_on(pen: BenchPen) -> None:
    """Go on with the treatment as a hand does: lift now and then."""
    pen.person.touch(ZONE)
    pen.pump(LIFT_EVERY_MS - LIFT_MS)
    pen.person.lift()
    pen.pump(LIFT_MS)


def test_h33_36_needles_of_0_15_n_warm_a_pen_until_it_warns_and_stops_before_44_degrees() -> None:
    with BenchPen(parameters=loaded(33.0), cartridge_pins=36) as pen:
        passed_s = warmed(pen, 40.6, 1800.0)
        assert 60.0 < passed_s < 600.0  # well within a session
        assert not pen.status().has(codes.COND_TEMPERATURE_WARN)
        warned_c = 0.0
        for _ in range(20):
            treat_on(pen)
            status = pen.status()
            assert pen.truth.housing_c < 44
            if not warned_c and status.has(codes.COND_TEMPERATURE_WARN):
                warned_c = pen.truth.housing_c
            if status.state != codes.STATE_RUNNING:
                break
        assert 41 <= warned_c < 41.6
        assert status.fault == codes.FAULT_TEMPERATURE
        assert status.needles_in
        assert pen.truth.housing_c >= 42.8


@pytest.mark.parametrize("resistance", [1.0, 3.0])
@pytest.mark.parametrize("charge", [1.0, 0.6, 0.3, 0.19, 0.1, 0.04])
def test_h34_along_the_discharge_curve_a_start_needs_charge(
    charge: float, resistance: float
) -> None:
    battery = replace(NOMINAL.battery, soc=charge)
    with BenchPen(parameters=replace(NOMINAL, battery=battery)) as pen:
        pen.bench.faults.battery_resistance_factor = resistance
        pen.configure(plan_image([row("cheek", 1500, 15_000)]))
        pen.client.hold_lease()
        pen.pump(200)
        result = refused(pen.pen.arm)
        assert result == (codes.RESULT_OK if charge >= 0.3 else codes.RESULT_BATTERY_LOW)
        if result == codes.RESULT_OK:
            pen.person.touch("cheek")
            pen.wait_state(codes.STATE_ARMED)
            pen.start()
            pen.pump(800)
            assert pen.truth.stroke_rate_hz > 0.95 * 150


@pytest.mark.parametrize("charge", [0.6, 0.3, 0.15])
def test_h34_the_gauge_is_right_without_the_charger_and_little_too_high_with_it(
    pen: BenchPen, charge: float
) -> None:
    pen.plant.battery.soc = charge
    for plugged, most_too_high in ((True, 8), (False, 2)):
        pen.plant.vbus = plugged
        pen.bench.restart(0)
        pen.bench.advance(1500)
        pen.connect()
        told = pen.status().battery_pct
        assert 100 * charge - 2 <= told <= 100 * charge + most_too_high


def test_h34_power_on_the_cable_that_comes_and_goes_changes_nothing_of_a_run() -> None:
    """No rule of the pen asks for it or forbids it: what keeps the mains away is isolation."""
    rng = random.Random("vbus")
    with BenchPen() as pen:
        image = plan_image([row("cheek", 1000, 10_000)], tethered=False)
        pen.running(image)
        pen.person.release()
        before = pen.status()
        pen.bench.observer.mark()
        for _ in range(40):
            pen.plant.vbus = not pen.plant.vbus
            pen.pump(rng.randrange(5, 150))
        status = pen.status()
        seen = pen.bench.observer.zones["cheek"]
        assert status.state == codes.STATE_RUNNING
        assert abs(status.battery_pct - before.battery_pct) <= 3
        assert 95 <= seen.rate_hz_min <= seen.rate_hz_max <= 105
        pen.pen.stop()
        assert watch(pen, 1000, (codes.STATE_CONFIGURED,)).end.needles_in


@pytest.mark.parametrize("state", ["armed", "running"])
def test_h34_a_pulled_charger_ends_a_tethered_run_and_starts_nothing(
    pen: BenchPen, state: str
) -> None:
    pen.configure()
    pen.person.touch("cheek")
    pen.arm()
    if state == "running":
        pen.start()
        pen.person.release()
        pen.pump(300)
    for _ in range(5):
        pen.bench.unplug()
        pen.bench.advance(60)
        pen.bench.plug()
        pen.bench.advance(60)
    pen.bench.advance(300)  # nobody says a word: the lease is over
    strokes = pen.truth.strokes
    pen.person.press()
    pen.bench.advance(500)
    assert pen.truth.strokes == strokes
    assert not pen.truth.driven
    assert pen.truth.depth_um < 50
