"""All senses in one tick: what is fresh in every tick, what takes turns, and the first."""

from hypothesis import given
from hypothesis import strategies as st

from firmware.drivers.calibration import Calibration
from firmware.drivers.sensors import Sensors
from firmware.hal import pin_layout as link
from firmware.hal.pin_calls import Exchange
from firmware.hal.pin_link import PinLinkBoard
from firmware.readings import Readings
from tests.firmware.hal.test_pin_link import step_bytes

ALL_PINS = 0x7F


class Rig:
    """A board that is shown steps, and its sensors."""

    def __init__(self, t_us: int = 0, calibration: Calibration | None = None) -> None:
        self.board = PinLinkBoard(Exchange())
        self.readings = Readings()
        self.t_us = t_us
        self.sensors = Sensors(self.board, self.readings, calibration or Calibration())
        self.board.ticker.start(self.sensors.sample)

    def show(self, ticks: int = 1, pins: int = 0, adc: tuple[int, int, int, int] | None = None):
        for _ in range(ticks):
            self.t_us += 1000
            codes = adc or (100, 1000, 2048, 2300)
            self.board.accept(step_bytes(self.t_us % (1 << 30), adc=codes, pins=pins))
        return self.readings


def test_the_first_tick_leaves_no_reading_a_guess() -> None:
    readings = Rig(t_us=77_000).show(pins=ALL_PINS, adc=(100, 1000, 1857, 2300))
    levels = (readings.seat, readings.home, readings.button, readings.bridge_stall)
    assert levels == (1, 1, 1, 1)
    assert (readings.vbus, readings.index_level, readings.enable_level) == (1, 1, 1)
    assert readings.tick_us == 1000
    assert readings.temperature_cdeg == 3000
    assert abs(readings.supply_mv - 2300 * 6600 / 4096) <= 1
    assert abs(readings.depth_um - (1000 - 273) * 3000 / 4096) <= 1
    assert readings.battery_percent > 0


def test_current_and_enable_are_fresh_in_every_tick() -> None:
    rig = Rig()
    rig.show(3)
    for number in range(16):
        pins = link.PIN_ENABLE * (number % 2)
        readings = rig.show(pins=pins, adc=(number * 100, 1000, 2048, 2300))
        assert readings.current_code == number * 100
        assert readings.enable_level == number % 2


@given(st.integers(0, 4095), st.integers(0, 200), st.integers(900, 1100))
def test_current_is_3_a_at_full_scale_by_zero_and_gain(code: int, zero: int, gain: int) -> None:
    calibration = Calibration()
    calibration.current_zero_code = zero
    calibration.current_gain_ppt = gain
    readings = Rig(calibration=calibration).show(adc=(code, 0, 2048, 2300))
    expected = max(0.0, (code - zero) * 3000 / 4096 * gain / 1000)
    assert abs(readings.current_ma - expected) <= 1


def test_switches_and_carriage_are_fresh_in_every_tick() -> None:
    rig = Rig()
    for number in range(1, 17):
        on = number % 2
        readings = rig.show(pins=ALL_PINS * on, adc=(0, 200 * number, 2048, 2300))
        levels = (readings.seat, readings.home, readings.button, readings.index_level)
        assert levels == (on, on, on, on)
        assert (readings.vbus, readings.bridge_stall) == (on, on)
        assert abs(readings.depth_um - (200 * number - 273) * 3000 / 4096) <= 1


def test_the_slow_ones_are_at_most_8_ms_old() -> None:
    rig = Rig()
    before_cdeg = rig.show(5).temperature_cdeg
    readings = rig.show(8, adc=(0, 0, 1000, 2000))
    assert (readings.ntc_code, readings.battery_code) == (1000, 2000)
    # One of 32 readings of a mean: half of 1000 codes' 30 K nearer.
    assert 50 < readings.temperature_cdeg - before_cdeg < 150
    assert abs(readings.supply_mv - 2000 * 6600 / 4096) <= 1


def test_ticks_are_counted_and_timed_across_the_wrap() -> None:
    rig = Rig(t_us=(1 << 30) - 2500)
    readings = rig.show(5)
    assert (readings.t_ms, readings.tick_us) == (5, 1000)
    rig.t_us += 44_000
    assert rig.show().tick_us == 45_000


def test_the_duty_is_read_back_in_every_tick() -> None:
    rig = Rig()
    rig.show()
    rig.board.bridge.drive(-321)
    assert rig.show().duty == -321
