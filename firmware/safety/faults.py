"""Faults: what each one means for parking, who may acknowledge it, and the latch that keeps it.

The first cause stays until it is acknowledged, unless a graver fault follows: then that is what is
told and has to be acknowledged, because who acts on it must know the worst (needles that may be
out, a pen that only a power cycle may clear). Each has a snapshot of the moment it was seen and
its entry in the log. Owns the latch and the snapshots. `trip` is of the tick; the main loop reads
the snapshots and writes them to the log at standstill.
"""

from array import array

from firmware import words as place
from protocol import codes
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

# Words, restated: an imported name would be looked up at run time.
_DUTY = const(16)
_T_MS = const(17)
_RATE_CHZ = const(20)
_CURRENT_MA = const(22)
_DEPTH_UM = const(23)
_SUPPLY_MV = const(24)
_TEMPERATURE_CDEG = const(25)
_WINDING_CDEG = const(27)
_DEPTH_SET_UM = const(45)
_RATE_SET_CHZ = const(46)
_STANDING = const(257)
_FRESH = const(258)
_STATE = const(275)
_FAULT = const(287)
_FAULT_RANK = const(288)
_FAULT_COUNT = const(289)
_DRIVE_TO_PARK = const(290)
_SNAPSHOT = const(128)

_PARK_DRIVEN = const(1)
_SNAPSHOT_WORDS = const(13)

# How the pen parks after a fault. The depth stage is withdrawn either way, and with the stage at
# 0 the needles are inside at every phase of the cam.
PARK_DRIVEN = const(1)  # the motor is sound: brake, creep the cam to its index
PARK_WITHDRAWN = const(2)  # the motor or its permission is in doubt: drive cut at once

BY_HOST = const(1)  # acknowledged by the host once the cause is gone
BY_POWER = const(2)  # only a power cycle, whose self-test looks again

# How grave a fault is; a graver one takes the place of what is latched.
PLAIN = const(1)
EXPOSED = const(2)  # the stage did not come back: needles may be out
FINAL = const(3)  # only a power cycle clears it

# fault, parking, who may acknowledge
ROWS = (
    (codes.FAULT_DEPTH_ERROR, PARK_DRIVEN, BY_HOST),  # H02, H03
    (codes.FAULT_DEPTH_SENSOR, PARK_DRIVEN, BY_HOST),  # H02, H35
    (codes.FAULT_HOMING, PARK_DRIVEN, BY_POWER),  # H02, H03: where 0 is, is not known
    (codes.FAULT_WITHDRAW, PARK_DRIVEN, BY_HOST),  # H10
    (codes.FAULT_OVERSPEED, PARK_WITHDRAWN, BY_HOST),  # H07
    (codes.FAULT_RATE_LOW, PARK_DRIVEN, BY_HOST),  # H08
    (codes.FAULT_STALL, PARK_WITHDRAWN, BY_HOST),  # H09: release the current, do not fight
    (codes.FAULT_OVERCURRENT, PARK_WITHDRAWN, BY_HOST),  # H09
    (codes.FAULT_CURRENT_PEAK, PARK_WITHDRAWN, BY_HOST),  # H09, H07
    (codes.FAULT_TACHOMETER, PARK_WITHDRAWN, BY_HOST),  # H35: no creep without pulses
    (codes.FAULT_MOTION_UNCOMMANDED, PARK_WITHDRAWN, BY_POWER),  # H07, H14
    (codes.FAULT_PARK, PARK_WITHDRAWN, BY_HOST),  # H10
    (codes.FAULT_ENABLE, PARK_WITHDRAWN, BY_POWER),  # H39
    (codes.FAULT_CURRENT_SENSOR, PARK_WITHDRAWN, BY_HOST),  # H35
    (codes.FAULT_TEMPERATURE, PARK_DRIVEN, BY_HOST),  # H33
    (codes.FAULT_WINDING, PARK_DRIVEN, BY_HOST),  # H33
    (codes.FAULT_TEMPERATURE_SENSOR, PARK_DRIVEN, BY_HOST),  # H33, H35
    (codes.FAULT_BATTERY_EMPTY, PARK_DRIVEN, BY_HOST),  # H34, H11
    (codes.FAULT_BATTERY_SENSOR, PARK_DRIVEN, BY_HOST),  # H34, H35
    (codes.FAULT_CARTRIDGE_LOST, PARK_WITHDRAWN, BY_HOST),  # H20, H23
    (codes.FAULT_SELF_TEST, PARK_WITHDRAWN, BY_HOST),  # H39
    (codes.FAULT_TICK_LATE, PARK_WITHDRAWN, BY_HOST),  # H36
    (codes.FAULT_STORAGE, PARK_DRIVEN, BY_HOST),  # H31
    (codes.FAULT_INTERNAL, PARK_WITHDRAWN, BY_POWER),  # H36
    (codes.FAULT_WATCHDOG, PARK_WITHDRAWN, BY_HOST),  # H37
    (codes.FAULT_BUTTON_STUCK, PARK_DRIVEN, BY_HOST),  # H13, H14
    (codes.FAULT_BUTTON_AT_START, PARK_DRIVEN, BY_HOST),  # H13
    (codes.FAULT_OUTPUT, PARK_WITHDRAWN, BY_POWER),  # H35
)


def fault_row(fault: int) -> "tuple[int, int, int]":
    """(fault, parking, who may acknowledge); a number without a row is treated as the worst."""
    for row in ROWS:
        if row[0] == fault:
            return row
    return (fault, PARK_WITHDRAWN, BY_POWER)


# By the number of the fault; a number without a row is treated as the worst.
PARKING = array("i", [PARK_WITHDRAWN] * 256)
RANKS = array("i", [FINAL] * 256)
for _row in ROWS:
    PARKING[_row[0]] = _row[1]
    RANKS[_row[0]] = FINAL if _row[2] == BY_POWER else PLAIN
RANKS[codes.FAULT_WITHDRAW] = EXPOSED


@micropython.viper
def trip(words, fault: int):  # type: ignore[no-untyped-def]
    """Latch `fault` unless one as grave is; any can only take away. Tick only."""
    w = ptr32(words)
    if fault == w[_FAULT]:
        return
    parking = ptr32(PARKING)
    if parking[fault] != _PARK_DRIVEN:
        w[_DRIVE_TO_PARK] = 0
    ranks = ptr32(RANKS)
    rank = ranks[fault]
    if rank <= w[_FAULT_RANK]:
        return
    w[_FAULT] = fault
    w[_FAULT_RANK] = rank
    w[_FAULT_COUNT] = w[_FAULT_COUNT] + 1
    at = _SNAPSHOT + (rank - 1) * _SNAPSHOT_WORDS
    w[at] = fault
    w[at + 1] = w[_T_MS]
    w[at + 2] = w[_STATE]
    w[at + 3] = w[_FRESH] | w[_STANDING]
    w[at + 4] = w[_RATE_SET_CHZ]
    w[at + 5] = w[_RATE_CHZ]
    w[at + 6] = w[_DEPTH_SET_UM]
    w[at + 7] = w[_DEPTH_UM]
    w[at + 8] = w[_CURRENT_MA]
    w[at + 9] = w[_SUPPLY_MV]
    w[at + 10] = w[_TEMPERATURE_CDEG]
    w[at + 11] = w[_WINDING_CDEG]
    w[at + 12] = w[_DUTY]


class Snapshot:
    """The pen at the moment of a fault; units in the names, states and bits of `protocol.codes`.

    `fault` is 0 once the main loop has written it to the log.
    """

    def __init__(self, words: "Words", rank: int) -> None:
        self.words = words
        self.at = place.SNAPSHOT + (rank - 1) * _SNAPSHOT_WORDS

    fault = place.named_from(0)
    t_ms = place.named_from(1)
    state = place.named_from(2)
    conditions = place.named_from(3)
    rate_set_chz = place.named_from(4)
    rate_chz = place.named_from(5)
    depth_set_um = place.named_from(6)
    depth_um = place.named_from(7)
    current_ma = place.named_from(8)
    supply_mv = place.named_from(9)
    temperature_cdeg = place.named_from(10)
    winding_cdeg = place.named_from(11)
    duty = place.named_from(12)


class Faults:
    """The latch. `current` is 0 or the gravest FAULT_*; `drive_to_park` says whether to creep."""

    current = place.named(place.FAULT)
    drive_to_park = place.named(place.DRIVE_TO_PARK)
    count = place.named(place.FAULT_COUNT)  # faults latched since reset; the main loop logs them

    def __init__(self, words: "Words") -> None:
        self.words = words
        # Of each rank: the first of a sequence of faults is the one of the lowest.
        self.snapshots = [Snapshot(words, rank) for rank in (PLAIN, EXPOSED, FINAL)]
        self.drive_to_park = 1
