"""Finds the zero of the depth stage: back to the home switch, slowly out of it, and check.

Purpose: after power-up the count of half steps means nothing; the switch gives it meaning. The edge
that counts is the one at which the switch opens while the carriage is pushed outwards, because
then the play of the screw lies where it also lies after every later move, which ends outwards.
Owns: the step of homing.

The switch opens 6 um beyond where it closed. In half steps of 10 um, read after each of them, that
edge is seen 0 to 10 um late: the carriage then stands at 11 um on average, with +-5 um of doubt.

The cam may stand anywhere meanwhile, so what the stage pushes out a needle may show. The switch is
believed only where the Hall sensor says so too, outwards it goes no further than a sound switch
needs, and whoever gives up first goes back in.
"""

from firmware.drivers.depth_stage import DepthStage
from protocol.codes import FAULT_DEPTH_SENSOR, FAULT_HOMING, FAULT_NONE
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.control.step_profile import StepProfile
    from firmware.readings import Readings

_IDLE = const(0)
_LEAVE = const(1)  # switch active at the start: go out until it opens
_SEEK = const(2)  # back until it closes
_EDGE = const(3)  # out, half step by half step, until it opens
_BACK = const(4)  # it does not open: in again

_SEEK_PER_S = const(1500)
_SLOW_PER_S = const(400)
_SEEK_STEPS = const(290)  # the whole travel and 0.3 mm
_NEAR_UM = const(500)  # Hall position from which the last stretch is slow
_SWITCH_UM = const(120)  # Hall position up to which a closed switch is believed
# From the stop at -100 um to the edge, the play, and 40 um by which coils that go on may pull.
_LEAVE_STEPS = const(22)
_BACK_STEPS = const(40)  # all of that and more: the stop stands no damage from it
_SETTLE_MS = const(40)  # the rotor rings for about 30 ms
_EDGE_MS = const(30)  # per half step: faster steps would build up the ringing
_EDGE_STEPS = const(15)  # the play, the switch, what the carriage ran on inwards
_AT_EDGE_UM = const(11)
_HALL_TOLERANCE_UM = const(120)  # Hall sensor at the switch: mounting and magnet
_STEP_UM = const(10)


class DepthHoming:
    """Homing sequence: `begin` once, then `step` every tick until `done` or `failed`."""

    def __init__(self, readings: "Readings", stage: DepthStage, profile: "StepProfile") -> None:
        self._readings = readings
        self._stage = stage
        self._profile = profile
        self._state = _IDLE
        self._wait_ms = 0
        self._left = 0
        self._reason = FAULT_NONE  # for giving up
        self.zero_um = 0  # carriage where the stage's count is 0, play taken up outwards
        self.done = 0
        self.failed = FAULT_NONE

    def begin(self) -> None:
        """Start afresh, from anywhere."""
        self.done = 0
        self.failed = FAULT_NONE
        self._wait_ms = _SETTLE_MS
        if self._at_switch():
            self._stage.hold()
            self._state = _LEAVE
            self._profile.start(_LEAVE_STEPS, _SLOW_PER_S)
        else:
            self._state = _SEEK
            self.begin_seek()

    def begin_seek(self) -> None:
        """Start to look for the switch inwards; `seek` does it."""
        self._stage.hold()
        far = self._readings.depth_um > _NEAR_UM
        self._profile.start(_SEEK_STEPS, _SEEK_PER_S if far else _SLOW_PER_S)

    def _at_switch(self) -> bool:
        readings = self._readings
        return bool(readings.home and readings.depth_um <= _SWITCH_UM)

    def seek(self) -> int:
        """Go on inwards for a tick: 1 = the switch has closed, -1 = it cannot be found."""
        readings = self._readings
        if self._at_switch():
            return 1
        profile = self._profile
        if readings.depth_um <= _NEAR_UM:
            profile.limit(_SLOW_PER_S)
        count = profile.advance()
        if count:
            self._stage.step(-1, count)
        return 0 if profile.remaining else -1

    def step(self) -> None:
        """Do this tick's part."""
        if self._wait_ms:
            self._wait_ms -= 1
            return
        state = self._state
        if state == _SEEK:
            found = self.seek()
            if found > 0:
                self._state = _EDGE
                self._wait_ms = _SETTLE_MS
                self._left = _EDGE_STEPS
            elif found < 0:
                # As far in as it goes: a closed switch is contradicted by the Hall sensor.
                self.failed = FAULT_DEPTH_SENSOR if self._readings.home else FAULT_HOMING
        elif state == _LEAVE:
            self._leave()
        elif state == _EDGE:
            self._edge()
        elif state == _BACK:
            self._back()

    def _leave(self) -> None:
        """Out of the switch, so that it is approached like always."""
        if not self._at_switch():
            self._state = _SEEK
            self._wait_ms = _SETTLE_MS
            self.begin_seek()
            return
        count = self._profile.advance()
        if count:
            self._stage.step(1, count)
        elif self._profile.remaining == 0:
            self._give_up(FAULT_HOMING)

    def _edge(self) -> None:
        readings = self._readings
        if not readings.home:
            self._state = _IDLE
            self.zero_um = _AT_EDGE_UM - self._stage.position * _STEP_UM
            off_um = readings.depth_um - _AT_EDGE_UM
            if -_HALL_TOLERANCE_UM < off_um < _HALL_TOLERANCE_UM:
                self.done = 1
            else:
                self._give_up(FAULT_DEPTH_SENSOR)
            return
        if readings.depth_um > _SWITCH_UM:
            # Out here the switch cannot be closed; one of the two is wrong.
            self._give_up(FAULT_DEPTH_SENSOR)
            return
        if self._left == 0:
            self._give_up(FAULT_HOMING)
            return
        self._left -= 1
        self._stage.step(1, 1)
        self._wait_ms = _EDGE_MS

    def _give_up(self, reason: int) -> None:
        self._reason = reason
        self._state = _BACK
        self._wait_ms = _SETTLE_MS
        self._profile.start(_BACK_STEPS, _SLOW_PER_S)

    def _back(self) -> None:
        count = self._profile.advance()
        if count:
            self._stage.step(-1, count)
        elif self._profile.remaining == 0:
            self._state = _IDLE
            self.failed = self._reason
