"""The rules: what must lie between two numbers, for how long it may not, in which states.

Data, and the loop that walks it. Each row is one promise to a person: a word of the tick, the
lowest and highest value it may have, the milliseconds for which it may be outside, the states in
which that is looked at, and what happens then. All rows of a state are looked at in every tick, in
this order; the first that trips is the cause that is kept. What a rule looks at is measured by the
drivers or made in `measures.py`. A rule can stop or warn, never start. Owns the times outside.
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
WARN = const(3)  # the condition bit in the last column is set until the value is back inside
GOOD = const(4)  # that bit is cleared until the value has been inside for the time

_LOW = -(1 << 28)
_HIGH = 1 << 28

# fmt: off
# word, lowest, highest, ms, states, what, fault or condition
ROWS = (
    # The tick itself, the line and the outputs.
    (place.TICK_US, 0, limits.TICK_LATE_US, 1, ARMED, TRIP, codes.FAULT_TICK_LATE),
    (place.LINE_LOW, 0, 0, limits.ENABLE_RISE_MS, ANY, TRIP, codes.FAULT_ENABLE),
    (place.LINE_HIGH, 0, 0, limits.ENABLE_FALL_MS, ANY, TRIP, codes.FAULT_ENABLE),
    (place.DUTY_WRONG, 0, 0, limits.OUTPUT_WRONG_MS, ANY, TRIP, codes.FAULT_OUTPUT),
    (place.DUTY, 0, 0, limits.DUTY_OFF_MS, RESTING, TRIP, codes.FAULT_MOTION_UNCOMMANDED),
    (place.MAIN_LOOP_MS, 0, limits.MAIN_LOOP_MS - 1, 1, ARMED, TRIP, codes.FAULT_INTERNAL),
    # The cartridge.
    (place.SEATED, 1, 1, 1, ARMED, TRIP, codes.FAULT_CARTRIDGE_LOST),
    # The motor's current.
    (place.PEAK_CODE, 0, limits.CURRENT_CODE_RAIL - 1,
     limits.CURRENT_PEAK_MS, DRIVEN, TRIP, codes.FAULT_CURRENT_SENSOR),
    (place.PEAK_MA, 0, limits.CURRENT_PEAK_MA,
     limits.CURRENT_PEAK_MS, DRIVEN, TRIP, codes.FAULT_CURRENT_PEAK),
    (place.ABOVE_LIMIT_MA, _LOW, 0,
     limits.OVERCURRENT_MS, DRIVEN, NET, codes.FAULT_OVERCURRENT),
    (place.BRIDGE_STALL, 0, 0, limits.BRIDGE_STALL_MS, DRIVEN, TRIP, codes.FAULT_CURRENT_PEAK),
    (place.CURRENT_CODE, limits.CURRENT_CODE_DEAD, 4095,
     limits.CURRENT_SENSOR_MS, RUNNING, TRIP, codes.FAULT_CURRENT_SENSOR),
    (place.CURRENT_CODE, 0, limits.CURRENT_CODE_RAIL - 1,
     limits.CURRENT_SENSOR_MS, ANY, CAUSE, codes.FAULT_CURRENT_SENSOR),
    (place.CURRENT_SAME, 0, limits.CURRENT_FROZEN_MS - 1,
     1, RUNNING, TRIP, codes.FAULT_CURRENT_SENSOR),
    # Motion's own word, then the rate.
    (place.MOTION_FAILED, 0, 0, 1, ANY, TRIP, 0),
    (place.RATE_CHZ, 0, limits.OVERSPEED_CHZ,
     limits.OVERSPEED_MS, DRIVEN, TRIP, codes.FAULT_OVERSPEED),
    (place.ABOVE_RATE, _LOW, 0, limits.OVERSPEED_SET_MS, DRIVEN, TRIP, codes.FAULT_OVERSPEED),
    (place.BELOW_RATE, _LOW, 0, limits.RATE_LOW_MS, RUNNING, TRIP, codes.FAULT_RATE_LOW),
    (place.RATE_OFF, _LOW, 0, limits.RATE_WARN_MS, RUNNING, WARN, codes.COND_RATE_WARN),
    (place.UNTURNED_MS, 0, limits.STALL_MS - 1, 1, RUNNING, TRIP, codes.FAULT_STALL),
    (place.TURNS_WRONG, 0, limits.TURNS_WRONG_MOST * 16 - 1,
     1, RUNNING, TRIP, codes.FAULT_TACHOMETER),
    (place.DISAGREED_CHZ, -limits.TACHOMETER_ERROR_CHZ, limits.TACHOMETER_ERROR_CHZ,
     limits.TACHOMETER_ERROR_MS, RUNNING, NET, codes.FAULT_TACHOMETER),
    # The depth.
    (place.DEPTH_WRONG_UM, -limits.DEPTH_ERROR_UM, limits.DEPTH_ERROR_UM,
     limits.DEPTH_ERROR_MS, DRIVEN, TRIP, codes.FAULT_DEPTH_ERROR),
    (place.HALL_CODE, limits.HALL_LOW_CODE, limits.HALL_HIGH_CODE,
     limits.HALL_SENSOR_MS, ANY, CAUSE, codes.FAULT_DEPTH_SENSOR),
    (place.HALL_SAME, 0, limits.HALL_FROZEN_MS - 1, 1, ANY, CAUSE, codes.FAULT_DEPTH_SENSOR),
    # A motor at rest, and passages that do not end.
    (place.REST_PULSES, 0, limits.UNCOMMANDED_PULSES - 1,
     1, RESTING, TRIP, codes.FAULT_MOTION_UNCOMMANDED),
    (place.REST_MA, 0, limits.CURRENT_OFF_MA,
     limits.CURRENT_OFF_MS, RESTING, TRIP, codes.FAULT_MOTION_UNCOMMANDED),
    (place.OVERDUE, 0, 0, 1, BOOT | PASSING, TRIP, 0),
    # Heat and supply.
    (place.TEMPERATURE_CDEG, _LOW, limits.TEMPERATURE_STOP_CDEG - 1,
     limits.TEMPERATURE_MS, ANY, CAUSE, codes.FAULT_TEMPERATURE),
    (place.TEMPERATURE_CDEG, _LOW, limits.TEMPERATURE_WARN_CDEG - 1,
     limits.TEMPERATURE_MS, ANY, WARN, codes.COND_TEMPERATURE_WARN),
    (place.WINDING_CDEG, _LOW, limits.WINDING_STOP_CDEG - 1,
     limits.TEMPERATURE_MS, ANY, CAUSE, codes.FAULT_WINDING),
    (place.NTC_CODE, limits.NTC_SHORT_CODE, limits.NTC_OPEN_CODE,
     limits.NTC_SENSOR_MS, ANY, CAUSE, codes.FAULT_TEMPERATURE_SENSOR),
    (place.SUPPLY_MV, limits.BATTERY_SENSOR_LOW_MV, limits.BATTERY_SENSOR_HIGH_MV,
     limits.BATTERY_SENSOR_MS, ANY, CAUSE, codes.FAULT_BATTERY_SENSOR),
    (place.SUPPLY_MV, limits.BATTERY_STOP_MV, _HIGH,
     limits.BATTERY_MS, ARMED, CAUSE, codes.FAULT_BATTERY_EMPTY),
    (place.BATTERY_PERCENT, limits.BATTERY_STOP_PERCENT + 1, 100,
     limits.BATTERY_MS, ARMED, CAUSE, codes.FAULT_BATTERY_EMPTY),
    (place.BATTERY_PERCENT, limits.BATTERY_START_PERCENT, 100,
     limits.BATTERY_MS, ANY, GOOD, codes.COND_BATTERY_OK),
    (place.BATTERY_PERCENT, limits.BATTERY_WARN_PERCENT, 100,
     limits.BATTERY_MS, ANY, WARN, codes.COND_BATTERY_WARN),
    # The button, where it means nothing.
    (place.DOWN, 0, 0, limits.BUTTON_STUCK_MS, WAITING, CAUSE, codes.FAULT_BUTTON_STUCK),
    (place.DOWN, 0, 0, limits.BUTTON_STUCK_MS, BOOT, CAUSE, codes.FAULT_BUTTON_AT_START),
)
# fmt: on

# Words, restated: an imported name would be looked up at run time.
_STANDING = const(257)
_STEP_MS = const(259)
_STATE = const(275)
_OUTSIDE_MS = const(362)

_COLUMNS = const(7)  # word, low, high, ms, what, code, number of the row
_NET = const(1)
_WARN = const(3)
_GOOD = const(4)


def of_state(state: int) -> "list[int]":
    """The rows that are looked at in `state`, one after the other."""
    rows: "list[int]" = []
    for number, (word, low, high, ms, states, what, code) in enumerate(ROWS):
        if states >> state & 1:
            rows.extend((word, low, high, ms, what, code, number))
    return rows


def table() -> "Words":
    """Where the rows of each state begin and end, then the rows themselves."""
    starts: "list[int]" = []
    rows: "list[int]" = []
    first = len(codes.STATE_NAMES) + 1
    for state in range(first - 1):
        starts.append(first + len(rows))
        rows.extend(of_state(state))
    starts.append(first + len(rows))
    return array("i", starts + rows)


TABLE = table()


@micropython.viper
def walk(words):  # type: (Words) -> None
    """Look at every row of the present state."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    rows = ptr32(TABLE)
    ms = w[_STEP_MS]
    at = rows[w[_STATE]]
    end = rows[w[_STATE] + 1]
    while at < end:
        value = ((w[rows[at]] + half) & mask) - half
        low = ((rows[at + 1] + half) & mask) - half
        what = rows[at + 4]
        number = rows[at + 6]
        bad = 0
        if value < low or value > rows[at + 2]:
            bad = 1
        if what == _GOOD:
            bad ^= 1
        if bad == 0:
            spent = w[_OUTSIDE_MS + number]
            if what == _NET and spent != 0:
                w[_OUTSIDE_MS + number] = spent - 1
            elif spent != 0:
                w[_OUTSIDE_MS + number] = 0
                if what >= _WARN:
                    w[_STANDING] = w[_STANDING] & ~(1 << rows[at + 5])
        else:
            spent = w[_OUTSIDE_MS + number] + ms
            if spent < rows[at + 3]:
                w[_OUTSIDE_MS + number] = spent
            elif what >= _WARN:
                w[_STANDING] = w[_STANDING] | (1 << rows[at + 5])
            elif rows[at + 5] != 0:
                trip(words, rows[at + 5])
            else:
                trip(words, value)
        at += _COLUMNS


def is_outside(words: "Words", fault: int) -> bool:
    """Whether what causes `fault` is there right now (for acknowledging; not in the tick)."""
    for word, low, high, _, _, what, code in ROWS:
        if what == CAUSE and code == fault and not low <= words[word] <= high:
            return True
    return False
