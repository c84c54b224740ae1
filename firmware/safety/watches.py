"""Slow watches: values that must lie in a range, one row of the table at a time.

Sixteen rows, one in every second tick, so each is looked at every 32 ms, and times in the table
are multiples of that. What moves within milliseconds is in `cutoffs.py`, and so is what swings
with the strokes: 32 ms are whole strokes at many rates, so a look would always meet the same
phase. Owns the time each value has been outside.
"""

from firmware.safety import limits
from protocol import codes
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.readings import Readings
    from firmware.safety.conditions import Conditions
    from firmware.safety.faults import Faults
    from firmware.safety.status import MotionStatus

PERIOD_MS = const(32)
_ROWS_MASK = const(15)

# State masks.
ANY = (1 << len(codes.STATE_NAMES)) - 1
RUNNING = 1 << codes.STATE_RUNNING
DRIVEN = RUNNING | (1 << codes.STATE_POSITIONING) | (1 << codes.STATE_PARKING)
ARMED = DRIVEN | (1 << codes.STATE_ARMED)
BOOT = 1 << codes.STATE_BOOT
WAITING = ANY & ~ARMED & ~(1 << codes.STATE_FAULT) & ~BOOT
RESTING = ANY & ~DRIVEN

# What a row does with a value that has been outside low..high for its time.
TRIP = const(0)  # the fault in the last column
WARN = const(1)  # the condition bit in the last column is set until the value is back inside
GOOD = const(2)  # that bit is cleared until the value has been inside for the time

# Sources.
READINGS = const(0)
CONDITIONS = const(1)
MEASURED = const(2)  # computed here once per round

_LOW = -(1 << 29)
_HIGH = 1 << 29

# fmt: off
# source, field, low, high, ms, states, kind, fault or condition
ROWS = (
    (MEASURED, "main_loop_ms", _LOW, limits.MAIN_LOOP_MS - 1,
     PERIOD_MS, ARMED, TRIP, codes.FAULT_INTERNAL),
    (MEASURED, "rate_error_percent", _LOW, limits.RATE_WARN_PERCENT,
     limits.RATE_WARN_MS, RUNNING, WARN, codes.COND_RATE_WARN),
    (READINGS, "temperature_cdeg", _LOW, limits.TEMPERATURE_STOP_CDEG - 1,
     limits.TEMPERATURE_MS, ANY, TRIP, codes.FAULT_TEMPERATURE),
    (READINGS, "temperature_cdeg", _LOW, limits.TEMPERATURE_WARN_CDEG - 1,
     limits.TEMPERATURE_MS, ANY, WARN, codes.COND_TEMPERATURE_WARN),
    (READINGS, "winding_cdeg", _LOW, limits.WINDING_STOP_CDEG - 1,
     limits.TEMPERATURE_MS, ANY, TRIP, codes.FAULT_WINDING),
    (READINGS, "ntc_code", limits.NTC_SHORT_CODE, limits.NTC_OPEN_CODE,
     limits.NTC_SENSOR_MS, ANY, TRIP, codes.FAULT_TEMPERATURE_SENSOR),
    (READINGS, "hall_code", limits.HALL_LOW_CODE, limits.HALL_HIGH_CODE,
     limits.HALL_SENSOR_MS, ANY, TRIP, codes.FAULT_DEPTH_SENSOR),
    (READINGS, "bridge_stall", 0, 0,
     limits.BRIDGE_STALL_MS, DRIVEN, TRIP, codes.FAULT_CURRENT_PEAK),
    (READINGS, "current_code", _LOW, limits.CURRENT_CODE_RAIL - 1,
     limits.CURRENT_SENSOR_MS, ANY, TRIP, codes.FAULT_CURRENT_SENSOR),
    (READINGS, "supply_mv", limits.BATTERY_SENSOR_LOW_MV, limits.BATTERY_SENSOR_HIGH_MV,
     limits.BATTERY_SENSOR_MS, ANY, TRIP, codes.FAULT_BATTERY_SENSOR),
    (READINGS, "supply_mv", limits.BATTERY_STOP_MV, _HIGH,
     limits.BATTERY_MS, ARMED, TRIP, codes.FAULT_BATTERY_EMPTY),
    (READINGS, "battery_percent", limits.BATTERY_STOP_PERCENT + 1, _HIGH,
     limits.BATTERY_MS, ARMED, TRIP, codes.FAULT_BATTERY_EMPTY),
    (READINGS, "battery_percent", limits.BATTERY_START_PERCENT, _HIGH,
     limits.BATTERY_MS, ANY, GOOD, codes.COND_BATTERY_OK),
    (READINGS, "battery_percent", limits.BATTERY_WARN_PERCENT, _HIGH,
     limits.BATTERY_MS, ANY, WARN, codes.COND_BATTERY_WARN),
    (READINGS, "duty", 0, 0,
     limits.DUTY_OFF_MS, RESTING, TRIP, codes.FAULT_MOTION_UNCOMMANDED),
    (CONDITIONS, "down", 0, 0,
     limits.BUTTON_STUCK_MS, WAITING, TRIP, codes.FAULT_BUTTON_STUCK),
)
# fmt: on


class Watches:
    """The table at work. `main_loop_passes` is counted up by the main loop."""

    def __init__(
        self,
        readings: "Readings",
        conditions: "Conditions",
        motion: "MotionStatus",
        faults: "Faults",
    ) -> None:
        self._readings = readings
        self._motion = motion
        self._conditions = conditions
        self._faults = faults
        self._sources = (readings, conditions, self)
        self._outside_ms = [0] * len(ROWS)  # for GOOD rows: the time inside
        self._row = 0
        self._passes_seen = 0
        self.main_loop_passes = 0
        self.main_loop_ms = 0  # since the main loop last came round
        self.rate_error_percent = 0

    def step(self, state: int) -> None:
        """Look at the next row."""
        number = self._row
        if number == 0:
            self._measure()
        self._row = (number + 1) & _ROWS_MASK
        row = ROWS[number]
        if not row[5] >> state & 1:
            self._outside_ms[number] = 0
            if row[6] == WARN:
                self._conditions.set(row[7], 0)
            return
        value = getattr(self._sources[row[0]], row[1])
        outside = value < row[2] or value > row[3]
        if outside == (row[6] == GOOD):
            self._outside_ms[number] = 0
            if row[6] != TRIP:
                self._conditions.set(row[7], 0)
            return
        spent = self._outside_ms[number] + PERIOD_MS
        if spent < row[4]:
            self._outside_ms[number] = spent
        elif row[6] == TRIP:
            self._faults.trip(row[7])
        else:
            self._conditions.set(row[7], 1)

    def _measure(self) -> None:
        """What has no field of its own, once per round."""
        if self.main_loop_passes != self._passes_seen:
            self._passes_seen = self.main_loop_passes
            self.main_loop_ms = 0
        else:
            self.main_loop_ms += PERIOD_MS
        asked_chz = self._motion.rate_set_chz
        if asked_chz:
            self.rate_error_percent = abs(self._readings.rate_chz - asked_chz) * 100 // asked_chz
        else:
            self.rate_error_percent = 0

    def is_outside(self, fault: int) -> bool:
        """Whether a value that trips `fault` is outside right now (for acknowledging)."""
        if fault == codes.FAULT_BUTTON_AT_START:
            fault = codes.FAULT_BUTTON_STUCK
        for row in ROWS:
            if row[6] == TRIP and row[7] == fault:
                value = getattr(self._sources[row[0]], row[1])
                if value < row[2] or value > row[3]:
                    return True
        return False
