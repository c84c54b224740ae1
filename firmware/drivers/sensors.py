"""All measurements of one tick, in one place.

Purpose: the first part of the tick. The board looks at all pins, then `sense` makes units of what
it saw, before anybody judges or acts. Owns: time, current and supply; which slow value is due.

What can move a needle is worked out in every tick: time, tachometer, current, carriage. Battery,
temperature and charge take turns, every 8 ms.
"""

from firmware import words as place
from firmware.drivers import depth_sensor, tachometer
from firmware.drivers.depth_sensor import measure as measure_depth
from firmware.drivers.fuel_gauge import add as add_to_gauge
from firmware.drivers.fuel_gauge import settle as settle_gauge
from firmware.drivers.tachometer import measure as measure_rate
from firmware.drivers.thermistor import measure as measure_temperature
from hardware.board.rev_a import CURRENT_FULL_SCALE_MA
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.drivers.calibration import Calibration
    from firmware.hal.ports import Board
    from firmware.readings import Readings
    from firmware.words import Words

_NOW_US = const(0)
_CURRENT_CODE = const(5)
_BATTERY_CODE = const(8)
_T_MS = const(17)
_TICK_US = const(18)
_CURRENT_MA = const(22)
_SUPPLY_MV = const(24)
_SENSED_US = const(49)
_SENSING = const(50)
_CURRENT_ZERO_CODE = const(60)
_CURRENT_SCALE = const(61)
_BATTERY_GAIN_PPT = const(74)

_BATTERY_FULL_SCALE_MV = const(6600)
_BATTERY_SHIFT = const(12)
_FIRST_CELL = const(7)  # of the thermistor's table: 25 C


class Sensors:
    """The pen's senses."""

    def __init__(self, board: "Board", readings: "Readings", calibration: "Calibration") -> None:
        words = readings.words
        self._look = board.look
        self._words = words
        words[place.CURRENT_ZERO_CODE] = calibration.current_zero_code
        # mA per code * 2^16: 3000 * 2^16 / 2^12 = 48 000; times 4095 codes * 1.2 < 2^28
        scale = CURRENT_FULL_SCALE_MA * 16 * calibration.current_gain_ppt // 1000
        words[place.CURRENT_SCALE] = scale
        words[place.BATTERY_GAIN_PPT] = calibration.battery_gain_ppt
        words[place.NTC_CELL] = _FIRST_CELL
        depth_sensor.begin(words, calibration)
        self._look(words)
        tachometer.begin(words)

    def sample(self) -> None:
        """Bring the readings up to date. Tick only; allocates nothing."""
        words = self._words
        self._look(words)
        sense(words)


@micropython.viper
def sense(words):  # type: (Words) -> None
    """Make units of what the board has seen."""
    w = ptr32(words)
    t_ms = w[_T_MS] + 1
    t_ms -= t_ms >> 30 << 30
    w[_T_MS] = t_ms
    now_us = w[_NOW_US]
    tick_us = now_us - w[_SENSED_US]
    w[_TICK_US] = tick_us - (tick_us >> 30 << 30)
    w[_SENSED_US] = now_us
    measure_rate(words)
    code = w[_CURRENT_CODE] - w[_CURRENT_ZERO_CODE]
    w[_CURRENT_MA] = code * w[_CURRENT_SCALE] >> 16 if code > 0 else 0
    measure_depth(words)
    slot = t_ms & 7
    if w[_SENSING] == 0:
        # Everything once, so that no reading is ever a guess.
        w[_SENSING] = 1
        w[_TICK_US] = 1000
        _measure_supply(words)
        measure_temperature(words)
    elif slot == 0:
        _measure_supply(words)
    elif slot == 4:
        measure_temperature(words)
    elif slot == 5:
        settle_gauge(words)
    elif slot & 3 == 2:
        add_to_gauge(words)


@micropython.viper
def _measure_supply(words):  # type: (Words) -> None
    """Battery terminals."""
    w = ptr32(words)
    # 4095 * 6600 = 2.7e7; 6600 * 1200 = 7.9e6
    nominal_mv = w[_BATTERY_CODE] * _BATTERY_FULL_SCALE_MV >> _BATTERY_SHIFT
    w[_SUPPLY_MV] = nominal_mv * w[_BATTERY_GAIN_PPT] // 1000
