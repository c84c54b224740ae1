"""Faults: what each one means for parking, who may acknowledge it, and the latch that keeps it.

The first cause stays until it is acknowledged; what follows from it is only remembered as
`later`. Owns the latch and the snapshot of the moment the fault was seen. `trip` is of the tick;
the main loop reads the snapshot and writes it to the log at standstill.
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
_FAULT_LATER = const(288)
_FAULT_COUNT = const(289)
_DRIVE_TO_PARK = const(290)
_SNAPSHOT = const(291)

_PARK_DRIVEN = const(1)

# How the pen parks after a fault. The depth stage is withdrawn either way, and with the stage at
# 0 the needles are inside at every phase of the cam.
PARK_DRIVEN = const(1)  # the motor is sound: brake, creep the cam to its index
PARK_WITHDRAWN = const(2)  # the motor or its permission is in doubt: drive cut at once

BY_HOST = const(1)  # acknowledged by the host once the cause is gone
BY_POWER = const(2)  # only a power cycle, whose self-test looks again

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


# How to park by the number of the fault; a number without a row is treated as the worst.
PARKING = array("i", [PARK_WITHDRAWN] * 256)
for _row in ROWS:
    PARKING[_row[0]] = _row[1]


@micropython.viper
def trip(words, fault: int):  # type: ignore[no-untyped-def]
    """Latch `fault` unless one is latched; a later one can only take away. Tick only."""
    w = ptr32(words)
    if fault == w[_FAULT]:
        return
    parking = ptr32(PARKING)
    if parking[fault] != _PARK_DRIVEN:
        w[_DRIVE_TO_PARK] = 0
    if w[_FAULT]:
        w[_FAULT_LATER] = fault
        return
    w[_FAULT] = fault
    w[_FAULT_COUNT] = w[_FAULT_COUNT] + 1
    w[_SNAPSHOT] = fault
    w[_SNAPSHOT + 1] = w[_T_MS]
    w[_SNAPSHOT + 2] = w[_STATE]
    w[_SNAPSHOT + 3] = w[_FRESH] | w[_STANDING]
    w[_SNAPSHOT + 4] = w[_RATE_SET_CHZ]
    w[_SNAPSHOT + 5] = w[_RATE_CHZ]
    w[_SNAPSHOT + 6] = w[_DEPTH_SET_UM]
    w[_SNAPSHOT + 7] = w[_DEPTH_UM]
    w[_SNAPSHOT + 8] = w[_CURRENT_MA]
    w[_SNAPSHOT + 9] = w[_SUPPLY_MV]
    w[_SNAPSHOT + 10] = w[_TEMPERATURE_CDEG]
    w[_SNAPSHOT + 11] = w[_WINDING_CDEG]
    w[_SNAPSHOT + 12] = w[_DUTY]


class Snapshot:
    """The pen at the moment of a fault; units in the names, states and bits of `protocol.codes`."""

    fault = place.named(place.SNAPSHOT)
    t_ms = place.named(place.SNAPSHOT + 1)
    state = place.named(place.SNAPSHOT + 2)
    conditions = place.named(place.SNAPSHOT + 3)
    rate_set_chz = place.named(place.SNAPSHOT + 4)
    rate_chz = place.named(place.SNAPSHOT + 5)
    depth_set_um = place.named(place.SNAPSHOT + 6)
    depth_um = place.named(place.SNAPSHOT + 7)
    current_ma = place.named(place.SNAPSHOT + 8)
    supply_mv = place.named(place.SNAPSHOT + 9)
    temperature_cdeg = place.named(place.SNAPSHOT + 10)
    winding_cdeg = place.named(place.SNAPSHOT + 11)
    duty = place.named(place.SNAPSHOT + 12)

    def __init__(self, words: "Words") -> None:
        self.words = words


class Faults:
    """The latch. `current` is 0 or the first FAULT_*; `drive_to_park` says whether to creep."""

    current = place.named(place.FAULT)
    later = place.named(place.FAULT_LATER)  # the latest fault that followed the first
    drive_to_park = place.named(place.DRIVE_TO_PARK)
    count = place.named(place.FAULT_COUNT)  # faults latched since reset; the main loop logs them

    def __init__(self, words: "Words") -> None:
        self.words = words
        self.snapshot = Snapshot(words)
        self.drive_to_park = 1
