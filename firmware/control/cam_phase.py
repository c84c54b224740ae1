"""Where the cam stands: dead reckoning on speed, put right by every mark.

Purpose: know at any stop on which side of full extension the cam came to rest, so that parking
turns it the way that retracts. Owns: the angle, 65536 to a turn: 0 = full extension, 32768 =
retracted.
"""

from hardware.board.rev_a import INDEX_CENTRE_DEG, INDEX_HALF_WIDTH_DEG
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.ports import PulseCounter
    from firmware.readings import Readings

_WRAP = const(0x3FFFFFFF)
_TURN = const(0xFFFF)
RETRACTED = const(0x8000)
# Angle per tick of 1 chz: 65536 / 100 / 1000 * 2^15 = 21 475; times 30 000 = 6.4e8 < 2^30
_PER_TICK = const(21_475)
_PER_TICK_SHIFT = const(15)
# The tachometer's marks stand in the middle of the quadrants: 45, 135, 225, 315 degrees.
_QUADRANT = const(0xC000)
_MIDDLE = const(0x2000)
_INDEX_FORWARDS = (INDEX_CENTRE_DEG - INDEX_HALF_WIDTH_DEG) * 65_536 // 360
_INDEX_BACKWARDS = (INDEX_CENTRE_DEG + INDEX_HALF_WIDTH_DEG) * 65_536 // 360


class CamPhase:
    """Angle of the cam; `step` once per tick."""

    def __init__(self, pulses: "PulseCounter", readings: "Readings") -> None:
        self._readings = readings
        self._tach_edge_us = pulses.edge_us
        self._index_count_of = pulses.index_count
        self._index_edge_us = pulses.index_edge_us
        self._index_count = pulses.index_count()
        self.angle = RETRACTED
        self.known = 0  # the index has been seen and no pulse was unexplained since

    def step(self, speed_chz: int) -> None:
        """Turn on for a tick at `speed_chz` (-30000..30000), then heed the marks."""
        angle = self.angle + (speed_chz * _PER_TICK >> _PER_TICK_SHIFT)
        readings = self._readings
        if readings.pulse_delta:
            # The pulse is the mark of the quadrant the angle lies in, if that is right to 45 degrees.
            age_us = (readings.now_us - self._tach_edge_us()) & _WRAP
            angle = (angle & _QUADRANT) + _MIDDLE + moved(speed_chz, age_us)
        index_count = self._index_count_of()
        if index_count != self._index_count:
            self._index_count = index_count
            age_us = (readings.now_us - self._index_edge_us()) & _WRAP
            edge = _INDEX_FORWARDS if speed_chz >= 0 else _INDEX_BACKWARDS
            angle = edge + moved(speed_chz, age_us)
            self.known = 1
        self.angle = angle & _TURN

    def park(self) -> None:
        """Standing in the index mark's view."""
        self.angle = RETRACTED
        self.known = 1

    def forget(self) -> None:
        """Turned by something else than the motor."""
        self.known = 0


def moved(speed_chz: int, age_us: int) -> int:
    """Angle passed at `speed_chz` in `age_us`, of which at most 2 ms count."""
    # 65536 * chz / 100 / 1e6 * 10 = chz / 153 per 10 us: 30 000 * 200 < 2^23
    return speed_chz * (min(age_us, 2000) // 10) // 153
