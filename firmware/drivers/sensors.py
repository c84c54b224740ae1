"""All measurements of one tick, in one place.

Purpose: fill `Readings` from the ports, once per tick, before anybody judges or acts.
Owns: nothing but its drivers.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.drivers.calibration import Calibration
    from firmware.hal.ports import Board
    from firmware.readings import Readings


class Sensors:
    """The pen's senses."""

    def __init__(self, board: "Board", calibration: "Calibration") -> None:
        self._board = board
        self._calibration = calibration

    def sample(self, readings: "Readings") -> None:
        """Fill every field of `readings` (ranges and units there). Tick only; allocates nothing."""
        board = self._board
        readings.t_ms = (readings.t_ms + 1) & 0x3FFFFFFF
        now_us = board.clock.now_us()
        readings.tick_us = (now_us - readings.now_us) & 0x3FFFFFFF
        readings.now_us = now_us
        readings.seat = board.seat.level()
        readings.home = board.home.level()
        readings.button = board.button.level()
        readings.bridge_stall = board.bridge_stall.level()
        readings.vbus = board.vbus.level()
        readings.enable_level = board.enable.level()
        readings.index_level = board.pulses.index_level()
        readings.duty = board.bridge.duty()
