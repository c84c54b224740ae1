"""Brings the cam to its retracted phase: brake until still, then creep to the index mark.

Purpose: no stop may leave a needle out, and none may push one deeper. The creep turns the way that
retracts from where the cam came to rest; where that is not known it waits until the depth stage is
home, because then no phase exposes a needle. Owns: the step of parking and its time, PARK_*.

Creeping at 6 Hz takes at most half a turn, 80 ms. The mark is in view for 40 degrees; the brake
needs about 8 of them from 6 Hz. Overshoot is taken back, three times at most.
"""

from firmware.control.cam_phase import angle
from firmware.control.cam_phase import park as park_phase
from firmware.control.speed_controller import control
from firmware.control.speed_controller import reset as controller_reset
from firmware.drivers.motor_bridge import brake
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

_INDEX_LEVEL = const(15)
_STILL = const(39)
_CAM_KNOWN = const(40)
_STAGE_WITHDRAWN = const(42)
_MOTION_FAILED = const(44)
_BACK_EMF_CHZ = const(48)
_PARK_STATE = const(115)
_PARK_MS = const(116)
_PARK_TRIES = const(117)
_CREEP_SENSE = const(118)
_GOAL_CHZ = const(123)
_SPEED_CHZ = const(124)
_LIMIT_MA = const(125)

_BRAKING = const(1)
_CREEPING = const(2)
_STOPPING = const(3)
_PARKED = const(4)
_FAILED = const(5)

_RETRACTED = const(0x8000)
_CREEP_CHZ = const(600)
# Pulling 36 worn needles out of scar took 510 mA; 800 is the most that any cartridge is given.
_CURRENT_LIMIT_MA = const(800)
_LIMIT_MS = const(400)  # everything together; the goal is 250 with the stage
_ATTEMPTS = const(4)
_FAULT_PARK = const(27)


@micropython.viper
def begin(words):  # type: (Words) -> None
    """Start afresh, from any phase and speed."""
    w = ptr32(words)
    w[_PARK_STATE] = _BRAKING
    w[_PARK_MS] = 0
    w[_PARK_TRIES] = 0
    brake(words)


@micropython.viper
def step(words):  # type: (Words) -> None
    """Do this tick's part of parking."""
    w = ptr32(words)
    state = w[_PARK_STATE]
    if state >= _PARKED:
        return
    spent_ms = w[_PARK_MS] + 1
    w[_PARK_MS] = spent_ms
    if spent_ms > _LIMIT_MS:
        _fail(words)
    elif state == _CREEPING:
        if w[_INDEX_LEVEL] != 0:
            brake(words)
            w[_PARK_STATE] = _STOPPING
            return
        half = 1 << 29
        mask = (half << 1) - 1
        w[_GOAL_CHZ] = _CREEP_CHZ * (((w[_CREEP_SENSE] + half) & mask) - half)
        w[_SPEED_CHZ] = w[_BACK_EMF_CHZ]
        w[_LIMIT_MA] = _CURRENT_LIMIT_MA
        control(words)
    elif w[_STILL] == 0:
        pass
    elif w[_INDEX_LEVEL] != 0:
        w[_PARK_STATE] = _PARKED
        park_phase(words)
    elif w[_CAM_KNOWN] != 0 or w[_STAGE_WITHDRAWN] != 0:
        tries = w[_PARK_TRIES] + 1
        w[_PARK_TRIES] = tries
        if tries > _ATTEMPTS:
            _fail(words)
            return
        # Beyond full extension the cam retracts forwards, before it backwards.
        sense = 1
        if w[_CAM_KNOWN] != 0 and int(angle(words)) >= _RETRACTED:
            sense = -1
        w[_CREEP_SENSE] = sense
        controller_reset(words)
        w[_PARK_STATE] = _CREEPING


@micropython.viper
def _fail(words):  # type: (Words) -> None
    """Give up: braked, wherever it stands."""
    w = ptr32(words)
    brake(words)
    w[_PARK_STATE] = _FAILED
    if w[_MOTION_FAILED] == 0:
        w[_MOTION_FAILED] = _FAULT_PARK
