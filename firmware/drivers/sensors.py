"""All measurements of one tick, in one place.

Purpose: the first part of the tick. The board looks at all pins, then `sense` makes units of what
it saw, before anybody judges or acts. Owns: time, current, carriage and supply; which slow value
is due.

What can move a needle is worked out in every tick: time, tachometer, current, carriage. Battery,
temperature and charge take turns, every 8 ms.

The carriage comes from the linear Hall sensor, independent of the stepper's count. The magnet's
field is not quite linear (up to 15 um); the factory writes what is left of it at eleven positions
into this pen's table, and straight lines in between take most of it away.
"""

from firmware import words as place
from firmware.drivers import tachometer
from firmware.drivers.fuel_gauge import add as add_to_gauge
from firmware.drivers.fuel_gauge import close as close_window
from firmware.drivers.fuel_gauge import look_up as look_up_charge
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
_HALL_CODE = const(6)
_BATTERY_CODE = const(8)
_T_MS = const(17)
_TICK_US = const(18)
_CURRENT_MA = const(22)
_DEPTH_UM = const(23)
_SUPPLY_MV = const(24)
_SENSED_US = const(49)
_SENSING = const(50)
_CURRENT_ZERO_CODE = const(60)
_CURRENT_SCALE = const(61)
_HALL_OFFSET_UM = const(62)
_HALL_TABLE_UM = const(63)
_BATTERY_GAIN_PPT = const(74)
_GAUGE_SAMPLES = const(77)
_GAUGE_WINDOW = const(121)

_BATTERY_FULL_SCALE_MV = const(6600)
_BATTERY_SHIFT = const(12)
_GAUGE_FIRST = const(8)
_FIRST_CELL = const(7)  # of the thermistor's table: 25 C
_HALL_ZERO_CODE = const(273)
_HALL_UM_Q16 = const(48_000)
_LAST_POINT = const(10)  # of eleven, at 0, 256, 512 .. 2560 um
_TABLE_SHIFT = const(8)


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
        if len(calibration.hall_table_um) != _LAST_POINT + 1:
            raise ValueError("hall table needs 11 points")
        words[place.HALL_OFFSET_UM] = calibration.hall_offset_um
        for point in range(_LAST_POINT + 1):
            words[place.HALL_TABLE_UM + point] = calibration.hall_table_um[point]
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
    # 4095 * 48 000 = 1.97e8 < 2^30
    raw_um = (w[_HALL_CODE] - _HALL_ZERO_CODE) * _HALL_UM_Q16 >> 16
    half = 1 << 29
    mask = (half << 1) - 1
    raw_um += ((w[_HALL_OFFSET_UM] + half) & mask) - half
    table = _HALL_TABLE_UM
    cell = raw_um >> _TABLE_SHIFT
    if cell < 0 or cell >= _LAST_POINT:
        end = 0 if cell < 0 else _LAST_POINT
        raw_um += ((w[table + end] + half) & mask) - half
    else:
        left_um = ((w[table + cell] + half) & mask) - half
        right_um = ((w[table + cell + 1] + half) & mask) - half
        raw_um += left_um + ((right_um - left_um) * (raw_um & 255) >> _TABLE_SHIFT)
    w[_DEPTH_UM] = raw_um
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
    elif slot == 5 and w[_GAUGE_SAMPLES] >= _GAUGE_FIRST:
        close_window(words)
    elif slot == 7 and w[_GAUGE_WINDOW] != 0:
        look_up_charge(words)
    elif slot == 3 and w[_GAUGE_WINDOW] != 0:
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
