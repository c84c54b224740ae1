"""Faults: what each one means for parking, who may acknowledge it, and the latch that keeps it.

The first cause stays until it is acknowledged; what follows from it is only remembered as
`later`. Owns the latch and the snapshot of the moment the fault was seen. `trip` runs in the tick
and allocates nothing; the main loop reads the snapshot and writes it to the log at standstill.
"""

from protocol import codes
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.readings import Readings
    from firmware.safety.conditions import Conditions
    from firmware.safety.status import MotionStatus

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
    (codes.FAULT_BUTTON_AT_START, PARK_DRIVEN, BY_HOST),  # H13, H11
)


def fault_row(fault: int) -> "tuple[int, int, int]":
    """(fault, parking, who may acknowledge); a number without a row is treated as the worst."""
    for row in ROWS:
        if row[0] == fault:
            return row
    return (fault, PARK_WITHDRAWN, BY_POWER)


class Snapshot:
    """The pen at the moment of a fault; units in the names, states and bits of `protocol.codes`."""

    def __init__(self) -> None:
        self.fault = 0
        self.t_ms = 0
        self.state = 0
        self.conditions = 0
        self.rate_set_chz = 0
        self.rate_chz = 0
        self.depth_set_um = 0
        self.depth_um = 0
        self.current_ma = 0
        self.supply_mv = 0
        self.temperature_cdeg = 0
        self.winding_cdeg = 0
        self.duty = 0


class Faults:
    """The latch. `current` is 0 or the first FAULT_*; `drive_to_park` says whether to creep."""

    def __init__(self, readings: "Readings", motion: "MotionStatus") -> None:
        self._readings = readings
        self._motion = motion
        self.current = codes.FAULT_NONE
        self.later = codes.FAULT_NONE  # the latest fault that followed the first
        self.drive_to_park = 1
        self.count = 0  # faults latched since reset; the main loop logs when it changes
        self.state = codes.STATE_BOOT  # kept up to date by the supervisor
        self.conditions: "Conditions | None" = None  # likewise
        self.snapshot = Snapshot()

    def trip(self, fault: int) -> None:
        """Latch `fault` unless one is latched; a later one can only take away. Tick only."""
        if fault == self.current:
            return
        if fault_row(fault)[1] != PARK_DRIVEN:
            self.drive_to_park = 0
        if self.current:
            self.later = fault
            return
        self.current = fault
        self._keep(self.snapshot)
        self.count += 1

    def _keep(self, kept: Snapshot) -> None:
        readings = self._readings
        motion = self._motion
        kept.fault = self.current
        kept.t_ms = readings.t_ms
        kept.state = self.state
        kept.conditions = self.conditions.word if self.conditions is not None else 0
        kept.rate_set_chz = motion.rate_set_chz
        kept.rate_chz = readings.rate_chz
        kept.depth_set_um = motion.depth_set_um
        kept.depth_um = readings.depth_um
        kept.current_ma = readings.current_ma
        kept.supply_mv = readings.supply_mv
        kept.temperature_cdeg = readings.temperature_cdeg
        kept.winding_cdeg = readings.winding_cdeg
        kept.duty = readings.duty

    def clear(self) -> None:
        """Forget the fault; the supervisor calls it when the table says so."""
        self.current = codes.FAULT_NONE
        self.later = codes.FAULT_NONE
        self.drive_to_park = 1
