"""Where the cam stands: counted marks, and dead reckoning on speed in between.

Purpose: know at any stop on which side of full extension the cam came to rest, so that parking
turns it the way that retracts. Owns: CAM_KNOWN (the index has been seen, and no pulse since was
unexplained) and the angle, 65536 to a turn: 0 = full extension, 32768 = retracted.

The last mark passed and the side it was left on are certain; the way since then is the speed's
integral and cannot be more than a quarter turn, else the next mark would have come. So a stalled
motor, whose observed speed is not quite 0, does not carry the angle away.
"""

from firmware import words as place
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

_NOW_US = const(0)
_TACH_EDGE_US = const(2)
_INDEX_COUNT = const(3)
_INDEX_EDGE_US = const(4)
_DUTY = const(16)
_PULSE_DELTA = const(19)
_PULSE_AGE_MS = const(21)
_CAM_KNOWN = const(40)
_BACK_EMF_CHZ = const(48)
_INDEX_SEEN = const(95)
_MARK = const(96)
_SIDE = const(97)
_WAY = const(98)
_PHASE_STALLED = const(99)

_TURN = const(0xFFFF)
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
_TO_RETRACTED = const(0x2000)  # from the mark before it
_MOST_US = const(2000)  # of the age of an edge that count


def begin(words: "Words") -> None:
    """Before the first tick: an index that came by earlier says nothing."""
    words[place.INDEX_SEEN] = words[place.INDEX_COUNT]
    park(words)
    words[place.CAM_KNOWN] = 0


@micropython.viper
def angle(words) -> int:  # type: ignore[no-untyped-def]
    """Return the angle, 0..65535."""
    w = ptr32(words)
    return int((w[_MARK] + w[_WAY]) & _TURN)


@micropython.viper
def turn(words):  # type: (Words) -> None
    """Turn on for a tick at the observed speed, then heed the marks."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    speed_chz = ((w[_BACK_EMF_CHZ] + half) & mask) - half
    way = ((w[_WAY] + half) & mask) - half
    side = ((w[_SIDE] + half) & mask) - half
    if w[_PULSE_DELTA] != 0:
        # A mark: the next one, or the last one again after a turn-round.
        now_side = 1 if speed_chz >= 0 else -1
        edge_us = w[_TACH_EDGE_US]
        index_count = w[_INDEX_COUNT]
        # An index that came by before this edge, not one behind it in the same tick.
        before_us = edge_us - w[_INDEX_EDGE_US]
        before_us -= before_us >> 30 << 30
        if index_count != w[_INDEX_SEEN] and before_us < half:
            w[_INDEX_SEEN] = index_count
            w[_CAM_KNOWN] = 1
            w[_MARK] = _MARK_BEHIND if now_side > 0 else _MARK_BEFORE
        elif now_side == side:
            w[_MARK] = (w[_MARK] + side * _QUARTER) & _TURN
        side = now_side
        w[_SIDE] = side
        w[_PHASE_STALLED] = 0
        age_us = w[_NOW_US] - edge_us
        age_us -= age_us >> 30 << 30
        if age_us > _MOST_US:
            age_us = _MOST_US
        # 65536 * chz / 100 / 1e6 * 10 = chz / 153 per 10 us: 30 000 * 200 < 2^23
        way = speed_chz * (age_us // 10) // 153
    elif w[_PHASE_STALLED] != 0:
        return
    else:
        way += speed_chz * _PER_TICK >> _PER_TICK_SHIFT
    ahead = way * side
    if ahead < 0:
        way = 0
    elif ahead > _QUARTER:
        # Dead reckoning has left the quarter that the marks leave open.
        way = side * _QUARTER
        if side > 0 and w[_DUTY] != 0 and w[_PULSE_AGE_MS] >= _STALLED_MS:
            # Driven, and yet no mark: it stands somewhere in this quarter. Needles stop a motor on
            # their way in, so before full extension or, behind the index, on the way to the next
            # mark.
            w[_PHASE_STALLED] = 1
            way = _BEFORE_MIDDLE
            if w[_MARK] == _MARK_BEFORE and w[_INDEX_COUNT] != w[_INDEX_SEEN]:
                way = _BEHIND_INDEX
    w[_WAY] = way


@micropython.viper
def park(words):  # type: (Words) -> None
    """Stand in the index mark's view."""
    w = ptr32(words)
    w[_MARK] = _MARK_BEFORE
    w[_SIDE] = 1
    w[_WAY] = _TO_RETRACTED
    w[_PHASE_STALLED] = 0
    w[_CAM_KNOWN] = 1


@micropython.viper
def forget(words):  # type: (Words) -> None
    """Turned by something else than the motor."""
    ptr32(words)[_CAM_KNOWN] = 0
