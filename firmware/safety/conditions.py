"""Conditions: measurements become the named bits of `protocol.codes`, debounced and fresh.

`condition` makes them in each tick; `Conditions` shows them to code that is not in a hurry. Owns
the condition bits and the debounce counters of the two switches, the lease and the seating number.
A new seating invalidates what was known of the cartridge at once, in the tick: bits that the main
loop found out count only for the seating they were found out for.
"""

from firmware import words as place
from firmware.safety.limits import LEASE_MS
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

# Words, restated: an imported name would be looked up at run time.
_SEAT = const(9)
_HOME = const(10)
_BUTTON = const(11)
_ENABLE_LEVEL = const(14)
_INDEX_LEVEL = const(15)
_TICK_US = const(18)
_PULSE_AGE_MS = const(21)
_DEPTH_UM = const(23)
_HOMED = const(38)
_STANDING = const(257)
_FRESH = const(258)
_STEP_MS = const(259)
_PRESS = const(260)
_DOWN = const(261)
_BUTTON_MS = const(262)
_HELD_MS = const(263)
_SEATED = const(264)
_SEAT_MS = const(265)
_SEAT_GENERATION = const(266)
_LEASE_MS = const(267)
_PLAN_FACTS = const(348)
_PLAN_SEATING = const(349)
_TETHERED = const(350)

# Limits and bits, likewise (tests compare).
_BUTTON_DEBOUNCE_MS = const(5)
_SEAT_LOST_MS = const(5)
_SEAT_MADE_MS = const(200)
_LEASE_ENDS_MS = const(250)
_NEEDLES_IN_UM = const(100)
_STILL_AFTER_MS = const(25)  # without a pulse: braking from full speed takes as long
_HELD_MOST_MS = const(60_000)  # the count of a held button stops there
_BIT_SEATED = const(4)
_BIT_BUTTON = const(0x80)
_BIT_PROVEN = const(0x80000)
_BIT_HOMED = const(2)
_BIT_TETHER_OK = const(0x100)
_BIT_NEEDLES_IN = const(0x400)
_BIT_CAM_PARKED = const(0x800)
_BIT_DRIVE_ENABLED = const(0x40000)
_BITS_CARTRIDGE = const(0x18)
_BITS_PLAN = const(0x78)  # cartridge, plan and zone
_BITS_PROGRESS = const(0x31000)  # contact, dwell and dose


@micropython.viper
def condition(words):  # type: (Words) -> None
    """FRESH, STANDING, PRESS and what they are made from. First kernel of the tick."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    ms = 1
    if w[_TICK_US] >= 2000:
        ms = w[_TICK_US] // 1000
    w[_STEP_MS] = ms
    standing = w[_STANDING]
    # The button: flips after 5 ticks of the other level; the way down is the press.
    down = w[_DOWN]
    press = 0
    if down != 0 and w[_HELD_MS] < _HELD_MOST_MS:
        w[_HELD_MS] = w[_HELD_MS] + ms
    if w[_BUTTON] == down:
        w[_BUTTON_MS] = 0
    else:
        spent = w[_BUTTON_MS] + 1
        if spent >= _BUTTON_DEBOUNCE_MS:
            spent = 0
            down ^= 1
            press = down
            w[_DOWN] = down
            w[_HELD_MS] = 0
            standing ^= _BIT_BUTTON
        w[_BUTTON_MS] = spent
    w[_PRESS] = press
    # The seat: lost after 5 ms, made after 200; a loss starts a new seating.
    seated = w[_SEATED]
    if w[_SEAT] == seated:
        w[_SEAT_MS] = 0
    else:
        spent = w[_SEAT_MS] + ms
        longest = _SEAT_LOST_MS if seated else _SEAT_MADE_MS
        if spent >= longest:
            spent = 0
            seated ^= 1
            w[_SEATED] = seated
            standing ^= _BIT_SEATED
            if seated == 0:
                standing = (standing | _BIT_PROVEN) ^ _BIT_PROVEN
                w[_SEAT_GENERATION] = w[_SEAT_GENERATION] + 1
        w[_SEAT_MS] = spent
    w[_STANDING] = standing
    # What is made anew in each tick.
    fresh = w[_PLAN_FACTS] & _BITS_PLAN
    fresh |= w[_PLAN_FACTS] & _BITS_PROGRESS
    seating = ((w[_PLAN_SEATING] + half) & mask) - half
    if seating != w[_SEAT_GENERATION] or seated == 0:
        fresh &= ~_BITS_CARTRIDGE
    if w[_LEASE_MS] < _LEASE_ENDS_MS:
        w[_LEASE_MS] = w[_LEASE_MS] + ms
    if w[_LEASE_MS] < _LEASE_ENDS_MS or w[_TETHERED] == 0:
        fresh |= _BIT_TETHER_OK
    if w[_ENABLE_LEVEL]:
        fresh |= _BIT_DRIVE_ENABLED
    if w[_HOMED]:
        fresh |= _BIT_HOMED
    if w[_PULSE_AGE_MS] >= _STILL_AFTER_MS:
        if w[_INDEX_LEVEL]:
            fresh |= _BIT_CAM_PARKED
        depth_um = ((w[_DEPTH_UM] + half) & mask) - half
        if w[_HOME] and depth_um <= _NEEDLES_IN_UM:
            fresh |= _BIT_NEEDLES_IN
    w[_FRESH] = fresh


class Conditions:
    """The condition word of this tick, and what it was made from."""

    word = place.named(place.CONDITIONS)
    press = place.named(place.PRESS)
    down = place.named(place.DOWN)
    button_held_ms = place.named(place.HELD_MS)
    seat_generation = place.named(place.SEAT_GENERATION)
    lease_ms = place.named(place.LEASE_MS)

    def __init__(self, words: "Words") -> None:
        self.words = words
        self.lease_ms = LEASE_MS  # nobody has renewed it yet
