"""Motion: executes the mode that the supervisor grants, and says how far it has come.

Purpose: one object between supervisor and motors. Writes bridge, boost and coils; never the enable
line. Owns: the mode being executed and the status attributes that supervisor and telemetry read.
"""

from firmware.control.cam_parking import CamParking
from firmware.control.cam_phase import CamPhase
from firmware.control.depth_controller import DepthController
from firmware.control.motor_observer import MotorObserver
from firmware.control.needle_drive import NeedleDrive
from firmware.control.rate_trim import RateTrim
from firmware.control.speed_controller import SpeedController
from firmware.drivers.depth_stage import DepthStage
from firmware.drivers.motor_bridge import MotorBridge
from firmware.modes import MODE_HOME, MODE_OFF, MODE_PARK, MODE_POSITION, MODE_RUN, MODE_WITHDRAW
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.drivers.calibration import Calibration
    from firmware.hal.ports import Board
    from firmware.readings import Readings

_STILL_CHZ = const(120)  # 1.2 Hz: 40 mV of back-EMF, 13 mA through the shorted winding
_STILL_MS = const(3)


class Motion:
    """Needle motor and depth stage. Status attributes are 0 or 1 unless said otherwise."""

    def __init__(self, board: "Board", readings: "Readings", calibration: "Calibration") -> None:
        self._readings = readings
        self._bridge = MotorBridge(board, readings)
        self._observer = MotorObserver(readings, self._bridge, calibration)
        self._phase = CamPhase(board.pulses, readings)
        self._controller = SpeedController(self._observer, self._bridge)
        self._needles = NeedleDrive(readings, self._observer, RateTrim(), self._controller)
        self._parking = CamParking(
            readings, self._bridge, self._observer, self._controller, self._phase
        )
        self._depth = DepthController(readings, DepthStage(board), calibration)
        self._mode = MODE_OFF
        self._idle = 0  # cam still and not driven
        self._resting = 0  # and the stage at rest, in OFF
        self._slow_ms = 0  # ticks below the threshold of standing still
        self.homed = 0  # the stage knows its position since boot
        self.still = 0  # the motor does not turn
        self.cam_known = 0  # the cam's phase is known from its index mark
        self.cam_parked = 0  # index mark in view and still
        self.stage_withdrawn = 0  # commanded 0, home switch active, Hall <= 100 um
        self.in_position = 0  # stage at commanded depth, cam parked
        self.failed = 0  # FAULT_* code, latched until clear()
        self.depth_set_um = 0  # where the stage is commanded to be right now, 0..2500
        self.rate_set_chz = 0  # after the ramp
        self.driving = 0  # a duty is put out
        self.back_emf_chz = 0  # speed estimate, -30000..30000
        self._bridge.brake()

    def step(self, mode: int, depth_um: int, rate_chz: int) -> None:
        """Execute MODE_* `mode` for one tick: depth 0..2500 um, rate 2500..15000 chz in RUN."""
        readings = self._readings
        if self._idle and mode == self._mode and readings.t_ms & 3 and not readings.pulse_delta:
            # Nothing turns and nothing drives: one tick in four is enough to see that change.
            if not self._resting:
                self._move(mode, depth_um)
            return
        observer = self._observer
        observer.step()
        bridge = self._bridge
        if not bridge.steady:
            bridge.supply(readings.supply_mv)
        if mode != self._mode:
            self._enter(mode)
        if mode == MODE_RUN:
            # The stage holds and the cam turns: nothing else can have changed.
            self._phase.step(observer.speed_chz)
            needles = self._needles
            needles.step(rate_chz)
            self.rate_set_chz = needles.set_chz
            self.driving = 1
            self._idle = 0
        else:
            self._watch_cam(observer.speed_chz)
            self._move(mode, depth_um)
        self.back_emf_chz = observer.speed_chz

    def _move(self, mode: int, depth_um: int) -> None:
        """Every mode but RUN."""
        depth = self._depth
        if mode == MODE_PARK:
            self._park()
            depth.go(0)
        elif mode == MODE_POSITION:
            self._position(depth_um)
        elif mode == MODE_HOME:
            depth.home()
        elif mode == MODE_WITHDRAW:
            depth.go(0)
        depth.step()
        self.homed = depth.homed
        self.stage_withdrawn = depth.withdrawn
        self.depth_set_um = depth.set_um
        self.in_position = 0
        if mode == MODE_POSITION and depth.target_um == depth_um:
            self.in_position = depth.at_target & self.cam_parked
        self.driving = self._bridge.driving
        self._idle = self.still & (self.driving ^ 1)
        if not self.failed and depth.failed:
            self.failed = depth.failed
        self._resting = 1 if mode == MODE_OFF and self.still and depth.resting else 0

    def clear(self) -> None:
        """Forget `failed` and the stage's position; MODE_HOME finds it again."""
        self.failed = 0
        self.homed = 0
        self._resting = 0
        self._depth.clear()
        self._parking.begin()

    def _enter(self, mode: int) -> None:
        self._mode = mode
        self._bridge.boost(1 if MODE_PARK <= mode <= MODE_RUN else 0)  # park, position, run
        self.rate_set_chz = 0
        if mode == MODE_RUN:
            self._needles.begin()
            self._slow_ms = 0
            self.still = self.cam_parked = self.in_position = 0
            return
        self._bridge.brake()
        self._parking.begin()
        if mode == MODE_OFF:
            self._depth.halt()

    def _watch_cam(self, speed_chz: int) -> None:
        """Follow the cam's phase and notice when it stands still."""
        if self._bridge.driving or not -_STILL_CHZ < speed_chz < _STILL_CHZ:
            self._slow_ms = 0
            self.still = 0
            self._phase.step(speed_chz)
        elif self._slow_ms < _STILL_MS:
            self._slow_ms += 1
            self._phase.step(speed_chz)
        else:
            self.still = 1
            if self._readings.pulse_delta:
                # Turned by hand.
                self._phase.forget()
        self.cam_known = self._phase.known
        self.cam_parked = self.still & self._readings.index_level

    def _park(self) -> None:
        parking = self._parking
        parking.step(self.still, self._depth.withdrawn)
        if parking.failed and not self.failed:
            self.failed = parking.failed

    def _position(self, depth_um: int) -> None:
        """Needles in by the cam first, then the stage."""
        if self._parking.parked:
            self._depth.go(depth_um)
        else:
            self._park()
