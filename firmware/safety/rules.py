"""The rules: what must lie between two numbers, for how long it may not, in which states.

Data, and the loop that walks it. Each row is one promise to a person: a word of the tick, the
lowest and highest value it may have, the milliseconds for which it may be outside, the states in
which that is looked at, and what happens then. The rows of FAST are looked at in every tick, in
this order; those of SLOW, whose values change within tens of milliseconds or stay once they are
bad, in every eighth, spread over the ticks. The first that trips is the cause that is kept. What a
rule looks at is measured by the drivers or made in `measures.py`. A rule can stop or warn, never
start. Owns the times outside.
"""

from array import array

from firmware import words as place
from firmware.safety import limits
from firmware.safety.faults import trip
from protocol import codes
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

    Row = tuple[int, int, int, int, int, int, int]

# States.
ANY = (1 << len(codes.STATE_NAMES)) - 1
BOOT = 1 << codes.STATE_BOOT
RUNNING = 1 << codes.STATE_RUNNING
PASSING = (1 << codes.STATE_POSITIONING) | (1 << codes.STATE_PARKING)
DRIVEN = RUNNING | PASSING
ARMED = DRIVEN | (1 << codes.STATE_ARMED)
WAITING = ANY & ~ARMED & ~BOOT & ~(1 << codes.STATE_FAULT)
RESTING = ANY & ~DRIVEN

# What happens to a value that has been outside for its time.
TRIP = const(0)  # the fault in the last column; 0 there: the value itself is the fault
NET = const(1)  # the same, but time inside counts back instead of starting afresh
CAUSE = const(2)  # as TRIP, and while it is outside the fault cannot be acknowledged
TELL = const(3)  # the condition bit in the last column is set until the value is back inside

SLOTS = const(8)
_LOW = -(1 << 28)
_HIGH = 1 << 28

# fmt: off
# word, lowest, highest, ms, states, what, fault or condition
FAST = (
    # The tick itself, the line and the outputs.
    (place.TICK_US, 0, limits.TICK_LATE_US, 1, ARMED, TRIP, codes.FAULT_TICK_LATE),
    (place.LINE_LOW, 0, 0, limits.ENABLE_RISE_MS, DRIVEN, TRIP, codes.FAULT_ENABLE),
    (place.LINE_HIGH, 0, 0, limits.ENABLE_FALL_MS, ANY & ~RUNNING, TRIP, codes.FAULT_ENABLE),
    (place.DUTY_WRONG, 0, 0, limits.OUTPUT_WRONG_MS, ANY, TRIP, codes.FAULT_OUTPUT),
    # The cartridge.
    (place.SEATED, 1, 1, 1, ARMED, TRIP, codes.FAULT_CARTRIDGE_LOST),
    # The motor's current.
    (place.PEAK_CODE, 0, limits.CURRENT_CODE_RAIL - 1,
     limits.CURRENT_PEAK_MS, DRIVEN, TRIP, codes.FAULT_CURRENT_SENSOR),
    (place.PEAK_MA, 0, limits.CURRENT_PEAK_MA,
     limits.CURRENT_PEAK_MS, DRIVEN, TRIP, codes.FAULT_CURRENT_PEAK),
    (place.ABOVE_LIMIT_MA, _LOW, 0,
     limits.OVERCURRENT_MS, DRIVEN, NET, codes.FAULT_OVERCURRENT),
    (place.CURRENT_CODE, limits.CURRENT_CODE_DEAD, 4095,
     limits.CURRENT_SENSOR_MS, RUNNING, TRIP, codes.FAULT_CURRENT_SENSOR),
    # Motion's own word, then the rate.
    (place.MOTION_FAILED, 0, 0, 1, ANY, TRIP, 0),
    (place.RATE_CHZ, 0, limits.OVERSPEED_CHZ,
     limits.OVERSPEED_MS, DRIVEN, TRIP, codes.FAULT_OVERSPEED),
    (place.ABOVE_RATE, _LOW, 0, limits.OVERSPEED_SET_MS, DRIVEN, TRIP, codes.FAULT_OVERSPEED),
    (place.BELOW_RATE, _LOW, 0, limits.RATE_LOW_MS, RUNNING, TRIP, codes.FAULT_RATE_LOW),
    (place.UNTURNED_MS, 0, limits.STALL_MS - 1, 1, RUNNING, TRIP, codes.FAULT_STALL),
    (place.DISAGREED_CHZ, -limits.TACHOMETER_ERROR_CHZ, limits.TACHOMETER_ERROR_CHZ,
     limits.TACHOMETER_ERROR_MS, RUNNING, NET, codes.FAULT_TACHOMETER),
    # The depth.
    (place.DEPTH_WRONG_UM, -limits.DEPTH_ERROR_UM, limits.DEPTH_ERROR_UM,
     limits.DEPTH_ERROR_MS, DRIVEN, TRIP, codes.FAULT_DEPTH_ERROR),
    # A motor at rest, and passages that do not end.
    (place.REST_PULSES, 0, limits.UNCOMMANDED_PULSES - 1,
     1, RESTING, TRIP, codes.FAULT_MOTION_UNCOMMANDED),
    (place.REST_MA, 0, limits.CURRENT_OFF_MA,
     limits.CURRENT_OFF_MS, RESTING, TRIP, codes.FAULT_MOTION_UNCOMMANDED),
    (place.OVERDUE, 0, 0, 1, BOOT | PASSING, TRIP, 0),
)
SLOW = (
    (place.MAIN_LOOP_MS, 0, limits.MAIN_LOOP_MS - 1, 1, ARMED, TRIP, codes.FAULT_INTERNAL),
    (place.BRIDGE_STALL, 0, 0, limits.BRIDGE_STALL_MS, DRIVEN, TRIP, codes.FAULT_CURRENT_PEAK),
    (place.DUTY, 0, 0, limits.DUTY_OFF_MS, RESTING, TRIP, codes.FAULT_MOTION_UNCOMMANDED),
    # Senses that give what no sound part gives, or nothing new.
    (place.CURRENT_CODE, 0, limits.CURRENT_CODE_RAIL - 1,
     limits.CURRENT_SENSOR_MS, ANY, CAUSE, codes.FAULT_CURRENT_SENSOR),
    (place.CURRENT_SAME, 0, limits.CURRENT_FROZEN_MS - 1,
     1, RUNNING, TRIP, codes.FAULT_CURRENT_SENSOR),
    (place.HALL_CODE, limits.HALL_LOW_CODE, limits.HALL_HIGH_CODE,
     limits.HALL_SENSOR_MS, ANY, CAUSE, codes.FAULT_DEPTH_SENSOR),
    (place.HALL_SAME, 0, limits.HALL_FROZEN_MS - 1, 1, ANY, CAUSE, codes.FAULT_DEPTH_SENSOR),
    (place.TURNS_WRONG, 0, limits.TURNS_WRONG_MOST * 16 - 1,
     1, RUNNING, TRIP, codes.FAULT_TACHOMETER),
    (place.NTC_CODE, limits.NTC_SHORT_CODE, limits.NTC_OPEN_CODE,
     limits.NTC_SENSOR_MS, ANY, CAUSE, codes.FAULT_TEMPERATURE_SENSOR),
    (place.SUPPLY_MV, limits.BATTERY_SENSOR_LOW_MV, limits.BATTERY_SENSOR_HIGH_MV,
     limits.BATTERY_SENSOR_MS, ANY, CAUSE, codes.FAULT_BATTERY_SENSOR),
    # Heat and supply.
    (place.TEMPERATURE_CDEG, _LOW, limits.TEMPERATURE_STOP_CDEG - 1,
     limits.TEMPERATURE_MS, ANY, CAUSE, codes.FAULT_TEMPERATURE),
    (place.WINDING_CDEG, _LOW, limits.WINDING_STOP_CDEG - 1,
     limits.TEMPERATURE_MS, ANY, CAUSE, codes.FAULT_WINDING),
    (place.SUPPLY_MV, limits.BATTERY_STOP_MV, _HIGH,
     limits.BATTERY_MS, ARMED, CAUSE, codes.FAULT_BATTERY_EMPTY),
    (place.BATTERY_PERCENT, limits.BATTERY_STOP_PERCENT + 1, 100,
     limits.BATTERY_MS, ARMED, CAUSE, codes.FAULT_BATTERY_EMPTY),
    # The button, where it means nothing: a latched run goes on without it.
    (place.LATCH_DOWN, 0, 0, limits.BUTTON_STUCK_MS, RUNNING, TRIP, codes.FAULT_BUTTON_STUCK),
    (place.DOWN, 0, 0, limits.BUTTON_STUCK_MS, WAITING, CAUSE, codes.FAULT_BUTTON_STUCK),
    (place.DOWN, 0, 0, limits.BUTTON_STUCK_MS, BOOT, CAUSE, codes.FAULT_BUTTON_AT_START),
    # What people are told. "Battery ok" is told of a charge that is not below 30 %.
    (place.TEMPERATURE_CDEG, _LOW, limits.TEMPERATURE_WARN_CDEG - 1,
     limits.TEMPERATURE_MS, ANY, TELL, codes.COND_TEMPERATURE_WARN),
    (place.RATE_OFF, _LOW, 0, limits.RATE_WARN_MS, RUNNING, TELL, codes.COND_RATE_WARN),
    (place.BATTERY_PERCENT, 0, limits.BATTERY_START_PERCENT - 1,
     limits.BATTERY_MS, ANY, TELL, codes.COND_BATTERY_OK),
    (place.BATTERY_PERCENT, limits.BATTERY_WARN_PERCENT, 100,
     limits.BATTERY_MS, ANY, TELL, codes.COND_BATTERY_WARN),
)
# fmt: on
ROWS = FAST + SLOW

# Words, restated: an imported name would be looked up at run time.
_T_MS = const(17)
_STANDING = const(257)
_STEP_MS = const(259)
_STATE = const(275)
_FAULT = const(287)
_OUTSIDE_MS = const(362)
_RULES_BUSY = const(522)

_COLUMNS = const(7)  # word, low, high, ms, what, code, number of the row
_LISTS = const(9)  # of a state: the fast rows, then the slow ones of each slot
_SLOT_MASK = const(7)
_SLOT_MS = const(8)
_NET = const(1)
_TELL = const(3)
_HALF = 1 << 29


def table() -> "Words":
    """Where the lists of each state begin and end, then the rows themselves.

    Limits lie half the range higher, as `walk` compares them.
    """
    starts: "list[int]" = []
    words: "list[int]" = []
    states = len(codes.STATE_NAMES)
    first = states * _LISTS + 1
    fast = len(FAST)
    for state in range(states):
        for part in range(_LISTS):
            starts.append(first + len(words))
            numbers = range(fast) if part == 0 else range(fast + part - 1, len(ROWS), SLOTS)
            for number in numbers:
                row = ROWS[number]
                if row[4] >> state & 1:
                    words.extend((row[0], row[1] + _HALF, row[2] + _HALF))
                    words.extend((row[3], row[5], row[6], number))
    starts.append(first + len(words))
    return array("i", starts + words)


TABLE = table()


@micropython.viper
def walk(words):  # type: (Words) -> None
    """Look at every fast row of the present state, and at the slow ones of this slot."""
    w = ptr32(words)
    rows = ptr32(TABLE)
    half = 1 << 29
    mask = (half << 1) - 1
    lists = w[_STATE] * _LISTS
    at = rows[lists]
    end = rows[lists + 1]
    slow = lists + 1 + (w[_T_MS] & _SLOT_MASK)
    ms = w[_STEP_MS]
    busy = w[_RULES_BUSY]
    now_busy = 0
    while True:
        if at == end:
            if slow == 0:
                return
            w[_RULES_BUSY] = now_busy
            at = rows[slow]
            end = rows[slow + 1]
            slow = 0
            busy = 1  # of slow rows nobody keeps account
            ms += _SLOT_MS - 1
            continue
        value = (w[rows[at]] + half) & mask
        if value < rows[at + 1] or value > rows[at + 2]:
            now_busy = 1
            _outside(words, at, ms)
        elif busy != 0 and w[_OUTSIDE_MS + rows[at + 6]] != 0:
            now_busy |= int(_inside(words, at))
        at += _COLUMNS


@micropython.viper
def _outside(words, at: int, ms: int):  # type: ignore[no-untyped-def]
    """The value of the row at `at` is outside for another `ms`."""
    w = ptr32(words)
    rows = ptr32(TABLE)
    number = rows[at + 6]
    spent = w[_OUTSIDE_MS + number] + ms
    if spent < rows[at + 3]:
        w[_OUTSIDE_MS + number] = spent
        return
    code = rows[at + 5]
    if rows[at + 4] == _TELL:
        w[_OUTSIDE_MS + number] = rows[at + 3]  # not 0, also after one long tick: it is taken back
        w[_STANDING] = w[_STANDING] | (1 << code)
        return
    if code == 0:
        code = w[rows[at]]
    if code != w[_FAULT]:
        trip(words, code)


@micropython.viper
def _inside(words, at: int) -> int:  # type: ignore[no-untyped-def]
    """The value of the row at `at` is inside again; 1 while its time counts back."""
    w = ptr32(words)
    rows = ptr32(TABLE)
    number = rows[at + 6]
    if rows[at + 4] == _NET:
        w[_OUTSIDE_MS + number] = w[_OUTSIDE_MS + number] - 1
        return 1
    w[_OUTSIDE_MS + number] = 0
    if rows[at + 4] == _TELL:
        bit = 1 << rows[at + 5]
        w[_STANDING] = (w[_STANDING] | bit) ^ bit
    return 0


def is_outside(words: "Words", fault: int) -> bool:
    """Whether what causes `fault` is there right now (for acknowledging; not in the tick)."""
    for word, low, high, _, _, what, code in ROWS:
        if what == CAUSE and code == fault and not low <= words[word] <= high:
            return True
    return False
