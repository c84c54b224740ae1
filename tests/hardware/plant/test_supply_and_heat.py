"""Battery, boost, motor rail; winding and housing temperature."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.plant.battery import Battery
from hardware.plant.corners import CORNERS
from hardware.plant.parameters import BatteryParameters, Parameters, ThermalParameters, replace
from hardware.plant.thermal import Thermal
from tests.hardware.plant.rig import FULL, Rig, on_supply


def make(soc: float = 0.8, **changes: float) -> Battery:
    return Battery(replace(BatteryParameters(), soc=soc, **changes))


def run(battery: Battery, watt: float, ms: int) -> None:
    for _ in range(ms):
        battery.step_ms(watt * 1e-3)


@pytest.mark.parametrize(("soc", "volts"), [(0.0, 3.0), (0.1, 3.5), (0.5, 3.77), (1.0, 4.2)])
def test_open_circuit_voltage(soc: float, volts: float) -> None:
    assert make(soc).open_circuit_v() == pytest.approx(volts)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_voltage_never_falls_with_charge(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert make(low).open_circuit_v() <= make(high).open_circuit_v()


def test_sag_is_a_hundred_and_fifty_milliohm() -> None:
    battery = make(0.5)
    battery.boost_on = True
    run(battery, 6.0, 200)
    # 6 W / 0.9 = 6.67 W out of the cell at 3.77 - 0.15 I, plus 45 mA: I = 1.95 A.
    assert battery.current_a == pytest.approx(1.95, abs=0.03)
    assert battery.terminal_v == pytest.approx(3.77 - 0.15 * 1.95, abs=0.02)
    assert battery.rail_v == pytest.approx(6.0, abs=0.01)


def test_charge_is_counted() -> None:
    battery = make(0.5)
    battery.boost_on = True
    run(battery, 3.0, 10_000)
    used_ah = (0.5 - battery.soc) * 0.8
    assert used_ah == pytest.approx(battery.current_a * 10 / 3600, rel=0.02)


def test_rail_rises_in_three_milliseconds_and_falls_to_the_battery() -> None:
    battery = make(0.5)
    battery.boost_on = True
    run(battery, 0.0, 4)
    assert battery.rail_v > 5.8
    battery.boost_on = False
    run(battery, 0.0, 40)
    assert battery.rail_v == pytest.approx(battery.terminal_v - 0.3, abs=0.01)


def test_three_times_the_resistance_collapses_under_a_stall() -> None:
    battery = make(0.3)
    battery.boost_on = True
    battery.resistance_factor = 3.0
    run(battery, 12.0, 60)  # 12 W need more than OCV^2 / (4 * 0.45 Ohm) * 0.9 = 6.7 W
    assert battery.rail_v < 3.7
    run(battery, 0.0, 200)
    assert battery.rail_v == pytest.approx(6.0, abs=0.01)


def test_charges_on_usb_and_stops_when_full() -> None:
    battery = make(0.5)
    battery.vbus = True
    run(battery, 0.0, 5000)
    assert battery.soc > 0.5
    battery.soc = 0.995
    battery.step_ms(0.0)
    assert battery.current_a > 0


@given(st.floats(0.0, 1.0), st.lists(st.floats(0.0, 30.0), max_size=80), st.booleans())
def test_voltages_stay_sane_whatever_is_drawn(soc: float, watts: list[float], weak: bool) -> None:
    battery = make(soc)
    battery.boost_on = True
    battery.resistance_factor = 3.0 if weak else 1.0
    for watt in watts:
        battery.step_ms(watt * 1e-3)
        assert 0.0 <= battery.terminal_v <= 4.2
        assert 0.0 <= battery.rail_v <= 6.0
        assert 0.0 <= battery.soc <= 1.0


@pytest.mark.parametrize(
    ("watt", "after_1_s", "after_5_s", "steady"), [(4.8, 5, 18, 150), (12.7, 14, 48, 394)]
)
def test_stall_heats_the_winding(
    watt: float, after_1_s: float, after_5_s: float, steady: float
) -> None:
    thermal = Thermal(ThermalParameters())
    rise = []
    for number in range(60 * 60 * 30):
        thermal.advance(watt / 30, 1 / 30)
        if number in (29, 149):
            rise.append(thermal.winding_c - 25)
    assert rise == [pytest.approx(after_1_s, rel=0.1), pytest.approx(after_5_s, rel=0.1)]
    assert thermal.winding_c - 25 == pytest.approx(steady, rel=0.02)
    assert thermal.housing_c - 25 == pytest.approx(watt * 25, rel=0.01)


def test_a_stalled_motor_heats_and_its_current_falls() -> None:
    rig = Rig(on_supply(3.7))
    rig.pen.faults.cam_jammed = True
    rig.run(1000, duty=FULL)
    assert rig.pen.truth.winding_c - 25 == pytest.approx(5, rel=0.12)
    assert rig.pen.truth.current_a < 1.3074 * (1 - 0.0039 * 4)
    assert rig.pen.truth.housing_c < 26


def test_resistance_rises_by_0_39_percent_per_kelvin() -> None:
    thermal = Thermal(ThermalParameters())
    thermal.winding_c = 125.0
    assert thermal.resistance_factor() == pytest.approx(1.39)


@pytest.mark.parametrize("name", CORNERS)
def test_every_corner_runs_at_half_duty(name: str) -> None:
    rig = Rig(CORNERS[name])
    rig.pen.person.touch("cheek")
    rig.pen.place_carriage(1000.0)
    rig.run(600, duty=3000)
    assert 80 < rig.pen.truth.stroke_rate_hz < 125


def test_parameters_are_not_changed_by_replace() -> None:
    changed = replace(Parameters(), battery=replace(Parameters().battery, soc=0.1))
    assert Parameters().battery.soc == 0.8
    assert changed.battery.soc == 0.1
