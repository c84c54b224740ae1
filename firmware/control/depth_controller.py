"""Depth stage: brings the needle protrusion to what is asked and knows when it is there.

Purpose: target in um in, half steps out. Owns: the target, the move that is under way, `failed`.
Every move ends outwards (deeper), so the play of the screw is always on the same side; a shallower
target is passed by 40 um and approached from below. The last half step is made alone, because a
stepper that stops from a run overshoots, and the carriage stays where it was pushed. 0 means
withdrawn: the carriage behind the home switch, at about -25 um. After a move the Hall sensor,
which knows nothing of the count, must agree.
"""

from firmware.control.depth_homing import DepthHoming
from firmware.control.step_profile import TOP_PER_S, StepProfile
from hardware.board.rev_a import DEPTH_BACKLASH_UM, DEPTH_TRAVEL_UM
from protocol.codes import FAULT_DEPTH_ERROR, FAULT_NONE, FAULT_WITHDRAW
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.drivers.calibration import Calibration
    from firmware.drivers.depth_stage import DepthStage
    from firmware.readings import Readings

_UNKNOWN = const(0)
_HOMING = const(1)
_RESTING = const(2)
_MOVING = const(3)
_SETTLING = const(4)
_RETURNING = const(5)

_STEP_UM = const(10)
_PASS_UM = const(40)  # below a shallower target: the play of 15 um and some
# Screw position when withdrawn; the carriage trails by the play and stands at -25 um.
_WITHDRAWN_UM = -25 - DEPTH_BACKLASH_UM
_SETTLE_MS = const(36)  # the rotor rings for about 30 ms
_RING_MS = const(10)  # between a move and its landing
_TURN_MS = const(6)  # longer before one the other way
_CHECK_TICKS = const(8)  # Hall readings in the mean, one every 2 ms
_HALL_TOLERANCE_UM = const(60)  # a slip is 80 um; the sensor's own error is below 20
_HALL_HOME_UM = const(100)
_RELEASE_TICKS = const(200)  # coils off after this many steps at rest and withdrawn
_WITHDRAW_LIMIT_MS = const(1000)  # 200 as a rule, the rest for a return by the switch


class DepthController:
    """Depth stage with homing; `step` once per tick."""

    def __init__(
        self, readings: "Readings", stage: "DepthStage", calibration: "Calibration"
    ) -> None:
        self._readings = readings
        self._stage = stage
        self._profile = StepProfile()
        self._homing = DepthHoming(readings, stage, self._profile)
        self._trim_um = calibration.depth_zero_um
        self._state = _UNKNOWN
        self._direction = 1
        self._then_steps = 0  # outwards, after this move: from a pass, or the landing
        self._aim_again = 0  # the move under way only comes to a stop
        self._stale = 0  # halted: the target was not reached on purpose
        self._pause_ms = 0  # until the rotor has come to rest enough for the next move
        self._wait_ms = 0
        self._rest_ms = 0
        self._sum_um = 0
        self._checks = 0
        self._withdraw_ms = 0
        self.target_um = 0
        self.set_um = 0  # where the count of half steps has it right now, 0..2500
        self._zeroed = 0  # the count of half steps has a meaning
        self.homed = 0  # and the first withdrawal has confirmed it
        self.at_target = 0  # arrived, settled and confirmed by the Hall sensor
        self.withdrawn = 0  # target 0, home switch active, Hall <= 100 um
        self.failed = FAULT_NONE

    @property
    def position_um(self) -> int:
        """Protrusion that the count of half steps stands for."""
        return self._stage.position * _STEP_UM + self._homing.zero_um + self._trim_um

    @property
    def resting(self) -> bool:
        """Nothing moves and nothing is about to be found out."""
        return self._state == _RESTING or self._state == _UNKNOWN

    def clear(self) -> None:
        """Forget failure and position; homing is needed again."""
        self.failed = FAULT_NONE
        self._zeroed = 0
        self.homed = 0
        self.withdrawn = 0
        self.at_target = 0
        self.target_um = 0
        self.set_um = 0
        self._profile.extend(0)
        self._then_steps = self._aim_again = self._stale = 0
        self._state = _UNKNOWN
        self._withdraw_ms = 0

    def home(self) -> None:
        """Begin homing if the position is unknown."""
        if self._state == _UNKNOWN and not self.failed:
            self._state = _HOMING
            self._homing.begin()

    def go(self, target_um: int) -> None:
        """Go to `target_um`, 0 (withdrawn) to 2500; cheap to call again with the same target."""
        if not self._zeroed or (target_um == self.target_um and not self._stale):
            return
        self._stale = 0
        self.target_um = min(max(target_um, 0), DEPTH_TRAVEL_UM)
        self._aim()

    def halt(self) -> None:
        """Come to a stop where the stage is, unless it is withdrawing; `go` moves again."""
        if self._state == _MOVING and self.target_um and not self._stale:
            self._stale = 1
            self._then_steps = self._aim_again = 0
            if self._profile.remaining:
                self._profile.extend(self._profile.ramp_steps + 1)
        elif self._state == _HOMING:
            self.clear()

    def step(self) -> None:
        """Do this tick's part. Not needed in every tick while `resting`."""
        state = self._state
        if state == _MOVING:
            self._move()
        elif state == _SETTLING:
            self._settle()
        elif state == _HOMING:
            self._home()
        elif state == _RETURNING:
            self._return()
        elif state == _RESTING and self._stage.holding and self.target_um == 0:
            self._rest_ms += 1
            if self._rest_ms > _RELEASE_TICKS:
                self._stage.release()
        if self.target_um == 0 and self._zeroed:
            self._watch_withdrawn()

    def _watch_withdrawn(self) -> None:
        """With target 0: there, or not there for too long."""
        readings = self._readings
        if readings.home and readings.depth_um <= _HALL_HOME_UM:
            self.withdrawn = 1
            self._withdraw_ms = 0
            return
        self.withdrawn = 0
        self._withdraw_ms += 1
        if self._withdraw_ms > _WITHDRAW_LIMIT_MS and not self.failed:
            self.failed = FAULT_WITHDRAW

    def _home(self) -> None:
        homing = self._homing
        homing.step()
        if homing.failed:
            self.failed = homing.failed
            self._state = _UNKNOWN
        elif homing.done:
            self._zeroed = 1
            self.target_um = 0
            self._profile.extend(0)
            self._aim()

    def _aim(self) -> None:
        """Start the move from where the stage is, even in the middle of another one."""
        self.at_target = 0
        self.withdrawn = 0
        self._withdraw_ms = 0
        self._rest_ms = 0
        self._stage.hold()
        target_um = self.target_um
        if target_um == 0:
            target_um = _WITHDRAWN_UM
        # Half steps to the nearest position: rounding costs up to 5 um.
        steps = (target_um - self.position_um + _STEP_UM // 2) // _STEP_UM
        self._then_steps = self._aim_again = 0
        if self.target_um:
            self._then_steps = 1
            if steps <= 0:
                self._then_steps = _PASS_UM // _STEP_UM
            steps -= self._then_steps
        self._begin(steps)

    def _begin(self, steps: int) -> None:
        profile = self._profile
        direction = 1 if steps > 0 else -1
        distance = steps * direction
        self._state = _MOVING
        if profile.remaining:
            ramp = profile.ramp_steps
            if direction != self._direction or distance < ramp:
                # Too fast to turn or to end there: come to a stop first, then aim again.
                profile.extend(ramp + 1)
                self._aim_again = 1
            else:
                profile.extend(distance)
            return
        if direction != self._direction and self._pause_ms:
            self._pause_ms += _TURN_MS
        profile.start(distance, TOP_PER_S)
        self._direction = direction

    def _move(self) -> None:
        if self._pause_ms:
            self._pause_ms -= 1
            return
        profile = self._profile
        if profile.remaining:
            count = profile.advance()
            if count:
                self._stage.step(self._direction, count)
                self.set_um = max(self.position_um, 0)
                if profile.remaining == 0:
                    self._pause_ms = _RING_MS
        elif self._aim_again:
            self._aim()
        elif self._then_steps:
            steps = self._then_steps
            self._then_steps = 0 if steps == 1 else 1
            self._begin(steps - self._then_steps)
        elif self._stale:
            self._state = _RESTING
        else:
            self._state = _SETTLING
            self._wait_ms = _SETTLE_MS
            self._sum_um = 0
            self._checks = 0

    def _settle(self) -> None:
        self._wait_ms -= 1
        if self._wait_ms >= _CHECK_TICKS * 2:
            return
        if self._wait_ms & 1:
            self._sum_um += self._readings.depth_um
            self._checks += 1
        if self._wait_ms:
            return
        self._state = _RESTING
        off_um = self._sum_um // self._checks - self.position_um
        if self.target_um == 0:
            off_um -= DEPTH_BACKLASH_UM
        if -_HALL_TOLERANCE_UM <= off_um <= _HALL_TOLERANCE_UM:
            self.at_target = 1
            self.homed = 1
        elif self.target_um:
            self.failed = FAULT_DEPTH_ERROR
        else:
            # Half steps were lost on the way. The count is worth nothing, the switch is.
            self._state = _RETURNING
            self._homing.begin_seek()

    def _return(self) -> None:
        """Withdraw by the switch alone; the count stays wrong, so this is a fault all the same."""
        found = self._homing.seek()
        if found:
            self._state = _RESTING
            self.failed = FAULT_DEPTH_ERROR if found > 0 else FAULT_WITHDRAW
