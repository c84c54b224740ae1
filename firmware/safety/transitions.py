"""The state table: which state may follow which, and on what facts. Data, and two pure functions.

A fact is one bit of a 30-bit word: the conditions of `protocol.codes` (bits 0..19) and the events
below (bits 20..29). A row is taken when all of `NEED` are set, none of `BLOCK` is, and, where
`LACK` is not 0, at least one of its bits is missing. The first row that fits wins, so the order
within a state is its priority: stops stand before starts. One row is taken per tick.
`find` depends on nothing but its arguments, which is what makes the table provable.
"""

from array import array

from protocol import codes
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    Row = tuple[int, int, int, int, int, int]

# --- events, beside the conditions ----------------------------------------------------------------
EVENT_FAULT = const(20)  # a fault is latched
EVENT_STOP = const(21)  # somebody or some limit asked to stop, or to disarm
EVENT_BUTTON_STOP = const(22)  # the operator's own stop: released (hold), pressed again (latch)
EVENT_PRESS = const(23)  # a fresh press of the button, one tick long
EVENT_ARM_HOST = const(24)  # the host asks to arm, one tick long
EVENT_ARM_BUTTON = const(25)  # long hold of the button with an untethered plan, one tick long
EVENT_IN_POSITION = const(26)  # stage at the granted depth, cam phase known
EVENT_PARKED = const(27)  # sensed: needles in; cam at its index unless it may not be driven
EVENT_TIMEOUT = const(28)  # longer in this state than it may last
EVENT_ACKNOWLEDGED = const(29)  # the fault was acknowledged and its cause is gone

EVENT_NAMES = (
    "fault latched",
    "stop asked",
    "button stop",
    "button press",
    "arm by host",
    "arm by button",
    "in position",
    "parked",
    "state too long",
    "acknowledged",
)

# --- facts that belong together -------------------------------------------------------------------
CARTRIDGE = (1 << codes.COND_SEATED) | (1 << codes.COND_CARTRIDGE_VALID)
PLAN = (
    (1 << codes.COND_PLAN_READY) | (1 << codes.COND_ZONE_CHOSEN) | (1 << codes.COND_CARTRIDGE_FITS)
)
PROVEN = (
    (1 << codes.COND_SELF_TEST_PASSED)
    | (1 << codes.COND_HOMED)
    | (1 << codes.COND_STOP_PATH_PROVEN)
)
MAY_RUN = CARTRIDGE | PLAN | PROVEN | (1 << codes.COND_TETHER_OK)
# Each start is a start, also the one after the operator's own stop: 30 % of charge, needles in.
MAY_START = MAY_RUN | (1 << codes.COND_NEEDLES_IN) | (1 << codes.COND_BATTERY_OK)

FAULT = 1 << EVENT_FAULT
STOP = 1 << EVENT_STOP
BUTTON_STOP = 1 << EVENT_BUTTON_STOP
PRESS = 1 << EVENT_PRESS
ARM_HOST = 1 << EVENT_ARM_HOST
ARM_BUTTON = 1 << EVENT_ARM_BUTTON
IN_POSITION = 1 << EVENT_IN_POSITION
PARKED = 1 << EVENT_PARKED
TIMEOUT = 1 << EVENT_TIMEOUT
ACKNOWLEDGED = 1 << EVENT_ACKNOWLEDGED
BUTTON = 1 << codes.COND_BUTTON

# --- what taking a row does, beside changing the state --------------------------------------------
ACTION_NONE = const(0)
ACTION_TAKE_GRANT = const(1)  # depth and rate are taken over from the plan, checked, and held
ACTION_CLEAR = const(2)  # forget the fault; home again, because the datum may be lost

# --- columns --------------------------------------------------------------------------------------
COLUMN_STATE = const(0)
COLUMN_NEED = const(1)
COLUMN_BLOCK = const(2)
COLUMN_LACK = const(3)
COLUMN_NEXT = const(4)
COLUMN_ACTION = const(5)

_BOOT = codes.STATE_BOOT
_IDLE = codes.STATE_IDLE
_SEATED = codes.STATE_CARTRIDGE_OK
_CONFIGURED = codes.STATE_CONFIGURED
_ARMED = codes.STATE_ARMED
_POSITIONING = codes.STATE_POSITIONING
_RUNNING = codes.STATE_RUNNING
_PARKING = codes.STATE_PARKING
_FAULT = codes.STATE_FAULT

READY = (1 << codes.COND_SELF_TEST_PASSED) | (1 << codes.COND_HOMED)

# state, need all, block any, lack any, next state, action
ROWS = (
    (_BOOT, FAULT, 0, 0, _FAULT, 0),
    (_BOOT, READY, 0, 0, _IDLE, 0),
    (_IDLE, FAULT, 0, 0, _FAULT, 0),
    (_IDLE, CARTRIDGE, 0, 0, _SEATED, 0),
    (_SEATED, FAULT, 0, 0, _FAULT, 0),
    (_SEATED, 0, 0, CARTRIDGE, _IDLE, 0),
    (_SEATED, PLAN, 0, 0, _CONFIGURED, 0),
    (_CONFIGURED, FAULT, 0, 0, _FAULT, 0),
    (_CONFIGURED, 0, 0, CARTRIDGE, _IDLE, 0),
    (_CONFIGURED, 0, 0, PLAN, _SEATED, 0),
    (_CONFIGURED, MAY_START | ARM_HOST, STOP | BUTTON, 0, _ARMED, 0),
    (_CONFIGURED, MAY_START | ARM_BUTTON, STOP, 0, _ARMED, 0),
    (_ARMED, FAULT, 0, 0, _FAULT, 0),
    (_ARMED, STOP, 0, 0, _CONFIGURED, 0),
    (_ARMED, TIMEOUT, 0, 0, _CONFIGURED, 0),
    (_ARMED, 0, 0, MAY_START, _CONFIGURED, 0),
    (_ARMED, MAY_START | PRESS, 0, 0, _POSITIONING, ACTION_TAKE_GRANT),
    (_POSITIONING, FAULT, 0, 0, _PARKING, 0),
    (_POSITIONING, STOP, 0, 0, _PARKING, 0),
    (_POSITIONING, BUTTON_STOP, 0, 0, _PARKING, 0),
    (_POSITIONING, 0, 0, MAY_RUN, _PARKING, 0),
    (_POSITIONING, MAY_RUN | IN_POSITION, 0, 0, _RUNNING, 0),
    (_RUNNING, FAULT, 0, 0, _PARKING, 0),
    (_RUNNING, STOP, 0, 0, _PARKING, 0),
    (_RUNNING, BUTTON_STOP, 0, 0, _PARKING, 0),
    (_RUNNING, 0, 0, MAY_RUN, _PARKING, 0),
    (_PARKING, FAULT | PARKED, 0, 0, _FAULT, 0),
    (_PARKING, FAULT | TIMEOUT, 0, 0, _FAULT, 0),
    (_PARKING, MAY_START | PARKED, FAULT | STOP, 0, _ARMED, 0),
    (_PARKING, PARKED, FAULT, 0, _CONFIGURED, 0),
    (_FAULT, ACKNOWLEDGED, 0, 0, _BOOT, ACTION_CLEAR),
)


# Restated, because an imported name would be looked up at run time (tests compare).
_COLUMNS = const(5)  # need, block, lack, next, action
_FAULT_BIT = const(0x100000)
_BUTTON_STOP_BIT = const(0x400000)
_BITS_CARTRIDGE = const(0xC)
_BITS_PLAN = const(0x70)
_STOP_BUTTON = const(1)
_STOP_CARTRIDGE = const(10)
_STOP_PLAN_CHANGED = const(11)
_STOP_FAULT = const(12)
_STOP_NOT_READY = const(13)


def table(rows: "tuple[Row, ...]") -> "array[int]":
    """Where the rows of each state begin and end, then the rows, state by state, in order."""
    first = len(codes.STATE_NAMES) + 1
    starts: "list[int]" = []
    words: "list[int]" = []
    for state in range(first - 1):
        starts.append(first + len(words))
        for row in rows:
            if row[COLUMN_STATE] == state:
                words.extend(row[1:])
    starts.append(first + len(words))
    return array("i", starts + words)


TABLE = table(ROWS)


@micropython.viper
def find(table, state: int, facts: int) -> int:  # type: ignore[no-untyped-def]
    """Place in `table` of the row of `state` that `facts` take, 0 to stay."""
    rows = ptr32(table)
    at = int(rows[state])
    end = int(rows[state + 1])
    while at < end:
        if facts & rows[at] == rows[at] and facts & rows[at + 1] == 0:
            lack = rows[at + 2]
            if lack == 0 or facts & lack != lack:
                return at
        at += _COLUMNS
    return 0


def next_row(state: int, facts: int) -> "Row | None":
    """The row of `state` that `facts` take, or None to stay."""
    at = find(TABLE, state, facts)
    if at == 0:
        return None
    return (state, TABLE[at], TABLE[at + 1], TABLE[at + 2], TABLE[at + 3], TABLE[at + 4])


@micropython.viper
def stop_reason(facts: int, asked: int) -> int:
    """The STOP_* for a run or an arming that ends with `facts`; `asked` is the stop asked for."""
    if facts & _FAULT_BIT:
        return _STOP_FAULT
    if asked:
        return asked
    if facts & _BUTTON_STOP_BIT:
        return _STOP_BUTTON
    if facts & _BITS_CARTRIDGE != _BITS_CARTRIDGE:
        return _STOP_CARTRIDGE
    if facts & _BITS_PLAN != _BITS_PLAN:
        return _STOP_PLAN_CHANGED
    return _STOP_NOT_READY
