"""All measurements of one tick, in one place.

Purpose: fill `Readings` from the ports, once per tick, before anybody judges or acts.
Owns: the drivers and the turn of the slots.

What can move a needle within a millisecond is read every tick: time, tachometer, current and
drive-enable. The rest takes turns, because every port call costs the board 10-15 us: switches,
index and Hall every 2 ms; duty (in between it is the one put out last), stall, VBUS, battery and
temperature every 8 ms.
"""

from firmware.drivers.depth_sensor import DepthSensor
from firmware.drivers.fuel_gauge import FuelGauge
from firmware.drivers.tachometer import Tachometer
from firmware.drivers.thermistor import Thermistor
from hardware.board.rev_a import (
    ADC_CHANNEL_BATTERY,
    ADC_CHANNEL_CURRENT,
    ADC_CHANNEL_HALL,
    ADC_CHANNEL_NTC,
    BATTERY_FULL_SCALE_MV,
    BATTERY_SHIFT,
    BOOST_MV,
    CURRENT_FULL_SCALE_MA,
)
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.drivers.calibration import Calibration
    from firmware.hal.ports import Board
    from firmware.readings import Readings

_WRAP = const(0x3FFFFFFF)


class Sensors:
    """The pen's senses."""

    def __init__(self, board: "Board", calibration: "Calibration") -> None:
        self._sample_pulses = Tachometer(board.pulses, board.clock).sample
        self._zero_code = calibration.current_zero_code
        # mA per code * 2^16: 3000 * 2^16 / 2^12 = 48 000; times 4095 codes * 1.2 < 2^28
        self._current_scale = CURRENT_FULL_SCALE_MA * 16 * calibration.current_gain_ppt // 1000
        self._depth = DepthSensor(calibration)
        self._thermistor = Thermistor()
        self._gauge = FuelGauge()
        self._battery_gain_ppt = calibration.battery_gain_ppt
        self._now = board.clock.now_us
        self._adc = board.adc.read
        self._index = board.pulses.index_level
        self._enable = board.enable.level
        self._duty = board.bridge.duty
        self._seat = board.seat.level
        self._home = board.home.level
        self._button = board.button.level
        self._stall = board.bridge_stall.level
        self._vbus = board.vbus.level
        self._slot = 0
        self._fresh = True

    def sample(self, readings: "Readings") -> None:
        """Bring `readings` up to date (ranges and units there). Tick only; allocates nothing."""
        now_us = self._now()
        readings.tick_us = (now_us - readings.now_us) & _WRAP
        readings.now_us = now_us
        readings.t_ms = (readings.t_ms + 1) & _WRAP
        if self._fresh:
            self._first(readings)
        self._sample_pulses(readings)
        readings.enable_level = self._enable()
        code = self._adc(ADC_CHANNEL_CURRENT)
        readings.current_code = code
        code -= self._zero_code
        readings.current_ma = code * self._current_scale >> 16 if code > 0 else 0
        slot = (self._slot + 1) & 7
        self._slot = slot
        if slot & 1:
            self._switches(readings)
        else:
            self._carriage(readings)
            if slot == 0:
                self._supply(readings)
            elif slot == 4:
                self._slow(readings)
            else:
                self._gauge.add(readings.duty, readings.current_ma)

    def _switches(self, readings: "Readings") -> None:
        readings.button = self._button()
        readings.seat = self._seat()
        readings.home = self._home()
        readings.index_level = self._index()

    def _carriage(self, readings: "Readings") -> None:
        code = self._adc(ADC_CHANNEL_HALL)
        readings.hall_code = code
        readings.depth_um = self._depth.depth_um(code)

    def _supply(self, readings: "Readings") -> None:
        code = self._adc(ADC_CHANNEL_BATTERY)
        readings.battery_code = code
        # 4095 * 6600 = 2.7e7; 6600 * 1200 = 7.9e6
        nominal_mv = code * BATTERY_FULL_SCALE_MV >> BATTERY_SHIFT
        readings.supply_mv = nominal_mv * self._battery_gain_ppt // 1000
        readings.duty = self._duty()
        readings.bridge_stall = self._stall()
        readings.vbus = self._vbus()

    def _slow(self, readings: "Readings") -> None:
        code = self._adc(ADC_CHANNEL_NTC)
        readings.ntc_code = code
        readings.temperature_cdeg = self._thermistor.temperature_cdeg(code)
        gauge = self._gauge
        gauge.settle(readings.supply_mv, BOOST_MV, readings.vbus)
        readings.battery_percent = gauge.percent

    def _first(self, readings: "Readings") -> None:
        """Read everything once, so that no reading is ever a guess."""
        self._fresh = False
        readings.tick_us = 1000
        self._switches(readings)
        self._carriage(readings)
        self._supply(readings)
        self._slow(readings)
