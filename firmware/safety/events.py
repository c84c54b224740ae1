"""Events: what happened in this tick, put beside the conditions as the facts of the state table.

Owns the stop that is being carried out, and whether the button latches in the run that was
granted. The operator's own stop lives here: in a hold run the released button, in a latched run
the next press; nothing but the debounced switch stands between the two (H13).
"""

from firmware.safety import transitions
from protocol import codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.safety.conditions import Conditions
    from firmware.safety.faults import Faults
    from firmware.safety.press_rhythm import PressRhythm
    from firmware.safety.status import MotionStatus
    from firmware.safety.time_limits import TimeLimits

_BUTTON = 1 << codes.COND_BUTTON
_NEEDLES_IN = 1 << codes.COND_NEEDLES_IN
_PARKED = _NEEDLES_IN | (1 << codes.COND_CAM_PARKED)


class Events:
    """`facts` once per tick; `stop_for` from wherever a reason to stop is found."""

    def __init__(
        self,
        conditions: "Conditions",
        faults: "Faults",
        times: "TimeLimits",
        motion: "MotionStatus",
        rhythm: "PressRhythm",
    ) -> None:
        self._conditions = conditions
        self._faults = faults
        self._times = times
        self._motion = motion
        self._rhythm = rhythm
        self.stop = codes.STOP_NONE  # being carried out; arm must be asked again after it
        self.latch = 0  # of the run that was granted
        self.arm = 0  # asked in this tick: EVENT_ARM_HOST or EVENT_ARM_BUTTON
        self.acknowledge = codes.FAULT_NONE  # asked in this tick: the fault

    def stop_for(self, reason: int) -> None:
        """Stop for `reason` (STOP_*), unless another stop is being carried out."""
        if not self.stop:
            self.stop = reason

    def facts(self, state: int) -> int:
        """Conditions and events of this tick as one word."""
        facts = self._conditions.word
        if self._conditions.press:
            facts |= transitions.PRESS
            if codes.STATE_ARMED <= state <= codes.STATE_PARKING:
                self._rhythm.press()
        if self._faults.current:
            facts |= transitions.FAULT
        if self.stop:
            facts |= transitions.STOP
        if self._times.over:
            facts |= transitions.TIMEOUT
        if codes.STATE_POSITIONING <= state <= codes.STATE_PARKING:
            facts |= self._of_motion(state, facts)
        if self.arm:
            facts |= 1 << self.arm
            self.arm = 0
        if self.acknowledge:
            if self.acknowledge == self._faults.current:
                facts |= transitions.ACKNOWLEDGED
            self.acknowledge = codes.FAULT_NONE
        return facts

    def _of_motion(self, state: int, facts: int) -> int:
        """POSITIONING, RUNNING, PARKING: button stop, stage in position, needles parked."""
        if state == codes.STATE_PARKING:
            needed = _PARKED if self._faults.drive_to_park else _NEEDLES_IN
            return transitions.PARKED if facts & needed == needed else 0
        events = transitions.IN_POSITION if self._motion.in_position else 0
        if self.latch:
            if self._conditions.press:
                events |= transitions.BUTTON_STOP
        elif not facts & _BUTTON:
            events |= transitions.BUTTON_STOP
        return events
