"""Conditions: measurements become the named bits of `protocol.codes`, debounced and fresh.

Owns the condition word and the debounce counters of the two switches, the lease and the seating
number. A new seating invalidates what was known of the cartridge at once, in the tick: bits that
the main loop found out count only for the seating they were found out for.
"""

from firmware.safety.limits import (
    BUTTON_MS,
    LEASE_MS,
    NEEDLES_IN_UM,
    SEAT_LOST_MS,
    SEAT_MADE_MS,
)
from protocol import codes
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.readings import Readings
    from firmware.safety.status import MotionStatus, TreatmentStatus

_HELD_MS = const(60_000)  # the count of a held button stops there
STILL_MS = const(25)  # no tachometer pulse for this long: braking from full speed takes 25 ms

_SEATED = 1 << codes.COND_SEATED
_BUTTON = 1 << codes.COND_BUTTON
_PROVEN = 1 << codes.COND_STOP_PATH_PROVEN
_HOMED = 1 << codes.COND_HOMED
_TETHER_OK = 1 << codes.COND_TETHER_OK
_NEEDLES_IN = 1 << codes.COND_NEEDLES_IN
_CAM_PARKED = 1 << codes.COND_CAM_PARKED
_DRIVE_ENABLED = 1 << codes.COND_DRIVE_ENABLED
_CARTRIDGE = (1 << codes.COND_CARTRIDGE_VALID) | (1 << codes.COND_CARTRIDGE_FITS)
_FROM_TREATMENT = (
    _CARTRIDGE
    | (1 << codes.COND_PLAN_READY)
    | (1 << codes.COND_ZONE_CHOSEN)
    | (1 << codes.COND_CONTACT)
    | (1 << codes.COND_DWELL_WARN)
    | (1 << codes.COND_DOSE_WARN)
)
# Written afresh each tick; all other bits stay as their owner left them.
_EACH_TICK = _FROM_TREATMENT | _TETHER_OK | _NEEDLES_IN | _CAM_PARKED | _DRIVE_ENABLED | _HOMED
_KEPT = ((1 << 30) - 1) & ~_EACH_TICK


class Conditions:
    """The condition word of this tick, and what it was made from."""

    def __init__(
        self, readings: "Readings", motion: "MotionStatus", treatment: "TreatmentStatus"
    ) -> None:
        self._readings = readings
        self._motion = motion
        self._treatment = treatment
        self.word = 0
        self.press = 0  # 1 in the tick in which the debounced button went down
        self.button_held_ms = 0  # how long it has been down, stops at 60 000
        self.seat_generation = 0  # one more with every loss of the cartridge
        self.lease_ms = LEASE_MS  # since the host last renewed, stops at LEASE_MS
        self.down = 0  # the debounced button, 1 = pressed; and the seat
        self._seated = 0
        self._button_ms = 0  # for how long each has shown the other level
        self._seat_ms = 0

    def set(self, bit: int, level: int) -> None:
        """Write one of the kept bits (COND_* number): for the watches, the self-test, the proof."""
        if level:
            self.word |= 1 << bit
        else:
            self.word &= ~(1 << bit)

    def step(self, ms: int) -> None:
        """Take one tick of `ms` milliseconds (1 unless ticks were missed)."""
        readings = self._readings
        treatment = self._treatment
        self.press = 0
        if self.down and self.button_held_ms < _HELD_MS:
            self.button_held_ms += ms
        if readings.button != self.down:
            self._button_changes()
        else:
            self._button_ms = 0
        if readings.seat != self._seated:
            self._seat_changes(ms)
        else:
            self._seat_ms = 0
        word = (self.word & _KEPT) | (treatment.facts & _FROM_TREATMENT)
        if treatment.seat_generation != self.seat_generation or not word & _SEATED:
            word &= ~_CARTRIDGE
        if self.lease_ms < LEASE_MS:
            self.lease_ms += ms
        if self.lease_ms < LEASE_MS or not treatment.tethered:
            word |= _TETHER_OK
        if readings.enable_level:
            word |= _DRIVE_ENABLED
        if self._motion.homed:
            word |= _HOMED
        if readings.pulse_age_ms >= STILL_MS:
            if readings.index_level:
                word |= _CAM_PARKED
            if readings.home and readings.depth_um <= NEEDLES_IN_UM:
                word |= _NEEDLES_IN
        self.word = word

    def _button_changes(self) -> None:
        """Flip after BUTTON_MS of the other level; the way down is the press."""
        self._button_ms += 1
        if self._button_ms >= BUTTON_MS:
            self._button_ms = 0
            self.button_held_ms = 0
            self.word ^= _BUTTON
            self.down ^= 1
            self.press = self.down

    def _seat_changes(self, ms: int) -> None:
        """Lost after SEAT_LOST_MS, made after SEAT_MADE_MS; a loss starts a new seating."""
        self._seat_ms += ms
        if self._seat_ms >= (SEAT_LOST_MS if self._seated else SEAT_MADE_MS):
            self._seat_ms = 0
            self.word ^= _SEATED
            self._seated ^= 1
            if not self._seated:
                self.word &= ~_PROVEN
                self.seat_generation += 1
