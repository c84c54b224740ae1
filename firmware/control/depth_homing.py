"""Finds the zero of the depth stage: back to the home switch, slowly out of it, and check.

Purpose: after power-up the count of half steps means nothing; the switch gives it meaning. The edge
that counts is the one at which the switch opens while the carriage is pushed outwards, because
then the play of the screw lies where it also lies after every later move, which ends outwards.
Owns: the step of homing, HOMING_*, and ZERO_UM.

The switch opens 6 um beyond where it closed. In half steps of 10 um, read after each of them, that
edge is seen 0 to 10 um late: the carriage then stands at 11 um on average, with +-5 um of doubt.

The cam may stand anywhere meanwhile, so what the stage pushes out a needle may show. The switch is
believed only where the Hall sensor says so too, outwards it goes no further than a sound switch
needs, and whoever gives up first goes back in.
"""

from firmware.control.step_profile import advance, start
from firmware.drivers.depth_stage import hold
from firmware.drivers.depth_stage import step as step_stage
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

_HOME = const(10)
_DEPTH_UM = const(23)
_STAGE_POSITION = const(192)
_STEPS_LEFT = const(194)
_STEP_TOP = const(196)
_HOMING_STATE = const(199)
_HOMING_WAIT_MS = const(200)
_HOMING_LEFT = const(201)
_HOMING_REASON = const(202)
_ZERO_UM = const(203)

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

_DONE = const(-1)
_GOES_ON = const(0)
_FAULT_DEPTH_SENSOR = const(11)
_FAULT_HOMING = const(12)


@micropython.viper
def begin(words):  # type: (Words) -> None
    """Start afresh, from anywhere."""
    w = ptr32(words)
    w[_HOMING_WAIT_MS] = _SETTLE_MS
    if at_switch(words):
        w[_HOMING_STATE] = _LEAVE
        hold(words)
        start(words, _LEAVE_STEPS, _SLOW_PER_S)
    else:
        w[_HOMING_STATE] = _SEEK
        begin_seek(words)


@micropython.viper
def at_switch(words) -> int:  # type: ignore[no-untyped-def]
    """1 while the switch is closed where the Hall sensor allows it."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    if w[_HOME] == 0 or ((w[_DEPTH_UM] + half) & mask) - half > _SWITCH_UM:
        return 0
    return 1


@micropython.viper
def begin_seek(words):  # type: (Words) -> None
    """Start to look for the switch inwards; `seek` does it, as fast as the distance allows."""
    hold(words)
    start(words, _SEEK_STEPS, _SLOW_PER_S)


@micropython.viper
def seek(words) -> int:  # type: ignore[no-untyped-def]
    """Go on inwards for a tick: 1 = the switch has closed, -1 = it cannot be found."""
    w = ptr32(words)
    if at_switch(words):
        return 1
    half = 1 << 29
    mask = (half << 1) - 1
    near = ((w[_DEPTH_UM] + half) & mask) - half <= _NEAR_UM
    w[_STEP_TOP] = _SLOW_PER_S if near else _SEEK_PER_S
    count = int(advance(words))
    if count != 0:
        step_stage(words, -1, count)
    if w[_STEPS_LEFT] == 0:
        return -1
    return 0


@micropython.viper
def step(words) -> int:  # type: ignore[no-untyped-def]
    """Do this tick's part: 0 = goes on, -1 = done, else the FAULT_* it ended with."""
    w = ptr32(words)
    wait_ms = w[_HOMING_WAIT_MS]
    if wait_ms != 0:
        w[_HOMING_WAIT_MS] = wait_ms - 1
        return _GOES_ON
    state = w[_HOMING_STATE]
    if state == _SEEK:
        found = int(seek(words))
        if found > 0:
            w[_HOMING_STATE] = _EDGE
            w[_HOMING_WAIT_MS] = _SETTLE_MS
            w[_HOMING_LEFT] = _EDGE_STEPS
        elif found < 0:
            # As far in as it goes: a closed switch is contradicted by the Hall sensor.
            return _FAULT_DEPTH_SENSOR if w[_HOME] != 0 else _FAULT_HOMING
    elif state == _EDGE:
        return int(_edge(words))
    elif state == _LEAVE:
        _leave(words)
    elif state == _BACK:
        count = int(advance(words))
        if count != 0:
            step_stage(words, -1, count)
        elif w[_STEPS_LEFT] == 0:
            return int(w[_HOMING_REASON])
    return _GOES_ON


@micropython.viper
def _leave(words):  # type: (Words) -> None
    """Out of the switch, so that it is approached like always."""
    w = ptr32(words)
    if at_switch(words):
        count = int(advance(words))
        if count != 0:
            step_stage(words, 1, count)
        elif w[_STEPS_LEFT] == 0:
            _give_up(words, _FAULT_HOMING)
    else:
        w[_HOMING_STATE] = _SEEK
        w[_HOMING_WAIT_MS] = _SETTLE_MS
        begin_seek(words)


@micropython.viper
def _edge(words) -> int:  # type: ignore[no-untyped-def]
    """One half step outwards, unless the switch has opened; answers as `step` does."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    depth_um = ((w[_DEPTH_UM] + half) & mask) - half
    if w[_HOME] == 0:
        position = ((w[_STAGE_POSITION] + half) & mask) - half
        w[_ZERO_UM] = _AT_EDGE_UM - position * _STEP_UM
        off_um = depth_um - _AT_EDGE_UM
        if -_HALL_TOLERANCE_UM < off_um and off_um < _HALL_TOLERANCE_UM:
            return _DONE
        _give_up(words, _FAULT_DEPTH_SENSOR)
    elif depth_um > _SWITCH_UM:
        # Out here the switch cannot be closed; one of the two is wrong.
        _give_up(words, _FAULT_DEPTH_SENSOR)
    elif w[_HOMING_LEFT] == 0:
        _give_up(words, _FAULT_HOMING)
    else:
        w[_HOMING_LEFT] = w[_HOMING_LEFT] - 1
        step_stage(words, 1, 1)
        w[_HOMING_WAIT_MS] = _EDGE_MS
    return _GOES_ON


@micropython.viper
def _give_up(words, reason):  # type: (Words, int) -> None
    """Back in, then fail for `reason`."""
    w = ptr32(words)
    w[_HOMING_REASON] = int(reason)
    w[_HOMING_STATE] = _BACK
    w[_HOMING_WAIT_MS] = _SETTLE_MS
    start(words, _BACK_STEPS, _SLOW_PER_S)
