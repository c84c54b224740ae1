"""Every fault switch does what it says, and healing undoes it."""

from collections.abc import Callable

import pytest

from hardware.plant.faults import NAMES, Faults
from hardware.plant.pen import Pen
from tests.hardware.plant.rig import BRAKE, FULL, Rig

Check = Callable[[Rig], None]


def running(duty: int = 3000) -> Rig:
    rig = Rig()
    rig.pen.place_carriage(1000.0)
    rig.run(300, duty=duty)
    assert rig.pen.truth.rate_hz > 50
    return rig


def driver_short(rig: Rig) -> None:
    rig.pen.faults.driver_short = 1
    rig.run(200, duty=500)
    assert rig.pen.truth.rate_hz > 150  # full rail whatever the duty
    rig.pen.cut()
    rig.pen.bridge = BRAKE
    turns, ms = rig.pen.motor.revolutions, 0
    while not rig.pen.truth.still:
        rig.pen.step_ms()
        ms += 1
    assert rig.pen.motor.revolutions - turns > 5  # it coasts
    assert 100 < ms < 600
    rig.pen.faults.driver_short = 2
    for _ in range(50):
        rig.pen.step_ms()
    assert not rig.pen.truth.still  # nothing but the battery stops this
    assert rig.pen.truth.driven


def bridge_open(rig: Rig) -> None:
    rig.pen.faults.bridge_open = True
    rig.run(600)
    assert rig.pen.truth.still
    assert rig.pen.adc_current < 30


def pwm_stuck(rig: Rig) -> None:
    rig.pen.faults.pwm_stuck = 4500
    rig.run(200, duty=0)
    assert rig.pen.truth.rate_hz > 130
    rig.pen.cut()
    for _ in range(45):
        rig.pen.step_ms()
    assert rig.pen.truth.still  # enable stands above the PWM


def countdown_stuck(rig: Rig) -> None:
    rig.pen.faults.countdown_stuck = True
    for _ in range(100):
        rig.pen.watchdog_kick()
        rig.pen.step_ms()
    assert rig.pen.enable_level
    for _ in range(30):
        rig.pen.step_ms()
    assert not rig.pen.enable_level  # the watchdog still stands behind it


def watchdog_stuck(rig: Rig) -> None:
    rig.pen.faults.watchdog_stuck = True
    for _ in range(100):
        rig.pen.grant()
        rig.pen.step_ms()
    assert rig.pen.enable_level


def watchdog_dead(rig: Rig) -> None:
    rig.pen.faults.watchdog_dead = True
    rig.run(60)
    assert rig.pen.truth.still
    assert not rig.pen.enable_level


def enable_sense_stuck(rig: Rig) -> None:
    rig.pen.faults.enable_sense_stuck = 0
    rig.run(1)
    assert not rig.pen.enable_level
    assert rig.pen.truth.driven
    rig.pen.faults.enable_sense_stuck = 1
    rig.pen.cut()
    rig.pen.step_ms()
    assert rig.pen.enable_level
    assert not rig.pen.truth.driven


def stall_stuck(rig: Rig) -> None:
    rig.pen.faults.stall_stuck = 1
    rig.run(1)
    assert rig.pen.bridge_stall


def boost_dead(rig: Rig) -> None:
    rig.pen.faults.boost_dead = True
    rig.run(200)
    assert rig.pen.truth.rail_v < 4.0


def cam_jammed(rig: Rig) -> None:
    rig.pen.faults.cam_jammed = True
    rig.run(3)
    assert rig.pen.truth.still
    assert rig.pen.truth.current_a > 1.0


def friction(rig: Rig) -> None:
    rate = rig.pen.truth.stroke_rate_hz
    rig.pen.faults.friction_nm = 1e-3
    rig.run(300)
    assert rig.pen.truth.stroke_rate_hz < rate * 0.9


def tach_lost(rig: Rig) -> None:
    rig.pen.faults.tach_lost = True
    before = (rig.pen.tach_count, rig.pen.tach_edge_us, rig.pen.index_count)
    rig.run(100)
    assert (rig.pen.tach_count, rig.pen.tach_edge_us, rig.pen.index_count) == before
    assert not rig.pen.index_level


def tach_stuck(rig: Rig) -> None:
    rig.pen.faults.tach_stuck = True
    tach, index = rig.pen.tach_count, rig.pen.index_count
    rig.run(100)
    assert rig.pen.tach_count == tach
    assert rig.pen.index_count > index + 5


def tach_drop(rig: Rig) -> None:
    rig.pen.faults.tach_drop_share = 0.25
    tach, turns = rig.pen.tach_count, rig.pen.motor.revolutions
    rig.run(2000)
    share = (rig.pen.tach_count - tach) / 4 / (rig.pen.motor.revolutions - turns)
    assert share == pytest.approx(0.75, abs=0.06)


def tach_noise(rig: Rig) -> None:
    rig.pen.faults.tach_noise_hz = 500.0
    tach, turns = rig.pen.tach_count, rig.pen.motor.revolutions
    rig.run(2000)
    extra = rig.pen.tach_count - tach - 4 * (rig.pen.motor.revolutions - turns)
    assert extra == pytest.approx(1000, rel=0.15)
    assert rig.pen.t_us - 20_000 < rig.pen.tach_edge_us <= rig.pen.t_us


def index_stuck(rig: Rig) -> None:
    rig.pen.faults.index_stuck = 1
    index = rig.pen.index_count
    for _ in range(50):
        rig.run(1)
        assert rig.pen.index_level
    assert rig.pen.index_count == index


def codes(rig: Rig) -> None:
    faults = rig.pen.faults
    faults.current_code, faults.hall_code, faults.ntc_code, faults.battery_code = 0, 4095, 7, 9
    rig.run(1)
    pen = rig.pen
    assert (pen.adc_current, pen.adc_hall, pen.adc_ntc, pen.adc_battery) == (0, 4095, 7, 9)


def ntc_wires(rig: Rig) -> None:
    rig.pen.faults.ntc_open = True
    rig.run(1)
    assert rig.pen.adc_ntc == 4095
    rig.pen.faults.ntc_open = False
    rig.pen.faults.ntc_shorted = True
    rig.run(1)
    assert rig.pen.adc_ntc == 0


def adc_frozen(rig: Rig) -> None:
    rig.pen.faults.adc_frozen = True
    before = (rig.pen.adc_current, rig.pen.adc_hall, rig.pen.adc_ntc, rig.pen.adc_battery)
    rig.run(20, duty=5000)
    assert before == (
        rig.pen.adc_current, rig.pen.adc_hall, rig.pen.adc_ntc, rig.pen.adc_battery,
    )  # fmt: skip


def hall_drift(rig: Rig) -> None:
    def mean() -> float:
        total = 0
        for _ in range(200):
            rig.run(1)
            total += rig.pen.adc_hall
        return total / 200 * 3000 / 4096

    before = mean()
    rig.pen.faults.hall_drift_um = 300.0
    assert mean() - before == pytest.approx(300.0, abs=2.0)
    assert rig.pen.truth.depth_um == 1000.0


def depth_jammed(rig: Rig) -> None:
    rig.pen.faults.depth_jammed = True
    before = rig.pen.stage.carriage_um
    for pattern in (1, 5, 4, 6, 2, 10):
        rig.pen.coils(pattern, 1)
        rig.run(2)
    assert rig.pen.stage.carriage_um == before


def depth_coils_off(rig: Rig) -> None:
    rig.pen.faults.depth_coils_off = True
    for pattern in (1, 5, 4, 6, 2, 10, 8, 9) * 3:
        rig.pen.coils(pattern, 1)
        rig.run(2)
    assert rig.pen.stage.carriage_um == pytest.approx(1000.0)


def depth_slip(rig: Rig) -> None:
    rig.pen.faults.depth_slip_wells = -2
    rig.run(1)
    assert rig.pen.stage.carriage_um == pytest.approx(1000.0 - 160.0, abs=16)
    assert rig.pen.faults.depth_slip_wells == 0
    assert rig.pen.truth.depth_um == rig.pen.stage.carriage_um


def home_switch(rig: Rig) -> None:
    rig.pen.faults.home_shorted = True
    rig.run(1)
    assert rig.pen.home
    rig.pen.faults.home_shorted = False
    rig.pen.faults.home_open = True
    rig.pen.place_carriage(-20.0)
    rig.run(20)
    assert not rig.pen.home
    rig.pen.faults.home_open = False
    rig.run(10)
    assert rig.pen.home


def cartridge_out(rig: Rig) -> None:
    rig.pen.faults.cartridge_out_ms = 10.0
    rig.run(1)
    assert not rig.pen.seat
    assert not rig.pen.enable_level
    rig.run(10)
    assert rig.pen.seat
    assert rig.pen.faults.cartridge_out_ms == 0.0


def memory_dead(rig: Rig) -> None:
    rig.pen.faults.memory_dead = True
    assert rig.pen.i2c(0x50, b"\x00", 1) is None


def button(rig: Rig) -> None:
    rig.pen.faults.button_stuck = 1
    rig.run(10)
    assert rig.pen.button
    rig.pen.faults.button_stuck = None
    rig.pen.faults.button_bouncing = True
    levels = []
    for _ in range(100):
        rig.run(1)
        levels.append(rig.pen.button)
    assert 20 < sum(levels) < 80


def battery(rig: Rig) -> None:
    before = rig.pen.truth.battery_v
    rig.pen.faults.battery_sag_v = 0.5
    rig.run(20)
    assert rig.pen.truth.battery_v == pytest.approx(before - 0.5, abs=0.03)
    rig.pen.faults.battery_sag_v = 0.0
    rig.pen.faults.battery_resistance_factor = 3.0
    rig.run(20)
    assert rig.pen.truth.battery_v < before


def supply_cut(rig: Rig) -> None:
    rig.pen.faults.supply_cut = True
    rig.run(1)
    assert not rig.pen.enable_level
    assert not rig.pen.truth.driven
    assert rig.pen.i2c(0x50, b"\x00", 1) is None


CHECKS: dict[str, Check] = {
    "driver_short": driver_short,
    "bridge_open": bridge_open,
    "pwm_stuck": pwm_stuck,
    "countdown_stuck": countdown_stuck,
    "watchdog_stuck": watchdog_stuck,
    "watchdog_dead": watchdog_dead,
    "enable_sense_stuck": enable_sense_stuck,
    "stall_stuck": stall_stuck,
    "boost_dead": boost_dead,
    "cam_jammed": cam_jammed,
    "friction_nm": friction,
    "tach_lost": tach_lost,
    "tach_stuck": tach_stuck,
    "tach_drop_share": tach_drop,
    "tach_noise_hz": tach_noise,
    "index_stuck": index_stuck,
    "current_code": codes,
    "hall_code": codes,
    "ntc_code": codes,
    "battery_code": codes,
    "ntc_open": ntc_wires,
    "ntc_shorted": ntc_wires,
    "adc_frozen": adc_frozen,
    "hall_drift_um": hall_drift,
    "depth_jammed": depth_jammed,
    "depth_coils_off": depth_coils_off,
    "depth_slip_wells": depth_slip,
    "home_open": home_switch,
    "home_shorted": home_switch,
    "cartridge_out_ms": cartridge_out,
    "memory_dead": memory_dead,
    "button_stuck": button,
    "button_bouncing": button,
    "battery_sag_v": battery,
    "battery_resistance_factor": battery,
    "supply_cut": supply_cut,
}


def test_every_switch_has_a_check() -> None:
    assert set(CHECKS) == set(NAMES)


@pytest.mark.parametrize("check", list(dict.fromkeys(CHECKS.values())), ids=lambda f: f.__name__)
def test_fault(check: Check) -> None:
    check(running())


@pytest.mark.parametrize("name", NAMES)
def test_healing_brings_back_a_running_pen(name: str) -> None:
    rig = running()
    healthy = getattr(Faults(), name)
    setattr(rig.pen.faults, name, _some(name))
    rig.run(30)
    rig.pen.faults.clear()
    assert getattr(rig.pen.faults, name) == healthy
    rig.pen.boost = True  # the firmware would say so each millisecond
    rig.run(600, duty=3000)
    # 3.6 V less 41 mA * 3.07 Ohm, at 33.6 mV/Hz.
    assert rig.pen.truth.stroke_rate_hz == pytest.approx(103.3, rel=0.01)
    assert not rig.pen.faults.active
    tach = rig.pen.tach_count
    rig.run(100)
    assert rig.pen.tach_count - tach == pytest.approx(4 * 10.3, abs=2)


def _some(name: str) -> float:
    return {"pwm_stuck": 2000, "tach_drop_share": 0.5, "friction_nm": 2e-4}.get(name, 1)


def test_unknown_faults_are_refused() -> None:
    faults = Pen().faults
    with pytest.raises(AttributeError, match="no fault 'gremlin'"):
        faults.gremlin = True
    with pytest.raises(AttributeError, match="no fault 'gremlin'"):
        _ = faults.gremlin


def test_present_lists_what_is_set() -> None:
    rig = Rig()
    assert rig.pen.faults.present() == {}
    rig.pen.faults.pwm_stuck = FULL
    assert rig.pen.faults.present() == {"pwm_stuck": FULL}
