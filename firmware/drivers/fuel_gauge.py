"""Charge left in the battery: voltage where it is quiet, counted charge in between.

Purpose: percent for start, warning and stop. Owns: BATTERY_PERCENT and the words GAUGE_*.
Under load the terminal voltage is low by the cell's resistance, so the estimate first adds that
back, then looks the open-circuit voltage up; counting carries it through a treatment. A correction
by voltage counts fully at start-up, slowly later, and not at all upwards while the motor draws.
"""

from array import array

from hardware.board.rev_a import BATTERY_OCV_MV
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

_VBUS = const(13)
_DUTY = const(16)
_CURRENT_MA = const(22)
_SUPPLY_MV = const(24)
_BATTERY_PERCENT = const(26)
_GAUGE_POWER = const(76)
_GAUGE_SAMPLES = const(77)
_GAUGE_STARTED = const(78)
_GAUGE_UAH = const(79)
_GAUGE_REST = const(80)
_GAUGE_LOAD_MA = const(81)
_GAUGE_OPEN_MV = const(82)
_GAUGE_WINDOW = const(121)
_GAUGE_BY_VOLTAGE_UAH = const(122)

_BOOST_MV = const(6000)
_PWM_TOP = const(5000)
_BATTERY_RESISTANCE_MOHM = const(150)
_BOOST_EFFICIENCY_PERCENT = const(90)
_LOGIC_CURRENT_MA = const(45)
_OCV_MV = array("i", BATTERY_OCV_MV)
_TOP_CELL = const(9)
_BATTERY_OCV_STEP_PERCENT = const(10)
_UAH_PER_PERCENT = const(8000)  # of 800 mAh

SAMPLE_MS = const(4)  # `add` comes this often
_SAMPLE_MS = const(4)
_WINDOW = const(16)  # samples over which current and voltage are averaged: 64 ms
_QUIET_MA = const(100)  # battery current below which the voltage is trusted
_ALIVE_MV = const(2500)  # below, no converter has spoken yet
_LEAST_MV = const(2000)  # bounds the division when a sensor fails
FIRST = const(8)  # samples after power-up: 32 ms; `close` is of no use before
_SLOW = const(6)  # 1/64 of the difference per window: settles in about 4 s


@micropython.viper
def add(words):  # type: (Words) -> None
    """Count 4 ms of the motor's power."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    duty = ((w[_DUTY] + half) & mask) - half
    if duty < 0:
        duty = -duty
    # 18 samples * (5000 * 3600 >> 8) < 2^21
    w[_GAUGE_POWER] = w[_GAUGE_POWER] + (duty * w[_CURRENT_MA] >> 8)
    w[_GAUGE_SAMPLES] = w[_GAUGE_SAMPLES] + 1


@micropython.viper
def close(words):  # type: (Words) -> None
    """Close a window that is full: load and open-circuit voltage. `look_up` and `settle` follow.

    After power-up the first estimate waits for half a window of readings that a living board can
    have; until then the percentage is what it was.
    """
    w = ptr32(words)
    samples = w[_GAUGE_SAMPLES]
    if w[_GAUGE_STARTED] == 0:
        if w[_SUPPLY_MV] < _ALIVE_MV:
            w[_GAUGE_SAMPLES] = 0
            w[_GAUGE_POWER] = 0
            return
    elif samples < _WINDOW:
        return
    # Mean of |duty| * mA / 2^8 over the window, back to mA at the rail: * 2^8 / 5000.
    rail_ma = ((w[_GAUGE_POWER] // samples) << 8) // _PWM_TOP
    w[_GAUGE_POWER] = 0
    w[_GAUGE_SAMPLES] = 0
    w[_GAUGE_WINDOW] = samples
    supply_mv = w[_SUPPLY_MV]
    if supply_mv < _LEAST_MV:
        supply_mv = _LEAST_MV
    # Energy is kept by the converter but for its losses: 3300 mA * 6000 mV < 2^30.
    load_ma = rail_ma * _BOOST_MV // supply_mv * 100 // _BOOST_EFFICIENCY_PERCENT
    load_ma += _LOGIC_CURRENT_MA
    w[_GAUGE_LOAD_MA] = load_ma
    w[_GAUGE_OPEN_MV] = supply_mv + load_ma * _BATTERY_RESISTANCE_MOHM // 1000


@micropython.viper
def look_up(words):  # type: (Words) -> None
    """What the open-circuit voltage of a closed window stands for: 0..800 000 uAh."""
    w = ptr32(words)
    ocv_mv = ptr32(_OCV_MV)
    open_mv = w[_GAUGE_OPEN_MV]
    cell = 0
    while cell < _TOP_CELL and open_mv > ocv_mv[cell + 1]:
        cell += 1
    low_mv = ocv_mv[cell]
    span_mv = ocv_mv[cell + 1] - low_mv
    above_mv = open_mv - low_mv
    if above_mv < 0:
        above_mv = 0
    elif above_mv > span_mv:
        above_mv = span_mv
    step_uah = int(_UAH_PER_PERCENT) * _BATTERY_OCV_STEP_PERCENT
    w[_GAUGE_BY_VOLTAGE_UAH] = cell * step_uah + above_mv * step_uah // span_mv


@micropython.viper
def settle(words):  # type: (Words) -> None
    """Take a closed window into account: the charge that is left."""
    w = ptr32(words)
    load_ma = w[_GAUGE_LOAD_MA]
    by_voltage_uah = w[_GAUGE_BY_VOLTAGE_UAH]
    charge_uah = by_voltage_uah
    if w[_GAUGE_STARTED] != 0:
        charge_uah = w[_GAUGE_UAH]
    w[_GAUGE_STARTED] = 1
    if w[_VBUS] == 0:  # a charger's current is not known; the voltage tells
        # 72 ms * 13 A < 2^20; 1 uAh = 3600 mA ms
        rest = w[_GAUGE_REST] + load_ma * w[_GAUGE_WINDOW] * _SAMPLE_MS
        used_uah = rest // 3600
        w[_GAUGE_REST] = rest - used_uah * 3600
        charge_uah -= used_uah
        if charge_uah < 0:
            charge_uah = 0
    w[_GAUGE_WINDOW] = 0
    difference_uah = by_voltage_uah - charge_uah
    if load_ma < _QUIET_MA or difference_uah < 0:
        # Never upwards under load: a wrong resistance must not make the battery look full.
        charge_uah += difference_uah >> _SLOW
    w[_GAUGE_UAH] = charge_uah
    percent = charge_uah // _UAH_PER_PERCENT
    w[_BATTERY_PERCENT] = percent if percent < 100 else 100
