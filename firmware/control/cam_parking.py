"""Brings the cam to its retracted phase: brake until still, then creep to the index mark.

Purpose: no stop may leave a needle out, and none may push one deeper. The creep turns the way that
retracts from where the cam came to rest; where that is not known it waits until the depth stage is
home, because then no phase exposes a needle. Owns: the step of parking and its time.

Creeping at 6 Hz takes at most half a turn, 80 ms. The mark is in view for 40 degrees; the brake
needs about 8 of them from 6 Hz. Overshoot is taken back, three times at most.
"""

from firmware.control.cam_phase import RETRACTED
from protocol.codes import FAULT_NONE, FAULT_PARK
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.control.cam_phase import CamPhase
    from firmware.control.motor_observer import MotorObserver
    from firmware.control.speed_controller import SpeedController
    from firmware.drivers.motor_bridge import MotorBridge
    from firmware.readings import Readings

_IDLE = const(0)
_BRAKING = const(1)
_CREEPING = const(2)
_STOPPING = const(3)
_DONE = const(4)

CREEP_CHZ = const(600)
# Pulling 36 worn needles out of scar took 510 mA; 800 is the most that any cartridge is given.
_CURRENT_LIMIT_MA = const(800)
_LIMIT_MS = const(400)  # everything together; the goal is 250 with the stage
_ATTEMPTS = const(4)


class CamParking:
    """Parking sequence: `begin` once, then `step` every tick until `parked` or `failed`."""

    def __init__(
        self,
        readings: "Readings",
        bridge: "MotorBridge",
        observer: "MotorObserver",
        controller: "SpeedController",
        phase: "CamPhase",
    ) -> None:
        self._readings = readings
        self._bridge = bridge
        self._observer = observer
        self._controller = controller
        self._phase = phase
        self._state = _IDLE
        self._elapsed_ms = 0
        self._attempts = 0
        self._direction = 1
        self.parked = 0
        self.failed = FAULT_NONE

    def begin(self) -> None:
        """Start afresh, from any phase and speed."""
        self._state = _BRAKING
        self._elapsed_ms = 0
        self._attempts = 0
        self.parked = 0
        self.failed = FAULT_NONE
        self._bridge.brake()

    def step(self, still: int, stage_withdrawn: int) -> None:
        """Do this tick's part: 1 while the motor stands still, 1 while the stage is home."""
        state = self._state
        if state == _DONE or self.failed:
            return
        self._elapsed_ms += 1
        if self._elapsed_ms > _LIMIT_MS:
            self._bridge.brake()
            self.failed = FAULT_PARK
        elif state == _CREEPING:
            self._creep()
        elif still:
            self._rest(stage_withdrawn)

    def _rest(self, stage_withdrawn: int) -> None:
        """Standing still: arrived, or choose the way."""
        if self._readings.index_level:
            self._state = _DONE
            self.parked = 1
            self._phase.park()
            return
        phase = self._phase
        if not phase.known and not stage_withdrawn:
            return
        self._attempts += 1
        if self._attempts > _ATTEMPTS:
            self.failed = FAULT_PARK
            return
        # Beyond full extension the cam retracts forwards, before it backwards.
        self._direction = 1 if phase.angle < RETRACTED or not phase.known else -1
        self._controller.reset()
        self._state = _CREEPING
        self._creep()

    def _creep(self) -> None:
        if self._readings.index_level:
            self._bridge.brake()
            self._state = _STOPPING
            return
        goal_chz = CREEP_CHZ * self._direction
        self._controller.step(goal_chz, self._observer.speed_chz, _CURRENT_LIMIT_MA)
