"""The supervisor: one tick of judgement. It alone grants, and it can only reduce.

Each tick: conditions, cut-offs, one slow watch, then the state table, then the drive-enable line.
Everybody else asks (`asked`), and the next tick takes it in. Depth and rate are taken over once,
at the press of the pen's own button, and checked again there; nothing that changes later reaches
a run. Owns `state`, `mode`, `depth_um`, `rate_chz` and the reasons for the last end.
"""

from firmware.modes import (
    MODE_HOME,
    MODE_OFF,
    MODE_PARK,
    MODE_POSITION,
    MODE_RUN,
    MODE_WITHDRAW,
)
from firmware.safety import transitions
from firmware.safety.asked import Asked
from firmware.safety.conditions import Conditions
from firmware.safety.cutoffs import Cutoffs
from firmware.safety.drive_line import DriveLine
from firmware.safety.events import Events
from firmware.safety.faults import Faults
from firmware.safety.grant import may_grant
from firmware.safety.limits import BUTTON_STUCK_MS, SETTLE_MS
from firmware.safety.press_rhythm import PressRhythm
from firmware.safety.rest_checks import RestChecks
from firmware.safety.time_limits import TimeLimits, fault_of_timeout
from firmware.safety.watches import Watches
from protocol import codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.hal.ports import ExpiringEnable, Watchdog
    from firmware.readings import Readings
    from firmware.safety.status import MotionStatus, TreatmentStatus

_CARTRIDGE_OK = codes.STATE_CARTRIDGE_OK
_CONFIGURED = codes.STATE_CONFIGURED
_ARMED = codes.STATE_ARMED
_POSITIONING = codes.STATE_POSITIONING
_RUNNING = codes.STATE_RUNNING
_PARKING = codes.STATE_PARKING

_TETHER_OK = 1 << codes.COND_TETHER_OK
_CONTACT = 1 << codes.COND_CONTACT
_NEEDLES_IN = 1 << codes.COND_NEEDLES_IN
_PROVEN = 1 << codes.COND_STOP_PATH_PROVEN

# By state: what motion may do. In PARKING a fault may reduce it to MODE_WITHDRAW. In FAULT a stage
# that has not been home since the reset still goes there, because the reset may have left needles
# out; a stage that has holds still.
MODES = (
    MODE_HOME,  # boot
    MODE_OFF,  # idle
    MODE_OFF,  # cartridge ok
    MODE_OFF,  # configured
    MODE_OFF,  # armed
    MODE_POSITION,
    MODE_RUN,
    MODE_PARK,
    MODE_HOME,  # fault
)


class Supervisor:
    """The pen's judge: `step` once per tick, after the readings and before motion."""

    def __init__(
        self,
        enable: "ExpiringEnable",
        watchdog: "Watchdog",
        readings: "Readings",
        motion: "MotionStatus",
        treatment: "TreatmentStatus",
    ) -> None:
        self.readings = readings
        self._motion = motion
        self._treatment = treatment
        self.asked = Asked()
        self.times = TimeLimits()
        self.faults = Faults(readings, motion)
        self.conditions = Conditions(readings, motion, treatment)
        self.faults.conditions = self.conditions
        self.cutoffs = Cutoffs(readings, motion, self.faults)
        self.rest = RestChecks(readings, self.faults)
        self.watches = Watches(readings, self.conditions, motion, self.faults)
        rhythm = PressRhythm(readings, self.faults)
        self.events = Events(self.conditions, self.faults, self.times, motion, rhythm)
        self.line = DriveLine(enable, watchdog, readings, self.conditions, self.faults)
        self.state = codes.STATE_BOOT
        self.mode = MODE_HOME
        self.depth_um = 0  # granted; 0 outside POSITIONING and RUNNING
        self.rate_chz = 0
        self.stop_reason = codes.STOP_NONE  # why the last run ended, or an arming without a run
        self.end_reason = codes.STOP_NONE  # why the last run or arming ended, whichever was later
        self.runs = 0  # entries into RUNNING since reset
        self._ran = False  # the present arming is what a run has left
        self._facts = -1  # of the last tick in this state
        self._waiting_ms = 0  # of running, not yet counted

    def step(self) -> None:
        """Judge one tick. Allocates nothing."""
        tick_us = self.readings.tick_us
        ms = 1 if tick_us < 2000 else tick_us // 1000
        self.conditions.step(ms)
        if self.asked.any:
            self._take_asked()
        state = self.state
        if state == _RUNNING:
            self._look_running(ms)
        else:
            self._look(state, ms)
        facts = self.events.facts(state)
        if facts != self._facts:
            self._judge(facts)
        self._hold_line()

    def _take_asked(self) -> None:
        """What the main loop asks and the state table does not decide."""
        asked = self.asked
        asked.any = 0
        if asked.stop:
            self.events.stop_for(asked.stop)
            asked.stop = codes.STOP_NONE
        if asked.fault:
            self.faults.trip(asked.fault)
            asked.fault = codes.FAULT_NONE
        if asked.self_test:
            self.conditions.set(codes.COND_SELF_TEST_PASSED, 1 if asked.self_test == 1 else 0)
            asked.self_test = 0
        if asked.session:
            self.times.session_ms = asked.session - 1
            asked.session = 0
        arm = asked.arm
        if arm == transitions.EVENT_ARM_BUTTON and self._treatment.tethered:
            arm = 0
        self.events.arm = arm
        self.events.acknowledge = asked.acknowledge
        asked.arm = 0
        asked.acknowledge = codes.FAULT_NONE

    def _look_running(self, ms: int) -> None:
        """RUNNING: cut-offs in each tick, watches and times in turn; all can only trip or stop."""
        word = self.conditions.word
        self.cutoffs.running(word)
        if not self.readings.enable_level or self.rest.line_ms:
            self.rest.line(1)
        if not word & _TETHER_OK:
            self.events.stop_for(codes.STOP_LEASE)
        if self._treatment.stop_reason:
            self.events.stop_for(self._treatment.stop_reason)
        self._waiting_ms += ms
        if self.readings.t_ms & 1:
            self.watches.step(_RUNNING)
        else:
            reason = self.times.running(word & _CONTACT, self._waiting_ms)
            self._waiting_ms = 0
            if reason:
                self.events.stop_for(reason)

    def _look(self, state: int, ms: int) -> None:
        """The same for every other state."""
        word = self.conditions.word
        cutoffs = self.cutoffs
        if state or not self.conditions.down:
            self.times.step(state, ms)
        elif self.conditions.button_held_ms >= BUTTON_STUCK_MS:  # BOOT (0) waits for the release
            self.faults.trip(codes.FAULT_BUTTON_AT_START)
        if _ARMED <= state <= _PARKING:
            cutoffs.armed(word)
            if not word & _TETHER_OK:
                self.events.stop_for(codes.STOP_LEASE)
        if _POSITIONING <= state <= _PARKING:
            cutoffs.driven()
            cutoffs.approaching()
        else:
            if state or self.times.state_ms > SETTLE_MS:  # not in the first moments of BOOT (0)
                self.rest.motor()
            if self._motion.failed:
                self.faults.trip(self._motion.failed)
        if not self.line.proof.active:
            self.rest.line(self.line.granted)
        if self.readings.t_ms & 1:
            self.watches.step(state)
        if self.times.over:
            if state == _ARMED:
                self.events.stop_for(codes.STOP_ARM_EXPIRED)
            motion = self._motion
            fault = fault_of_timeout(state, word & _NEEDLES_IN, motion.homed, motion.cam_known)
            if fault:
                self.faults.trip(fault)

    def _judge(self, facts: int) -> None:
        """Take at most one row of the state table; equal facts in an equal state take none."""
        self._facts = facts
        row = transitions.next_row(self.state, facts)
        if row is not None:
            self._enter(row[transitions.COLUMN_NEXT], row[transitions.COLUMN_ACTION], facts)
        if self.state < _ARMED:
            self.events.stop = codes.STOP_NONE  # nothing left to stop

    def _enter(self, state: int, action: int, facts: int) -> None:
        """Change to `state`: the table has decided on `facts`."""
        if action == transitions.ACTION_TAKE_GRANT and not self._take_grant():
            return
        if action == transitions.ACTION_CLEAR:
            self.faults.clear()
            self.conditions.set(codes.COND_SELF_TEST_PASSED, 0)
            self._motion.clear()
        if _ARMED <= self.state <= _RUNNING and not _ARMED < state <= _RUNNING:
            reason = transitions.stop_reason(facts, self.events.stop)
            self.end_reason = reason
            if self.state != _ARMED or not self._ran:
                self.stop_reason = reason
            if reason != codes.STOP_BUTTON:
                self.events.stop = reason  # whatever it was, arm must be asked again
        if state == _RUNNING:
            self.runs += 1
            self._waiting_ms = 0
        elif state != _POSITIONING:
            self.depth_um = 0
            self.rate_chz = 0
        if state == _ARMED:
            self._ran = self.state == _PARKING
        self.state = state
        self.faults.state = state
        self.mode = MODES[state]
        self.times.enter(state)
        self._facts = -1

    def _take_grant(self) -> bool:
        """Check and take over what the plan asks; if it is not allowed, the pen has a bug."""
        treatment = self._treatment
        if not may_grant(treatment):
            self.faults.trip(codes.FAULT_INTERNAL)
            return False
        self.depth_um = treatment.depth_um
        self.rate_chz = treatment.rate_chz
        self.events.latch = treatment.latch
        self.cutoffs.begin(self.depth_um, self.rate_chz, treatment.current_limit_ma)
        return True

    def _hold_line(self) -> None:
        """Drive-enable for one more tick, or not; proofs of the stop path where nothing moves."""
        state = self.state
        line = self.line
        if _POSITIONING <= state <= _RUNNING:
            line.hold(1)
        elif state == _PARKING:
            if not self.faults.drive_to_park:
                self.mode = MODE_WITHDRAW
            line.hold(self.faults.drive_to_park)
        elif state >= _ARMED:
            line.hold(0)
            self.asked.proof = 0
        elif line.proof.active:
            line.prove()
        else:
            line.hold(0)
            unproven = not self.conditions.word & _PROVEN
            if self.asked.proof or (unproven and _CARTRIDGE_OK <= state <= _CONFIGURED):
                self.asked.proof = 0
                line.begin_proof()

    def tethered(self) -> int:
        """1 when the plan needs the host's lease, and so is armed by the host alone."""
        return self._treatment.tethered

    def panic(self) -> None:
        """After an exception in the tick: the line is cut now, the state follows in the next."""
        self.line.hold(0)
        self.faults.trip(codes.FAULT_INTERNAL)
