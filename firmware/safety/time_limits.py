"""How long things may last: states, the session, running without contact.

Owns these times. Asked once per tick; an expired arming, session or idle run is a stop with its
reason, a state of passage that does not end is a fault.
"""

from firmware.safety import limits
from protocol import codes
from protocol.interpreter import const

_NEVER_MS = const(0x3FFFFFFF)
_COUNTED_MS = const(0x1FFFFFFF)  # 6 days: there the count stands still, short of "never"

# Longest time in each state, by state number.
LONGEST_MS = (
    limits.BOOT_MS,
    _NEVER_MS,  # idle
    _NEVER_MS,  # cartridge ok
    _NEVER_MS,  # configured
    limits.ARM_MS,
    limits.POSITIONING_MS,
    _NEVER_MS,  # running: by session, idle, zone time and dose
    limits.PARKING_MS,
    _NEVER_MS,  # fault
)


class TimeLimits:
    """Times in ms; `over` says whether the present state has lasted its longest."""

    def __init__(self) -> None:
        self.state_ms = 0
        self.session_ms = 0  # needles running since the session began
        self.idle_ms = 0  # running since the last contact
        self.over = 0

    def enter(self, state: int) -> None:
        """A new state begins."""
        self.state_ms = 0
        self.over = 0
        if state == codes.STATE_RUNNING:
            self.idle_ms = 0

    def step(self, state: int, ms: int) -> None:
        """Another `ms` in `state`."""
        if self.state_ms < _COUNTED_MS:
            self.state_ms += ms
        if self.state_ms >= LONGEST_MS[state]:
            self.over = 1

    def running(self, contact: int, ms: int) -> int:
        """Another `ms` of running, in `contact` or not: the STOP_* that is due, or 0."""
        self.session_ms += ms
        if contact:
            self.idle_ms = 0
        else:
            self.idle_ms += ms
        if self.session_ms >= limits.SESSION_MS:
            return codes.STOP_SESSION_TIME
        if self.idle_ms >= limits.IDLE_MS:
            return codes.STOP_IDLE
        return codes.STOP_NONE


def fault_of_timeout(state: int, needles_in: int, homed: int, cam_known: int) -> int:
    """The fault behind a state of passage that does not end, 0 where it is none."""
    if state == codes.STATE_PARKING:
        return codes.FAULT_PARK if needles_in else codes.FAULT_WITHDRAW
    if state == codes.STATE_POSITIONING:
        return codes.FAULT_DEPTH_ERROR if cam_known else codes.FAULT_PARK
    if state == codes.STATE_BOOT:
        return codes.FAULT_SELF_TEST if homed else codes.FAULT_HOMING
    return codes.FAULT_NONE
