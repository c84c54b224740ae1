"""Depth stage: brings the needle protrusion to what is asked and knows when it is there.

Purpose: target in um in, half steps out. Owns: the target, the move under way, DEPTH_SET_UM,
HOMED, STAGE_WITHDRAWN and DEPTH_FAILED.
Every move ends outwards (deeper), so the play of the screw is always on the same side; a shallower
target is passed by 40 um and approached from below. The last half step is made alone, because a
stepper that stops from a run overshoots, and the carriage stays where it was pushed. 0 means
withdrawn: the carriage behind the home switch, at about -25 um. After a move the Hall sensor,
which knows nothing of the count, must agree.
"""

from firmware import words as place
from firmware.control.depth_homing import begin as begin_homing
from firmware.control.depth_homing import begin_seek, seek
from firmware.control.depth_homing import step as step_homing
from firmware.control.step_profile import advance, start
from firmware.drivers.depth_stage import hold, release
from firmware.drivers.depth_stage import step as step_stage
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.drivers.calibration import Calibration
    from firmware.words import Words

_HOME = const(10)
_DEPTH_UM = const(23)
_HOMED = const(38)
_STAGE_WITHDRAWN = const(42)
_DEPTH_SET_UM = const(45)
_STAGE_POSITION = const(192)
_STAGE_HOLDING = const(193)
_STEPS_LEFT = const(194)
_RAMP_STEPS = const(198)
_ZERO_UM = const(203)
_DEPTH_STATE = const(204)
_STEP_SENSE = const(205)
_THEN_STEPS = const(206)
_AIM_AGAIN = const(207)
_STALE = const(208)
_PAUSE_MS = const(209)
_WAIT_MS = const(210)
_REST_MS = const(211)
_CHECK_SUM_UM = const(212)
_CHECKS = const(213)
_WITHDRAW_MS = const(214)
_TARGET_UM = const(215)
_ZEROED = const(216)
_AT_TARGET = const(217)
_DEPTH_TRIM_UM = const(218)
_DEPTH_FAILED = const(219)

_UNKNOWN = const(0)
_HOMING = const(1)
_RESTING = const(2)
_MOVING = const(3)
_SETTLING = const(4)
_RETURNING = const(5)

_STEP_UM = const(10)
_TOP_PER_S = const(2000)
_PASS_STEPS = const(4)  # below a shallower target: 40 um, the play of 15 um and some
_DEPTH_BACKLASH_UM = const(15)
# Screw position when withdrawn; the carriage trails by the play and stands at -25 um.
_WITHDRAWN_UM = const(-40)
_DEPTH_TRAVEL_UM = const(2500)
_SETTLE_MS = const(36)  # the rotor rings for about 30 ms
_RING_MS = const(10)  # between a move and its landing
_TURN_MS = const(6)  # longer before one the other way
_CHECK_TICKS = const(16)  # at the end of settling; every second one is a reading in the mean
_HALL_TOLERANCE_UM = const(60)  # a slip is 80 um; the sensor's own error is below 20
_HALL_HOME_UM = const(100)
_RELEASE_MS = const(200)  # coils off after so long at rest and withdrawn
_WITHDRAW_LIMIT_MS = const(1000)  # 200 as a rule, the rest for a return by the switch
_FAULT_DEPTH_ERROR = const(10)
_FAULT_WITHDRAW = const(13)


def begin(words: "Words", calibration: "Calibration") -> None:
    """Before the first tick."""
    words[place.DEPTH_TRIM_UM] = calibration.depth_zero_um
    words[place.STEP_SENSE] = 1
    words[place.STEP_SPEED] = 300


@micropython.viper
def clear(words):  # type: (Words) -> None
    """Forget failure and position; homing is needed again."""
    w = ptr32(words)
    w[_DEPTH_FAILED] = 0
    w[_ZEROED] = 0
    w[_HOMED] = 0
    w[_STAGE_WITHDRAWN] = 0
    w[_AT_TARGET] = 0
    w[_TARGET_UM] = 0
    w[_DEPTH_SET_UM] = 0
    w[_STEPS_LEFT] = 0
    w[_THEN_STEPS] = 0
    w[_AIM_AGAIN] = 0
    w[_STALE] = 0
    w[_DEPTH_STATE] = _UNKNOWN
    w[_WITHDRAW_MS] = 0


@micropython.viper
def home(words):  # type: (Words) -> None
    """Begin homing if the position is unknown."""
    w = ptr32(words)
    if w[_DEPTH_STATE] == _UNKNOWN and w[_DEPTH_FAILED] == 0:
        w[_DEPTH_STATE] = _HOMING
        begin_homing(words)


@micropython.viper
def go(words, target):  # type: (Words, int) -> None
    """Go to `target` um, 0 (withdrawn) to 2500; cheap to call again with the same target."""
    w = ptr32(words)
    target_um = int(target)
    if w[_ZEROED] == 0 or (target_um == w[_TARGET_UM] and w[_STALE] == 0):
        return
    if target_um < 0:
        target_um = 0
    elif target_um > _DEPTH_TRAVEL_UM:
        target_um = _DEPTH_TRAVEL_UM
    w[_STALE] = 0
    w[_TARGET_UM] = target_um
    if w[_STEPS_LEFT] != 0:
        _aim(words)
        return
    # From rest it aims in the next tick, where there is more time.
    w[_AT_TARGET] = 0
    w[_STAGE_WITHDRAWN] = 0
    w[_WITHDRAW_MS] = 0
    w[_THEN_STEPS] = 0
    w[_AIM_AGAIN] = 1
    w[_DEPTH_STATE] = _MOVING
    if w[_PAUSE_MS] == 0:
        w[_PAUSE_MS] = 1


@micropython.viper
def halt(words):  # type: (Words) -> None
    """Come to a stop where the stage is, unless it is withdrawing; `go` moves again."""
    w = ptr32(words)
    state = w[_DEPTH_STATE]
    if state == _HOMING:
        clear(words)
    elif state == _MOVING and w[_TARGET_UM] != 0 and w[_STALE] == 0:
        w[_STALE] = 1
        w[_THEN_STEPS] = 0
        w[_AIM_AGAIN] = 0
        if w[_STEPS_LEFT] != 0:
            w[_STEPS_LEFT] = w[_RAMP_STEPS] + 1


@micropython.viper
def step(words):  # type: (Words) -> None
    """Do this tick's part."""
    w = ptr32(words)
    state = w[_DEPTH_STATE]
    half = 1 << 29
    mask = (half << 1) - 1
    if state == _MOVING:
        if w[_PAUSE_MS] != 0:
            w[_PAUSE_MS] = w[_PAUSE_MS] - 1
        elif w[_STEPS_LEFT] == 0:
            _after_move(words)
        else:
            count = int(advance(words))
            if count != 0:
                step_stage(words, ((w[_STEP_SENSE] + half) & mask) - half, count)
                # As position_um, whose call would cost more than the sum.
                set_um = (((w[_STAGE_POSITION] + half) & mask) - half) * _STEP_UM
                set_um += ((w[_ZERO_UM] + half) & mask) - half
                set_um += ((w[_DEPTH_TRIM_UM] + half) & mask) - half
                w[_DEPTH_SET_UM] = set_um if set_um > 0 else 0
                if w[_STEPS_LEFT] == 0:
                    w[_PAUSE_MS] = _RING_MS
    elif state == _SETTLING:
        _settle(words)
    elif state == _HOMING:
        _home(words)
    elif state == _RETURNING:
        _return(words)
    elif w[_STAGE_HOLDING] != 0 and state == _RESTING and w[_TARGET_UM] == 0:
        w[_REST_MS] = w[_REST_MS] + 1
        if w[_REST_MS] > _RELEASE_MS:
            release(words)
    if w[_TARGET_UM] == 0 and w[_ZEROED] != 0:
        # There, or not there for too long.
        w[_STAGE_WITHDRAWN] = 0
        if w[_HOME] != 0 and ((w[_DEPTH_UM] + half) & mask) - half <= _HALL_HOME_UM:
            w[_STAGE_WITHDRAWN] = 1
            w[_WITHDRAW_MS] = 0
        elif w[_WITHDRAW_MS] < _WITHDRAW_LIMIT_MS:
            w[_WITHDRAW_MS] = w[_WITHDRAW_MS] + 1
        else:
            w[_DEPTH_FAILED] = _FAULT_WITHDRAW  # also after another: needles may be out


@micropython.viper
def position_um(words) -> int:  # type: ignore[no-untyped-def]
    """Protrusion that the count of half steps stands for."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    trim_um = ((w[_DEPTH_TRIM_UM] + half) & mask) - half
    zero_um = ((w[_ZERO_UM] + half) & mask) - half
    position = ((w[_STAGE_POSITION] + half) & mask) - half
    return int(position) * _STEP_UM + int(zero_um) + int(trim_um)


@micropython.viper
def _aim(words):  # type: (Words) -> None
    """Start the move from where the stage is, even in the middle of another one."""
    w = ptr32(words)
    w[_AT_TARGET] = 0
    w[_STAGE_WITHDRAWN] = 0
    w[_WITHDRAW_MS] = 0
    w[_REST_MS] = 0
    hold(words)
    w[_AIM_AGAIN] = 0
    target_um = w[_TARGET_UM]
    then_steps = 0
    if target_um == 0:
        target_um = _WITHDRAWN_UM
    else:
        then_steps = 1
    # Half steps to the nearest position: rounding costs up to 5 um.
    steps = (target_um - int(position_um(words)) + _STEP_UM // 2) // _STEP_UM
    if then_steps != 0 and steps <= 0:
        then_steps = _PASS_STEPS
    w[_THEN_STEPS] = then_steps
    _begin(words, steps - then_steps)


@micropython.viper
def _begin(words, half_steps):  # type: (Words, int) -> None
    """Move by `half_steps`, signed; a move under way is led over, or stopped first."""
    w = ptr32(words)
    distance = int(half_steps)
    sense = 1
    if distance <= 0:
        sense = -1
        distance = -distance
    half = 1 << 29
    mask = (half << 1) - 1
    turns = sense != ((w[_STEP_SENSE] + half) & mask) - half
    w[_DEPTH_STATE] = _MOVING
    if w[_STEPS_LEFT] != 0:
        ramp = w[_RAMP_STEPS]
        if turns or distance < ramp:
            # Too fast to turn or to end there: come to a stop first, then aim again.
            w[_STEPS_LEFT] = ramp + 1
            w[_AIM_AGAIN] = 1
        else:
            w[_STEPS_LEFT] = distance
        return
    if turns and w[_PAUSE_MS] != 0:
        w[_PAUSE_MS] = w[_PAUSE_MS] + _TURN_MS
    start(words, distance, _TOP_PER_S)
    w[_STEP_SENSE] = sense


@micropython.viper
def _after_move(words):  # type: (Words) -> None
    """What comes after the last half step of a move."""
    w = ptr32(words)
    then_steps = w[_THEN_STEPS]
    if w[_AIM_AGAIN] != 0:
        _aim(words)
    elif then_steps != 0:
        w[_THEN_STEPS] = 0 if then_steps == 1 else 1
        _begin(words, 1 if then_steps == 1 else then_steps - 1)
    elif w[_STALE] != 0:
        w[_DEPTH_STATE] = _RESTING
    else:
        w[_DEPTH_STATE] = _SETTLING
        w[_WAIT_MS] = _SETTLE_MS
        w[_CHECK_SUM_UM] = 0
        w[_CHECKS] = 0


@micropython.viper
def _home(words):  # type: (Words) -> None
    """Another tick of homing, which ends with a first withdrawal."""
    outcome = int(step_homing(words))
    if outcome == 0:
        return
    w = ptr32(words)
    if outcome > 0:
        w[_DEPTH_FAILED] = outcome
        w[_DEPTH_STATE] = _UNKNOWN
    else:
        w[_ZEROED] = 1
        w[_TARGET_UM] = 0
        w[_STEPS_LEFT] = 0
        _aim(words)


@micropython.viper
def _return(words):  # type: (Words) -> None
    """Withdraw by the switch alone; the count stays wrong, so this is a fault all the same."""
    found = int(seek(words))
    if found != 0:
        w = ptr32(words)
        w[_DEPTH_STATE] = _RESTING
        w[_DEPTH_FAILED] = _FAULT_DEPTH_ERROR if found > 0 else _FAULT_WITHDRAW


@micropython.viper
def _settle(words):  # type: (Words) -> None
    """Let it ring out, then ask the Hall sensor."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    wait_ms = w[_WAIT_MS] - 1
    w[_WAIT_MS] = wait_ms
    sum_um = ((w[_CHECK_SUM_UM] + half) & mask) - half
    if wait_ms < _CHECK_TICKS and wait_ms & 1 == 1:
        w[_CHECK_SUM_UM] = sum_um + (((w[_DEPTH_UM] + half) & mask) - half)
        w[_CHECKS] = w[_CHECKS] + 1
    if wait_ms != 0:
        return
    w[_DEPTH_STATE] = _RESTING
    off_um = sum_um // w[_CHECKS] - int(position_um(words))
    if w[_TARGET_UM] == 0:
        off_um -= _DEPTH_BACKLASH_UM
    if -_HALL_TOLERANCE_UM <= off_um and off_um <= _HALL_TOLERANCE_UM:
        w[_AT_TARGET] = 1
        w[_HOMED] = 1
    elif w[_TARGET_UM] != 0:
        w[_DEPTH_FAILED] = _FAULT_DEPTH_ERROR
    else:
        # Half steps were lost on the way. The count is worth nothing, the switch is.
        w[_DEPTH_STATE] = _RETURNING
        begin_seek(words)
