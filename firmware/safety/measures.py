"""Measures: what the rules look at and no sensor gives, made once per tick.

Differences between what is and what was asked, times since something last happened, counts that
must come out even. Decides nothing: limits are in `rules.py`. Owns these words.
"""

from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

# Words, restated: an imported name would be looked up at run time.
_TACH_COUNT = const(1)
_TACH_EDGE_US = const(2)
_INDEX_COUNT = const(3)
_INDEX_EDGE_US = const(4)
_CURRENT_CODE = const(5)
_HALL_CODE = const(6)
_SEAT = const(9)
_ENABLE_LEVEL = const(14)
_DUTY = const(16)
_T_MS = const(17)
_TICK_US = const(18)
_PULSE_DELTA = const(19)
_RATE_CHZ = const(20)
_PULSE_AGE_MS = const(21)
_CURRENT_MA = const(22)
_DEPTH_UM = const(23)
_BRIDGE = const(33)
_DUTY_OUT = const(34)
_HOMED = const(38)
_CAM_KNOWN = const(40)
_RATE_SET_CHZ = const(46)
_DRIVING = const(47)
_BACK_EMF_CHZ = const(48)
_FRESH = const(258)
_STEP_MS = const(259)
_DOWN = const(261)
_STATE = const(275)
_STATE_MS = const(276)
_STATE_OVER = const(277)
_OVERDUE = const(278)
_LATCH_DOWN = const(291)
_RUN_DEPTH_UM = const(304)
_RUN_RATE_CHZ = const(305)
_RUN_CURRENT_MA = const(306)
_RUN_LATCH = const(307)
_SESSION_MS = const(308)
_IDLE_MS = const(309)
_MAIN_LOOP_MS = const(310)
_LINE_ASKED = const(311)
_DRIVEN_MS = const(312)
_DEPTH_WRONG_UM = const(313)
_PEAK_MA = const(314)
_PEAK_CODE = const(315)
_ABOVE_LIMIT_MA = const(316)
_ABOVE_RATE = const(317)
_BELOW_RATE = const(318)
_RATE_OFF = const(319)
_UNTURNED_MS = const(320)
_DISAGREED_CHZ = const(321)
_LINE_LOW = const(322)
_LINE_HIGH = const(323)
_REST_PULSES = const(324)
_REST_MA = const(325)
_DUTY_WRONG = const(326)
_TURNS_WRONG = const(327)
_MARK_KNOWN = const(328)
_MARK_COUNT = const(329)
_MARK_PULSES = const(330)
_CURRENT_SAME = const(331)
_CURRENT_LAST = const(332)
_HALL_SAME = const(333)
_HALL_LAST = const(334)
_PROOF_ACTIVE = const(342)
_TICKS_LATE = const(360)
_WORST_TICK_US = const(361)
_RUN_STOP = const(523)

# States, limits and faults, likewise (tests compare).
_BOOT = const(0)
_ARMED = const(4)
_POSITIONING = const(5)
_RUNNING = const(6)
_PARKING = const(7)
_BOOT_MS = const(10_000)
_ARM_MS = const(30_000)
_PASSAGE_MS = const(1500)
_SETTLE_MS = const(300)
_START_BLANK_MS = const(25)
_PEAK_FROM_MA = const(1500)
_STALL_START_MS = const(80)
_STALL_MS = const(30)
_OVERSPEED_PERCENT = const(110)
_RATE_LOW_PERCENT = const(80)
_RATE_WARN_PERCENT = const(10)
_CREEP_MOST_CHZ = const(2500)
_CREEP_BRAKE_MS = const(50)
_BRAKE_CHZ_PER_MS = const(280)
_UNCOMMANDED_WINDOW = const(0xFF)
_TICK_LATE_US = const(1500)
_TICK_LOST_US = const(4000)  # a fault of its own, and by then the line may have fallen by itself
_PULSES_PER_TURN = const(4)
_FAULT_DEPTH_ERROR = const(10)
_FAULT_HOMING = const(12)
_FAULT_WITHDRAW = const(13)
_FAULT_PARK = const(27)
_FAULT_SELF_TEST = const(60)
_STOP_SESSION_TIME = const(6)
_STOP_IDLE = const(9)
_SESSION_MOST_64MS = const(28_125)
_IDLE_MOST_MS = const(60_000)
_BIT_NEEDLES_IN = const(0x400)
_BIT_CONTACT = const(0x1000)
_BRIDGE_DRIVE = const(1)
_COUNTED = const(0x10000)
_COUNTED_MS = const(0x20000000)  # 6 days: there a count stands still


@micropython.viper
def measure(words):  # type: (Words) -> None
    """In every state: times, the line, and whether the senses live."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    state = w[_STATE]
    ms = w[_STEP_MS]
    tick_us = w[_TICK_US]
    if tick_us >= _TICK_LATE_US:
        if w[_TICKS_LATE] < 0xFFFF:
            w[_TICKS_LATE] = w[_TICKS_LATE] + 1
        if tick_us > w[_WORST_TICK_US]:
            w[_WORST_TICK_US] = tick_us
    if w[_MAIN_LOOP_MS] < _COUNTED_MS:
        w[_MAIN_LOOP_MS] = w[_MAIN_LOOP_MS] + ms
    # How long this state lasts; the time to boot begins when the button is let go.
    if w[_STATE_MS] < _COUNTED_MS and (state != _BOOT or w[_DOWN] == 0):
        w[_STATE_MS] = w[_STATE_MS] + ms
    # Drive-enable against what the last tick asked; an open contact drops it in hardware.
    low = 0
    high = 0
    if w[_PROOF_ACTIVE] == 0:
        if w[_LINE_ASKED]:
            if w[_ENABLE_LEVEL] == 0 and w[_SEAT] and tick_us <= _TICK_LOST_US:
                low = 1
        else:
            high = w[_ENABLE_LEVEL]
    w[_LINE_LOW] = low
    w[_LINE_HIGH] = high
    # The bridge's duty against what the last tick put out.
    duty = 0
    if w[_BRIDGE] == _BRIDGE_DRIVE:
        duty = ((w[_DUTY_OUT] + half) & mask) - half
    w[_DUTY_WRONG] = ((w[_DUTY] + half) & mask) - half - duty
    # A converter that lives never gives one code for long.
    same = 0
    if w[_HALL_CODE] == w[_HALL_LAST] and w[_HALL_SAME] < _COUNTED:
        same = w[_HALL_SAME] + 1
    w[_HALL_SAME] = same
    w[_HALL_LAST] = w[_HALL_CODE]
    # That of the current counts from the run's start: at rest an offset may hold it at 0.
    same = 0
    if w[_STATE] == _RUNNING and w[_CURRENT_CODE] == w[_CURRENT_LAST]:
        same = w[_CURRENT_SAME]
        if same < _COUNTED:
            same += 1
    w[_CURRENT_SAME] = same
    w[_CURRENT_LAST] = w[_CURRENT_CODE]


@micropython.viper
def measure_rest(words):  # type: (Words) -> None
    """Where nothing drives: the motor neither turns nor draws current."""
    w = ptr32(words)
    state = w[_STATE]
    state_ms = w[_STATE_MS]
    w[_DRIVEN_MS] = 0
    # After a reset at speed the needles run out for a while.
    if state != _BOOT or state_ms > _SETTLE_MS:
        w[_REST_MA] = w[_CURRENT_MA]
        pulses = w[_REST_PULSES] + w[_PULSE_DELTA]
        if w[_T_MS] & _UNCOMMANDED_WINDOW == 0:
            pulses = w[_PULSE_DELTA]
        w[_REST_PULSES] = pulses
    else:
        w[_REST_MA] = 0
        w[_REST_PULSES] = 0
    over = 0
    overdue = 0
    if state == _BOOT and state_ms >= _BOOT_MS:
        overdue = _FAULT_SELF_TEST if w[_HOMED] else _FAULT_HOMING
    elif state == _ARMED and state_ms >= _ARM_MS:
        over = 1
    w[_OVERDUE] = overdue
    w[_STATE_OVER] = over


@micropython.viper
def measure_run(words):  # type: (Words) -> None
    """RUNNING: current, rate and depth against what was granted and asked."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    current = w[_CURRENT_MA]
    driven = w[_DRIVEN_MS]
    if driven < _COUNTED:
        driven += 1
    if w[_DRIVING] == 0:
        driven = 0
    w[_DRIVEN_MS] = driven
    w[_ABOVE_LIMIT_MA] = current - w[_RUN_CURRENT_MA]
    code = 0
    if driven != 0 and driven <= _START_BLANK_MS:
        current = 0
    if current > _PEAK_FROM_MA:
        code = w[_CURRENT_CODE]
    w[_PEAK_MA] = current
    w[_PEAK_CODE] = code
    rate = w[_RATE_CHZ]
    rate_100 = rate * 100
    asked = w[_RATE_SET_CHZ]
    w[_ABOVE_RATE] = rate_100 - w[_RUN_RATE_CHZ] * _OVERSPEED_PERCENT
    w[_BELOW_RATE] = asked * _RATE_LOW_PERCENT - rate_100
    off = rate - asked
    if off < 0:
        off = -off
    w[_RATE_OFF] = off * 100 - asked * _RATE_WARN_PERCENT
    unturned = w[_PULSE_AGE_MS]
    if unturned >= driven:
        unturned = driven - (_STALL_START_MS - _STALL_MS)
        if unturned < 0:
            unturned = 0
    w[_UNTURNED_MS] = unturned
    w[_DISAGREED_CHZ] = rate - (((w[_BACK_EMF_CHZ] + half) & mask) - half)
    w[_DEPTH_WRONG_UM] = (((w[_DEPTH_UM] + half) & mask) - half) - w[_RUN_DEPTH_UM]
    session_most = _SESSION_MOST_64MS
    session_most <<= 6  # a constant of its size would cost machine code more
    session = w[_SESSION_MS] + w[_STEP_MS]
    w[_SESSION_MS] = session
    idle = w[_IDLE_MS] + w[_STEP_MS]
    if w[_FRESH] & _BIT_CONTACT:
        idle = 0
    w[_IDLE_MS] = idle
    stop = 0
    if session >= session_most:
        stop = _STOP_SESSION_TIME
    elif idle >= _IDLE_MOST_MS:
        stop = _STOP_IDLE
    w[_RUN_STOP] = stop
    w[_LATCH_DOWN] = w[_DOWN] & w[_RUN_LATCH]
    if w[_PULSE_DELTA] != 0 or w[_INDEX_COUNT] != w[_MARK_COUNT]:
        count_turns(words)


@micropython.viper
def measure_passage(words):  # type: (Words) -> None
    """POSITIONING, PARKING: the cam creeps, the stage is nowhere beyond what was granted."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    state = w[_STATE]
    w[_REST_MA] = 0
    w[_REST_PULSES] = 0
    # Turns are counted from here on.
    w[_TURNS_WRONG] = 0
    w[_MARK_KNOWN] = 0
    w[_MARK_COUNT] = w[_INDEX_COUNT]
    w[_MARK_PULSES] = w[_TACH_COUNT]
    current = w[_CURRENT_MA]
    driven = 0
    if w[_DRIVING]:
        driven = w[_DRIVEN_MS] + 1
    w[_DRIVEN_MS] = driven
    w[_ABOVE_LIMIT_MA] = current - w[_RUN_CURRENT_MA]
    code = 0
    if driven != 0 and driven <= _START_BLANK_MS:
        current = 0
    if current > _PEAK_FROM_MA:
        code = w[_CURRENT_CODE]
    w[_PEAK_MA] = current
    w[_PEAK_CODE] = code
    # A run that is braked falls at least so fast; one whose output is stuck would not.
    allowed = _CREEP_MOST_CHZ
    if state == _PARKING and w[_STATE_MS] < _CREEP_BRAKE_MS:
        allowed += (_CREEP_BRAKE_MS - w[_STATE_MS]) * _BRAKE_CHZ_PER_MS
    w[_ABOVE_RATE] = w[_RATE_CHZ] - allowed
    beyond = (((w[_DEPTH_UM] + half) & mask) - half) - w[_RUN_DEPTH_UM]
    if beyond < 0:
        beyond = 0
    w[_DEPTH_WRONG_UM] = beyond
    overdue = 0
    if w[_STATE_MS] >= _PASSAGE_MS:
        w[_STATE_OVER] = 1
        if state == _PARKING:
            overdue = _FAULT_PARK if w[_FRESH] & _BIT_NEEDLES_IN else _FAULT_WITHDRAW
        else:
            overdue = _FAULT_DEPTH_ERROR if w[_CAM_KNOWN] else _FAULT_PARK
    w[_OVERDUE] = overdue


@micropython.viper
def count_turns(words):  # type: (Words) -> None
    """RUNNING, with a new pulse or mark: between two index marks lie exactly four pulses."""
    w = ptr32(words)
    half = 1 << 29
    mask = (half << 1) - 1
    pulses = w[_TACH_COUNT]
    marks = (w[_INDEX_COUNT] - w[_MARK_COUNT]) & 0xFFFF
    since = (pulses - w[_MARK_PULSES]) & 0xFFFF
    wrong = w[_TURNS_WRONG]
    if marks != 0:
        # A pulse that came after the mark belongs to the next turn.
        later_us = (w[_TACH_EDGE_US] - w[_INDEX_EDGE_US]) & mask
        if later_us != 0 and later_us < half:
            since -= 1
            pulses -= 1
        if w[_MARK_KNOWN]:
            if since != marks * _PULSES_PER_TURN:
                wrong += 16
            elif wrong != 0:
                wrong -= 1
        w[_MARK_KNOWN] = 1
        w[_MARK_COUNT] = w[_INDEX_COUNT]
    elif since > 2 * _PULSES_PER_TURN:
        wrong += 16  # two turns without a mark
    else:
        return
    w[_TURNS_WRONG] = wrong
    w[_MARK_PULSES] = pulses & 0xFFFF
