"""Where the cam stands: counted marks, and dead reckoning on speed in between.

Purpose: know at any stop on which side of full extension the cam came to rest, so that parking
turns it the way that retracts. Owns: the angle, 65536 to a turn: 0 = full extension, 32768 =
retracted.

The last mark passed and the side it was left on are certain; the way since then is the speed's
integral and cannot be more than a quarter turn, else the next mark would have come. So a stalled
motor, whose observed speed is not quite 0, does not carry the angle away.
"""

from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.ports import PulseCounter
    from firmware.readings import Readings

_WRAP = const(0x3FFFFFFF)
_HALF_WRAP = const(0x20000000)
_TURN = const(0xFFFF)
RETRACTED = const(0x8000)
_QUARTER = const(0x4000)
# Angle per tick of 1 chz: 65536 / 100 / 1000 * 2^15 = 21 475; times 30 000 = 6.4e8 < 2^30
_PER_TICK = const(21_475)
_PER_TICK_SHIFT = const(15)
_STALLED_MS = const(25)  # at 25 Hz a mark is due every 10 ms
_BEFORE_MIDDLE = const(0x1C00)  # 39 degrees
_BEHIND_INDEX = const(0x3400)  # 73 degrees
# The index mark lies between the tachometer's marks at 135 and 225 degrees.
_MARK_BEFORE = const(0x6000)
_MARK_BEHIND = const(0xA000)


class CamPhase:
    """Angle of the cam; `step` once per tick while it turns."""

    def __init__(self, pulses: "PulseCounter", readings: "Readings") -> None:
        self._readings = readings
        self._tach_edge_us = pulses.edge_us
        self._index_count_of = pulses.index_count
        self._index_edge_us = pulses.index_edge_us
        self._index_count = pulses.index_count()
        self._mark = _MARK_BEFORE  # angle of the mark passed last
        self._side = 1  # it was left forwards (1) or backwards (-1)
        self._way = RETRACTED - _MARK_BEFORE  # angle since, of the sign of the side
        self._stalled = 0  # driven without a mark: the angle is a judgement until the next
        self.known = 0  # the index has been seen and no pulse was unexplained since

    @property
    def angle(self) -> int:
        """Return the angle, 0..65535."""
        return (self._mark + self._way) & _TURN

    def step(self, speed_chz: int) -> None:
        """Turn on for a tick at `speed_chz` (-30000..30000), then heed the marks."""
        way = self._way + (speed_chz * _PER_TICK >> _PER_TICK_SHIFT)
        readings = self._readings
        if readings.pulse_delta:
            edge_us = self._tach_edge_us()
            self._pass(1 if speed_chz >= 0 else -1, edge_us)
            way = moved(speed_chz, (readings.now_us - edge_us) & _WRAP)
            self._stalled = 0
        elif self._stalled:
            return
        self._way = way
        if not 0 <= way * self._side <= _QUARTER:
            self._way = self._bounded(way)

    def _bounded(self, way: int) -> int:
        """Return the way where dead reckoning has left the quarter that the marks leave open."""
        side = self._side
        if way * side < 0:
            return 0
        readings = self._readings
        if side < 0 or readings.duty == 0 or readings.pulse_age_ms < _STALLED_MS:
            return _QUARTER * side
        # Driven, and yet no mark: it stands somewhere in this quarter. Needles stop a motor on
        # their way in, so before full extension or, behind the index, on the way to the next mark.
        self._stalled = 1
        if self._mark == _MARK_BEFORE and self._index_count_of() != self._index_count:
            return _BEHIND_INDEX
        return _BEFORE_MIDDLE

    def park(self) -> None:
        """Stand in the index mark's view."""
        self._mark = _MARK_BEFORE
        self._side = 1
        self._way = RETRACTED - _MARK_BEFORE
        self._stalled = 0
        self.known = 1

    def forget(self) -> None:
        """Turned by something else than the motor."""
        self.known = 0

    def _pass(self, side: int, edge_us: int) -> None:
        """Pass a mark: the next one, or the last one again after a turn-round."""
        index_count = self._index_count_of()
        if index_count != self._index_count and self._came_before(edge_us):
            self._index_count = index_count
            self.known = 1
            self._mark = _MARK_BEHIND if side > 0 else _MARK_BEFORE
        elif side == self._side:
            self._mark = (self._mark + side * _QUARTER) & _TURN
        self._side = side

    def _came_before(self, edge_us: int) -> bool:
        """Tell an index that came by before the mark at `edge_us` from one in the same tick."""
        return (edge_us - self._index_edge_us()) & _WRAP < _HALF_WRAP


def moved(speed_chz: int, age_us: int) -> int:
    """Return the angle passed at `speed_chz` in `age_us`, of which at most 2 ms count."""
    # 65536 * chz / 100 / 1e6 * 10 = chz / 153 per 10 us: 30 000 * 200 < 2^23
    return speed_chz * (min(age_us, 2000) // 10) // 153
