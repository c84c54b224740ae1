"""The needle motor's bridge and the rail that feeds it.

Purpose: braked or not, boosted or not, and what a duty is worth. Owns: BRIDGE, DUTY_OUT, BOOST and
DRIVING (the speed controller puts its duty out itself) and the estimate of the rail, which is not
measured.
"""

from firmware import words as place
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

_SUPPLY_MV = const(24)
_BRIDGE = const(33)
_DUTY_OUT = const(34)
_BOOST = const(35)
_DRIVING = const(47)
_RAIL_MV = const(83)
_BOOST_LEFT_MS = const(84)

_BRIDGE_BRAKE = const(2)
_BOOST_MV = const(6000)
_BOOST_BYPASS_DROP_MV = const(300)
_START_MS = const(4)  # BOOST_START_US and some
_RAIL_MIN_MV = const(2000)  # bounds the division when a sensor fails


def begin(words: "Words") -> None:
    """Before the first tick: braked."""
    words[place.RAIL_MV] = _BOOST_MV
    brake(words)


@micropython.viper
def follow_rail(words):  # type: (Words) -> None
    """Estimate the rail from the battery's voltage up, in each tick while BOOST_LEFT_MS is set."""
    w = ptr32(words)
    low_mv = w[_SUPPLY_MV] - _BOOST_BYPASS_DROP_MV
    if low_mv < _RAIL_MIN_MV:
        low_mv = _RAIL_MIN_MV
    left_ms = w[_BOOST_LEFT_MS] - 1
    w[_BOOST_LEFT_MS] = left_ms
    rail_mv = low_mv
    if w[_BOOST] != 0:
        rail_mv += (_BOOST_MV - low_mv) * (_START_MS - left_ms) // _START_MS
    w[_RAIL_MV] = rail_mv


@micropython.viper
def boost(words, level):  # type: (Words, int) -> None
    """Switch the boost converter; the rail is up three ticks later."""
    w = ptr32(words)
    if w[_BOOST] != int(level):
        w[_BOOST] = int(level)
        w[_BOOST_LEFT_MS] = _START_MS


@micropython.viper
def brake(words):  # type: (Words) -> None
    """Short the winding."""
    w = ptr32(words)
    w[_BRIDGE] = _BRIDGE_BRAKE
    w[_DUTY_OUT] = 0
    w[_DRIVING] = 0
