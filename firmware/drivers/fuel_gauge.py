"""Charge left in the battery: voltage where it is quiet, counted charge in between.

Purpose: percent for start, warning and stop. Owns: the charge estimate.
Under load the terminal voltage is low by the cell's resistance, so the estimate first adds that
back, then looks the open-circuit voltage up; counting carries it through a treatment. A correction
by voltage counts fully at start-up, slowly later, and not at all upwards while the motor draws.
"""

from hardware.board.rev_a import (
    BATTERY_CAPACITY_MAH,
    BATTERY_OCV_MV,
    BATTERY_OCV_STEP_PERCENT,
    BATTERY_RESISTANCE_MOHM,
    BOOST_EFFICIENCY_PERCENT,
    LOGIC_CURRENT_MA,
    PWM_TOP,
)
from protocol.interpreter import const

SAMPLE_MS = const(4)  # `add` comes this often
WINDOW = const(16)  # samples over which current and voltage are averaged: 64 ms
_CAPACITY_UAH = BATTERY_CAPACITY_MAH * 1000
_UAH_PER_PERCENT = _CAPACITY_UAH // 100
_TOP_CELL = len(BATTERY_OCV_MV) - 2
_MS_PER_HOUR = const(3_600_000)
_QUIET_MA = const(100)  # battery current below which the voltage is trusted
_ALIVE_MV = const(2500)  # below, no converter has spoken yet
_FIRST = const(8)  # samples: 32 ms
_SLOW = const(6)  # 1/64 of the difference per window: settles in about 4 s


class FuelGauge:
    """Charge estimate; `add` every 4 ms, `settle` now and then (it acts every 64 ms)."""

    def __init__(self) -> None:
        self._sum_power = 0  # of |duty| * motor current / 2^8: 18 * (5000 * 3600 >> 8) < 2^21
        self._samples = 0
        self._charge_uah = -1  # unknown before the first window
        self._rest = 0  # charge below 1 uAh, in mA ms
        self.percent = 50  # 0..100
        self.load_ma = LOGIC_CURRENT_MA  # battery current, mean of the last window
        self.open_mv = 3700  # estimated open-circuit voltage

    def add(self, duty: int, motor_ma: int) -> None:
        """Count 4 ms: duty -5000..5000, magnitude of the motor current in mA, 0..3600."""
        self._samples += 1
        if duty:
            self._sum_power += (duty if duty > 0 else -duty) * motor_ma >> 8

    def settle(self, supply_mv: int, rail_mv: int, charging: int) -> None:
        """Close a window once it is full: mV of battery and rail, 1 while on USB power.

        After power-up the first estimate waits for a quarter of a window of readings that a
        living board can have; until then `percent` is 50.
        """
        samples = self._samples
        if supply_mv < _ALIVE_MV and self._charge_uah < 0:
            self._samples = 0
        elif samples >= WINDOW or (self._charge_uah < 0 and samples >= _FIRST):
            self._window(rail_mv, max(supply_mv, 2000), charging, samples)

    def _window(self, rail_mv: int, supply_mv: int, charging: int, samples: int) -> None:
        # Mean of |duty| * mA / 2^8 over the window, back to mA at the rail: * 2^8 / 5000.
        rail_ma = ((self._sum_power // samples) << 8) // PWM_TOP
        self._sum_power = 0
        self._samples = 0
        # Energy is kept by the converter but for its losses: 3300 mA * 6000 mV < 2^30.
        motor_ma = rail_ma * rail_mv // supply_mv * 100 // BOOST_EFFICIENCY_PERCENT
        load_ma = motor_ma + LOGIC_CURRENT_MA
        self.load_ma = load_ma
        self.open_mv = supply_mv + load_ma * BATTERY_RESISTANCE_MOHM // 1000
        by_voltage_uah = charge_at(self.open_mv)
        if self._charge_uah < 0:
            self._charge_uah = by_voltage_uah
        self._count(load_ma, charging, samples * SAMPLE_MS)
        difference_uah = by_voltage_uah - self._charge_uah
        if load_ma < _QUIET_MA or difference_uah < 0:
            # Never upwards under load: a wrong resistance must not make the battery look full.
            self._charge_uah += difference_uah >> _SLOW
        self.percent = min(self._charge_uah // _UAH_PER_PERCENT, 100)

    def _count(self, load_ma: int, charging: int, elapsed_ms: int) -> None:
        if charging:
            return  # the charger's current is not known; the voltage tells
        # 72 ms * 13 A * 1000 < 2^30; 1 uAh = 3600 mA ms
        self._rest += load_ma * elapsed_ms
        used_uah = self._rest * 1000 // _MS_PER_HOUR
        self._rest -= used_uah * (_MS_PER_HOUR // 1000)
        self._charge_uah = max(self._charge_uah - used_uah, 0)


def charge_at(open_mv: int) -> int:
    """Return the charge in uAh, 0..800 000, at an open-circuit voltage."""
    if open_mv <= BATTERY_OCV_MV[0]:
        return 0
    cell = 0
    while cell < _TOP_CELL and open_mv > BATTERY_OCV_MV[cell + 1]:
        cell += 1
    low = BATTERY_OCV_MV[cell]
    span = BATTERY_OCV_MV[cell + 1] - low
    above = min(open_mv - low, span)
    step_uah = BATTERY_OCV_STEP_PERCENT * _UAH_PER_PERCENT
    return cell * step_uah + above * step_uah // span
