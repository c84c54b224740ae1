"""Motion: executes the mode that the supervisor grants, and says how far it has come.

Purpose: the tick's kernel between supervisor and motors. Writes the words of bridge, boost and
coils; never the enable line. Owns: the mode being executed, STILL, CAM_PARKED, IN_POSITION and
MOTION_FAILED. `Motion` is the same for those who have time: start, clear, status by name.
"""

from firmware import words as place
from firmware.control import cam_phase, depth_controller, motor_observer
from firmware.control.cam_parking import begin as begin_parking
from firmware.control.cam_parking import step as step_parking
from firmware.control.cam_phase import forget, turn
from firmware.control.depth_controller import clear as clear_depth
from firmware.control.depth_controller import go, halt, home
from firmware.control.depth_controller import step as step_depth
from firmware.control.motor_observer import observe
from firmware.control.needle_drive import begin as begin_drive
from firmware.control.needle_drive import drive
from firmware.drivers import motor_bridge
from firmware.drivers.motor_bridge import boost, follow_rail
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.drivers.calibration import Calibration
    from firmware.readings import Readings
    from firmware.words import Words

_INDEX_LEVEL = const(15)
_PULSE_DELTA = const(19)
_MODE = const(28)
_GRANT_DEPTH_UM = const(29)
_STILL = const(39)
_CAM_PARKED = const(41)
_IN_POSITION = const(43)
_MOTION_FAILED = const(44)
_RATE_SET_CHZ = const(46)
_DRIVING = const(47)
_BACK_EMF_CHZ = const(48)
_BOOST_LEFT_MS = const(84)
_PARK_STATE = const(115)
_MODE_NOW = const(119)
_SLOW_MS = const(120)
_DEPTH_STATE = const(204)
_STALE = const(208)
_TARGET_UM = const(215)
_AT_TARGET = const(217)
_DEPTH_FAILED = const(219)
_NOTE_DUE = const(525)

_MODE_OFF = const(0)
_MODE_HOME = const(1)
_MODE_PARK = const(2)
_MODE_POSITION = const(3)
_MODE_RUN = const(4)
_MODE_WITHDRAW = const(5)

_PARKED = const(4)  # of PARK_STATE
_UNKNOWN = const(0)  # of DEPTH_STATE
_STILL_CHZ = const(120)  # 1.2 Hz: 40 mV of back-EMF, 13 mA through the shorted winding
_STILL_MS = const(3)


class Motion:
    """Needle motor and depth stage; status attributes are words of `firmware.words`."""

    homed = place.named(place.HOMED)
    still = place.named(place.STILL)
    cam_known = place.named(place.CAM_KNOWN)
    cam_parked = place.named(place.CAM_PARKED)
    stage_withdrawn = place.named(place.STAGE_WITHDRAWN)
    in_position = place.named(place.IN_POSITION)
    failed = place.named(place.MOTION_FAILED)
    depth_set_um = place.named(place.DEPTH_SET_UM)
    rate_set_chz = place.named(place.RATE_SET_CHZ)
    driving = place.named(place.DRIVING)
    back_emf_chz = place.named(place.BACK_EMF_CHZ)

    def __init__(self, readings: "Readings", calibration: "Calibration") -> None:
        self.words = readings.words
        motor_bridge.begin(self.words)
        motor_observer.begin(self.words, calibration)
        cam_phase.begin(self.words)
        depth_controller.begin(self.words, calibration)

    def step(self, mode: int, depth_um: int, rate_chz: int) -> None:
        """Execute MODE_* `mode` for one tick: depth 0..2500 um, rate 2500..15000 chz in RUN."""
        words = self.words
        words[place.MODE] = mode
        words[place.GRANT_DEPTH_UM] = depth_um
        words[place.GRANT_RATE_CHZ] = rate_chz
        move(words)

    def clear(self) -> None:
        """Forget `failed` and the stage's position; MODE_HOME finds it again."""
        self.failed = 0
        clear_depth(self.words)
        begin_parking(self.words)


@micropython.viper
def move(words):  # type: (Words) -> None
    """Execute MODE for one tick."""
    w = ptr32(words)
    mode = w[_MODE]
    observe(words)
    if w[_BOOST_LEFT_MS] != 0:
        follow_rail(words)
    entered = mode != w[_MODE_NOW]
    if entered:
        w[_MODE_NOW] = mode
        _enter(words)
    if mode == _MODE_RUN:
        # The stage holds and the cam turns: nothing else can have changed.
        turn(words)
        if not entered:  # a mode that begins has had its share of the tick
            drive(words)
        return
    # Follow the cam's phase and notice when it stands still.
    half = 1 << 29
    mask = (half << 1) - 1
    speed_chz = ((w[_BACK_EMF_CHZ] + half) & mask) - half
    still = 0
    slow_ms = w[_SLOW_MS]
    if w[_DRIVING] != 0 or speed_chz <= -_STILL_CHZ or speed_chz >= _STILL_CHZ:
        slow_ms = 0
        turn(words)
    elif slow_ms < _STILL_MS:
        slow_ms += 1
        turn(words)
    else:
        still = 1
        if w[_PULSE_DELTA] != 0:
            forget(words)  # turned by hand
    w[_SLOW_MS] = slow_ms
    w[_STILL] = still
    w[_CAM_PARKED] = still & w[_INDEX_LEVEL]
    w[_IN_POSITION] = 0
    failed = w[_DEPTH_FAILED]
    if failed != 0:
        w[_MOTION_FAILED] = failed  # of the tick before; what parking told first was heard by now
    # Needles in by the cam first, then the stage; not while the flash is written.
    going = mode == _MODE_POSITION and w[_PARK_STATE] == _PARKED and w[_NOTE_DUE] == 0
    target_um = w[_GRANT_DEPTH_UM] if going else 0
    if entered:
        pass  # braked, that is enough for one tick; a move under way goes on
    elif (going or mode == _MODE_PARK or mode == _MODE_WITHDRAW) and (
        w[_TARGET_UM] != target_um or w[_STALE] != 0
    ):
        go(words, target_um)
    elif mode == _MODE_PARK or (mode == _MODE_POSITION and not going):
        step_parking(words)
    elif mode == _MODE_HOME and w[_DEPTH_STATE] == _UNKNOWN:
        home(words)
    step_depth(words)
    if mode == _MODE_POSITION and w[_TARGET_UM] == w[_GRANT_DEPTH_UM]:
        w[_IN_POSITION] = w[_AT_TARGET] & w[_CAM_PARKED]
    if w[_MOTION_FAILED] == 0:
        w[_MOTION_FAILED] = w[_DEPTH_FAILED]


@micropython.viper
def _enter(words):  # type: (Words) -> None
    """Another mode than in the tick before."""
    w = ptr32(words)
    mode = w[_MODE]
    boost(words, 1 if _MODE_PARK <= mode and mode <= _MODE_RUN else 0)
    w[_RATE_SET_CHZ] = 0
    if mode == _MODE_RUN:
        begin_drive(words)
        w[_SLOW_MS] = 0
        w[_STILL] = 0
        w[_CAM_PARKED] = 0
        w[_IN_POSITION] = 0
        return
    begin_parking(words)
    if mode == _MODE_OFF:
        halt(words)
