"""The needle motor's bridge and the rail that feeds it.

Purpose: volts in, duty out, whatever the rail's voltage is at the moment. Owns: the rail estimate
(the rail itself is not measured) and the boost line.
"""

from hardware.board.rev_a import BOOST_BYPASS_DROP_MV, BOOST_MV, BOOST_START_US, PWM_TOP
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.ports import Board
    from firmware.readings import Readings

_START_TICKS = BOOST_START_US // 1000 + 1
_RAIL_MIN_MV = const(2000)  # bounds the division when a sensor fails


class MotorBridge:
    """Voltage output to the winding."""

    def __init__(self, board: "Board", readings: "Readings") -> None:
        self._readings = readings
        self._drive = board.bridge.drive
        self._brake = board.bridge.brake
        self._boost = board.boost.set
        self._starting = _START_TICKS  # ticks until the boosted rail is up
        self.boosted = 0
        self.steady = 1  # 0 while the boost starts: then `supply` follows the rail
        self.rail_mv = BOOST_MV  # what a duty of 100 % puts on the bridge
        self.driving = 0  # a duty is put out
        self.limited = 0  # the last request was more than the rail has

    def supply(self, supply_mv: int) -> None:
        """Follow the rail from the battery's voltage up; once per tick while it is not `steady`."""
        low_mv = max(supply_mv - BOOST_BYPASS_DROP_MV, _RAIL_MIN_MV)
        if self.boosted:
            self._starting -= 1
            self.steady = 1 if self._starting == 0 else 0
            self.rail_mv = BOOST_MV - (BOOST_MV - low_mv) * self._starting // _START_TICKS
        else:
            self.rail_mv = low_mv

    def boost(self, level: int) -> None:
        """Switch the boost converter; the rail is up three ticks later."""
        if level != self.boosted:
            self.boosted = level
            self._starting = _START_TICKS
            self.steady = 0 if level else 1
            self._boost(level)

    def drive_mv(self, voltage_mv: int) -> int:
        """Put a mean of -6000..6000 mV on the winding; return the duty -5000..5000."""
        # 6000 mV * 5000 counts = 3e7
        duty = voltage_mv * PWM_TOP // self.rail_mv
        if duty > PWM_TOP:
            duty = PWM_TOP
            self.limited = 1
        elif duty < -PWM_TOP:
            duty = -PWM_TOP
            self.limited = -1
        else:
            self.limited = 0
        self._drive(duty)
        self._readings.duty = duty
        self.driving = 1
        return duty

    def brake(self) -> None:
        """Short the winding."""
        self._brake()
        self._readings.duty = 0
        self.driving = 0
        self.limited = 0
