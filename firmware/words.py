"""The pen's data dictionary: every number of the tick is one word of one array.

The tick is a row of kernels, machine code over this array (docs/decisions/0013), so a number has
a place, not an attribute. Each line is: place, `# lowest..highest owner: meaning`. The
owner alone writes it, the unit is in the name, levels are 0 or 1; `[4]` marks four words in a row.
Places are only ever used by name. A module whose kernels use one restates it,
`_RATE_CHZ = const(20)`, because an imported name would be looked up at run time; a test compares.
Values stay within +-2^29. A kernel reads a word that can be negative as
`((w[_DUTY] + half) & mask) - half`, with `half = 1 << 29` and `mask = (half << 1) - 1`: on a 64-bit
build machine code sees 32 bits without their sign. Bytecode, and writing, need nothing of the kind.
"""

from array import array

from protocol.interpreter import MICROPYTHON, const

TYPE_CHECKING = False
if TYPE_CHECKING:
    Words = array[int] | list[int]

# --- what the pins show, fresh in every tick -----------------------------------------------------
NOW_US = const(0)  # 0..2^30 look: time, wraps
TACH_COUNT = const(1)  # 0..65535 look: tachometer pulses, wraps
TACH_EDGE_US = const(2)  # 0..2^30 look: time of the last of them
INDEX_COUNT = const(3)  # 0..65535 look: index marks, wraps
INDEX_EDGE_US = const(4)  # 0..2^30 look: time of the last of them
CURRENT_CODE = const(5)  # 0..4095 look: ADC, bridge current
HALL_CODE = const(6)  # 0..4095 look: ADC, carriage
NTC_CODE = const(7)  # 0..4095 look: ADC, housing temperature, at least every 4 ms
BATTERY_CODE = const(8)  # 0..4095 look: ADC, battery, at least every 4 ms
SEAT = const(9)  # 0..1 look: cartridge seated, not debounced
HOME = const(10)  # 0..1 look: depth stage at its home switch
BUTTON = const(11)  # 0..1 look: pressed, not debounced
BRIDGE_STALL = const(12)  # 0..1 look: the bridge's own stall line
VBUS = const(13)  # 0..1 look: USB power
ENABLE_LEVEL = const(14)  # 0..1 look: drive-enable read back behind the whole chain
INDEX_LEVEL = const(15)  # 0..1 look: index mark in view
DUTY = const(16)  # -5000..5000 look: what the bridge's PWM holds, read back

# --- what is made of it --------------------------------------------------------------------------
T_MS = const(17)  # 0..2^30 sense: ticks since reset, wraps after 12 days
TICK_US = const(18)  # 0..2^30 sense: since the tick before
PULSE_DELTA = const(19)  # 0..65535 sense: tachometer pulses in this tick
RATE_CHZ = const(20)  # 0..30000 sense: by the tachometer, 0.01 Hz; 0 after 80 ms without pulse
PULSE_AGE_MS = const(21)  # 0..1000 sense: since the last pulse, stops there
CURRENT_MA = const(22)  # 0..3600 sense: magnitude of the bridge current
DEPTH_UM = const(23)  # -600..3200 sense: carriage by the Hall sensor, calibrated
SUPPLY_MV = const(24)  # 0..7920 sense: battery terminals, every 8 ms
TEMPERATURE_CDEG = const(25)  # -1000..9000 sense: housing, 0.01 C, every 8 ms
BATTERY_PERCENT = const(26)  # 0..100 gauge: charge left, load counted in, every 64 ms
WINDING_CDEG = const(27)  # -1000..40000 observe: winding model, 0.01 C, every 64 ms

# --- what the supervisor grants ------------------------------------------------------------------
MODE = const(28)  # 0..5 supervisor: MODE_*
GRANT_DEPTH_UM = const(29)  # 0..2500 supervisor: in MODE_POSITION
GRANT_RATE_CHZ = const(30)  # 0..15000 supervisor: in MODE_RUN

# --- what the pins shall do, put out by `act` at the end of the tick -----------------------------
LINE = const(31)  # 0..2 supervisor: drive-enable, LINE_*; `act` takes it to LINE_LEAVE
KICK = const(32)  # 0..1 supervisor: kick the window watchdog; `act` takes it to 0
BRIDGE = const(33)  # 0..2 motion: BRIDGE_*
DUTY_OUT = const(34)  # -5000..5000 motion: with BRIDGE_DRIVE
BOOST = const(35)  # 0..1 motion: boost converter
COIL_COUNT = const(36)  # 0..4 motion: half steps in the coming millisecond; `act` takes it to 0
COILS = const(37)  # 0..65535 motion: their patterns, four bits each, the first lowest

# --- how far motion has come ---------------------------------------------------------------------
HOMED = const(38)  # 0..1 depth: the stage has found its place since boot
STILL = const(39)  # 0..1 motion: the motor does not turn
CAM_KNOWN = const(40)  # 0..1 motion: the cam's phase is known from its index mark
CAM_PARKED = const(41)  # 0..1 motion: index mark in view and still
STAGE_WITHDRAWN = const(42)  # 0..1 motion: commanded 0, home switch closed, Hall <= 100 um
IN_POSITION = const(43)  # 0..1 motion: stage at the granted depth, cam parked
MOTION_FAILED = const(44)  # 0..255 motion: FAULT_*, latched until cleared
DEPTH_SET_UM = const(45)  # 0..2520 motion: where the stage is commanded to be right now
RATE_SET_CHZ = const(46)  # 0..15000 drive: after the ramp
DRIVING = const(47)  # 0..1 motion: a duty is put out
BACK_EMF_CHZ = const(48)  # -30000..30000 motion: speed by the motor's voltage

# --- inside the senses ---------------------------------------------------------------------------
SENSED_US = const(49)  # 0..2^30 sense: NOW_US of the tick before
SENSING = const(50)  # 0..1 sense: every slot has been read once
PULSES_SEEN = const(51)  # 0..65535 tachometer: TACH_COUNT of the tick before
PULSE_US = const(52)  # 0..2^30 tachometer: TACH_EDGE_US then
INTERVALS_US = const(53)  # [4] 0..2^30 tachometer: between the last edges, newest first
EDGES = const(57)  # 0..5 tachometer: since standstill, so one more than intervals that are valid
OVERDUE_US = const(58)  # 0..2^30 tachometer: age of the last edge from which the next one is late
MEASURED_CHZ = const(59)  # 0..30000 tachometer: by the intervals alone
CURRENT_ZERO_CODE = const(60)  # 0..200 calibration: ADC code at 0 mA
CURRENT_SCALE = const(61)  # 0..65535 calibration: mA per code * 2^16
HALL_OFFSET_UM = const(62)  # -200..200 calibration: added before the table
HALL_TABLE_UM = const(63)  # [11] -40..40 calibration: added at 0, 256, 512 .. 2560 um
BATTERY_GAIN_PPT = const(74)  # 0..2000 calibration: thousandths of the nominal divider
NTC_CELL = const(75)  # 0..19 thermistor: place in its table of the last reading
GAUGE_POWER = const(76)  # 0..2^21 gauge: sum of |duty| * motor current / 2^8 in this window
GAUGE_SAMPLES = const(77)  # 0..65535 gauge: in this window, one per 4 ms
GAUGE_STARTED = const(78)  # 0..1 gauge: GAUGE_UAH is an estimate, no longer unknown
GAUGE_UAH = const(79)  # 0..800000 gauge: charge left
GAUGE_REST = const(80)  # 0..3600 gauge: charge used below 1 uAh, in mA ms
GAUGE_LOAD_MA = const(81)  # 0..20000 gauge: battery current, mean of the last window
GAUGE_OPEN_MV = const(82)  # 0..12000 gauge: open-circuit voltage by it

# --- inside the needle motor's control -----------------------------------------------------------
RAIL_MV = const(83)  # 1700..6000 bridge: what a duty of 100 % puts on it
BOOST_LEFT_MS = const(84)  # 0..4 bridge: until the boosted rail is up
LIMITED = const(85)  # -1..1 bridge: the last voltage was more than the rail has, on that side
COLD_MOHM = const(86)  # 0..4000 calibration: winding at 25 C
CHZ_SCALE = const(87)  # 0..8000 calibration: 0.01 Hz per mV of back-EMF * 2^10
MV_SCALE = const(88)  # 0..30000 calibration: mV of back-EMF per 0.01 Hz * 2^16
RISE_MK = const(89)  # 0..300000 observer: winding above housing
SQUARES = const(90)  # 0..2^25 observer: sum of current^2 / 2^6 in this window
SQUARE_COUNT = const(91)  # 0..64 observer: ticks in it
RESISTANCE_MOHM = const(92)  # 0..20000 observer: warm winding and bridge
MOTOR_MA = const(93)  # -3600..3600 observer: current, positive turns forwards
EMF_MV = const(94)  # -7000..7000 observer: back-EMF
INDEX_SEEN = const(95)  # 0..65535 phase: INDEX_COUNT at the last mark behind it
MARK = const(96)  # 0..65535 phase: angle of the mark passed last, 65536 to a turn
SIDE = const(97)  # -1..1 phase: it was left forwards or backwards
WAY = const(98)  # -65536..65536 phase: angle since, of the sign of the side
PHASE_STALLED = const(99)  # 0..1 phase: driven without a mark, so a judgement until the next
LEAD = const(100)  # -2^20..2^20 drive: sixteenths of 0.01 Hz that the goal is raised by
TRIM_SUM_CHZ = const(101)  # -2^25..2^25 drive: sum of observed speeds since the last pulse
TRIM_TICKS = const(102)  # 0..100 drive: ticks since then
TRIM_SUMS = const(103)  # [4] -2^25..2^25 drive: the same of the last four intervals
TRIM_COUNTS = const(107)  # [4] 0..100 drive: and of its ticks
TRIM_AT = const(111)  # 0..3 drive: the oldest of the four
TRIM_FILLED = const(112)  # 0..4 drive: how many there are
TRIM_CHZ = const(113)  # -4100..4100 drive: correction of the observed speed
INTEGRAL = const(114)  # -2^22..2^22 controller: mV * 2^8
PARK_STATE = const(115)  # 0..5 parking: step of the sequence
PARK_MS = const(116)  # 0..401 parking: since it began
PARK_TRIES = const(117)  # 0..5 parking: creeps
CREEP_SENSE = const(118)  # -1..1 parking: the way it creeps
MODE_NOW = const(119)  # 0..5 motion: MODE of the tick before
SLOW_MS = const(120)  # 0..3 motion: ticks below the speed that counts as standing still

GAUGE_WINDOW = const(121)  # 0..65535 gauge: samples of a closed window, until it is counted
GAUGE_BY_VOLTAGE_UAH = const(122)  # 0..800000 gauge: charge by the window's open-circuit voltage
GOAL_CHZ = const(123)  # -20000..20000 control: what the controller shall reach
SPEED_CHZ = const(124)  # -40000..40000 control: at what the motor turns now, corrected
LIMIT_MA = const(125)  # 0..3000 control: the most current that the controller may ask for

# --- inside the depth stage's control ------------------------------------------------------------
STAGE_POSITION = const(192)  # -2^16..2^16 stage: half steps since power-up, deeper is positive
STAGE_HOLDING = const(193)  # 0..1 stage: coils carry current
STEPS_LEFT = const(194)  # 0..1000 profile: half steps to the end of the move
STEP_SPEED = const(195)  # 300..2000 profile: half steps per second
STEP_TOP = const(196)  # 300..2000 profile: the same at most
STEP_FRACTION = const(197)  # 0..2999 profile: thousandths of a half step
RAMP_STEPS = const(198)  # 0..1000 profile: made while speeding up
HOMING_STATE = const(199)  # 0..4 homing: step of the sequence
HOMING_WAIT_MS = const(200)  # 0..40 homing: until the rotor has come to rest
HOMING_LEFT = const(201)  # 0..15 homing: half steps in which the edge must come
HOMING_REASON = const(202)  # 0..255 homing: FAULT_* for giving up
ZERO_UM = const(203)  # -2^20..2^20 homing: carriage where the stage's count is 0
DEPTH_STATE = const(204)  # 0..5 depth: what the stage is doing
STEP_SENSE = const(205)  # -1..1 depth: direction of the move
THEN_STEPS = const(206)  # 0..4 depth: outwards after this move, from a pass or to land
AIM_AGAIN = const(207)  # 0..1 depth: the move under way only comes to a stop
STALE = const(208)  # 0..1 depth: halted, the target was not reached on purpose
PAUSE_MS = const(209)  # 0..16 depth: until the next move may begin
WAIT_MS = const(210)  # 0..36 depth: until the Hall sensor has been heard
REST_MS = const(211)  # 0..201 depth: at rest and withdrawn with current in the coils
CHECK_SUM_UM = const(212)  # -2^16..2^16 depth: of Hall readings
CHECKS = const(213)  # 0..8 depth: how many
WITHDRAW_MS = const(214)  # 0..1001 depth: asked for 0 and not there
TARGET_UM = const(215)  # 0..2500 depth: asked for
ZEROED = const(216)  # 0..1 depth: the count of half steps has a meaning
AT_TARGET = const(217)  # 0..1 depth: arrived, settled, confirmed by the Hall sensor
DEPTH_TRIM_UM = const(218)  # -100..100 calibration: home switch to protrusion 0
DEPTH_FAILED = const(219)  # 0..255 depth: FAULT_*, latched until cleared

# 126, 127 and 220..255: free for control. 167..191: free.

# --- safety: faults -------------------------------------------------------------------------------
SNAPSHOT = const(128)  # -2^20..2^30 faults: [3 * 13] the moment of a fault, by its rank

# --- safety: conditions ---------------------------------------------------------------------------
CONDITIONS = const(256)  # 0..2^20 conditions: COND_* of this tick
STANDING = const(257)  # 0..2^20 safety: those that stay until their owner changes them
FRESH = const(258)  # 0..2^20 conditions: those made anew in this tick
STEP_MS = const(259)  # 1..2^20 conditions: what this tick counts for
PRESS = const(260)  # 0..1 conditions: the debounced button went down in this tick
DOWN = const(261)  # 0..1 conditions: the button, debounced
BUTTON_MS = const(262)  # 0..5 conditions: for how long it has shown the other level
HELD_MS = const(263)  # 0..2^17 conditions: for how long it has been down, stops at 60 000
SEATED = const(264)  # 0..1 conditions: the cartridge, debounced
SEAT_MS = const(265)  # 0..2^20 conditions: for how long it has shown the other level
SEAT_GENERATION = const(266)  # 0..2^29 conditions: one more with every loss of the cartridge
LEASE_MS = const(267)  # 0..2^20 conditions: since the host renewed it, stops at 250

# --- safety: what the main loop asks, taken in and cleared by the tick ----------------------------
ASK_STOP = const(268)  # 0..255 requests: STOP_*
ASK_FAULT = const(269)  # 0..255 requests: FAULT_* that the main loop found
ASK_ARM = const(270)  # 0..25 requests: number of the event
ASK_ACKNOWLEDGE = const(271)  # 0..255 requests: FAULT_*, its cause found gone
ASK_PROOF = const(272)  # 0..1 requests: prove the stop path
ASK_SELF_TEST = const(273)  # 0..2 requests: outcome, 1 passed, 2 failed
ASK_SESSION = const(274)  # 0..2^22 requests: a session begins, 1 + ms that its needles have run

# --- safety: state and verdict --------------------------------------------------------------------
STATE = const(275)  # 0..8 verdict: STATE_*
STATE_MS = const(276)  # 0..2^29 measures: in this state, stops at 2^29
STATE_OVER = const(277)  # 0..1 measures: longer than it may last
OVERDUE = const(278)  # 0..255 measures: FAULT_* of a passage that does not end
FACTS = const(279)  # 0..2^30 events: conditions and events of this tick
FACTS_SEEN = const(280)  # 0..2^30 verdict: the last that changed nothing in this state
STOP = const(281)  # 0..255 events: STOP_* being carried out; arm must be asked again
STOP_REASON = const(282)  # 0..255 verdict: why the last run ended, or an arming without one
END_REASON = const(283)  # 0..255 verdict: why the last run or arming ended
RAN = const(284)  # 0..1 verdict: the arming is what a run has left
RUNS = const(285)  # 0..2^29 verdict: entries into RUNNING since reset
CLEAR_MOTION = const(286)  # 0..1 verdict: motion has to forget its failure and its zero
FAULT = const(287)  # 0..255 faults: FAULT_*, latched: the gravest so far
FAULT_RANK = const(288)  # 0..3 faults: how grave it is, 0 none
FAULT_COUNT = const(289)  # 0..2^29 faults: latched since reset
DRIVE_TO_PARK = const(290)  # 0..1 faults: the motor may still be driven to park
LATCH_DOWN = const(291)  # 0..1 measures: the button is down in a latched run
RUN_DEPTH_UM = const(304)  # 0..2500 verdict: of the run that was granted last, until the next
RUN_RATE_CHZ = const(305)  # 0..15000 verdict: likewise
RUN_CURRENT_MA = const(306)  # 0..800 verdict: likewise, the cartridge's limit
RUN_LATCH = const(307)  # 0..1 verdict: likewise, press starts and press stops
SESSION_MS = const(308)  # 0..2^29 measures: needles running since the session began
IDLE_MS = const(309)  # 0..2^29 measures: running since the last contact
MAIN_LOOP_MS = const(310)  # 0..2^29 measures: since the main loop came round, which takes it to 0
LINE_ASKED = const(311)  # 0..1 line: what the last tick asked of drive-enable

# --- safety: what the rules look at ---------------------------------------------------------------
DRIVEN_MS = const(312)  # 0..2^16 measures: since the motor was last switched on
DEPTH_WRONG_UM = const(313)  # -3200..3200 measures: depth error; on the way, beyond the grant
PEAK_MA = const(314)  # 0..3600 measures: current, 0 in the blank of a start
PEAK_CODE = const(315)  # 0..4095 measures: its code above 1.5 A, else 0
ABOVE_LIMIT_MA = const(316)  # -800..3600 measures: current above the cartridge's limit
ABOVE_RATE = const(317)  # -2^22..2^22 measures: rate above what the state allows, 0.0001 Hz
BELOW_RATE = const(318)  # -2^22..2^22 measures: 80 % of the rate asked for, less the rate
RATE_OFF = const(319)  # -2^22..2^22 measures: distance from it above 10 %, 0.0001 Hz
UNTURNED_MS = const(320)  # 0..2^16 measures: driven without a pulse
DISAGREED_CHZ = const(321)  # -60000..60000 measures: tachometer less back-EMF
LINE_LOW = const(322)  # 0..1 measures: drive-enable asked for in time, low, contact closed
LINE_HIGH = const(323)  # 0..1 measures: drive-enable high and not asked for
REST_PULSES = const(324)  # 0..2^16 measures: tachometer pulses of a motor at rest, in 256 ms
REST_MA = const(325)  # 0..3600 measures: current of a motor at rest
DUTY_WRONG = const(326)  # -10000..10000 measures: duty read back less the one put out
TURNS_WRONG = const(327)  # 0..2^16 measures: turns without four pulses, times 16, less right ones
MARK_KNOWN = const(328)  # 0..1 measures: an index mark was seen in this run
MARK_COUNT = const(329)  # 0..65535 measures: index marks then
MARK_PULSES = const(330)  # 0..65535 measures: tachometer pulses then
CURRENT_SAME = const(331)  # 0..2^16 measures: ticks with the same code of the current
CURRENT_LAST = const(332)  # 0..4095 measures: that code
HALL_SAME = const(333)  # 0..2^16 measures: ticks with the same code of the carriage
HALL_LAST = const(334)  # 0..4095 measures: that code
PRESS_OLDEST = const(335)  # 0..5 events: place of the oldest press
PRESSED_MS = const(336)  # 0..2^30 events: [6] times of the latest presses

# --- safety: proof of the stop path ---------------------------------------------------------------
PROOF_ACTIVE = const(342)  # 0..1 line: a proof is under way
PROOF_STEP = const(343)  # 0..7 line: its step
PROOF_TICKS = const(344)  # 0..25 line: ticks in this step
PROOF_SEATED = const(345)  # 0..1 line: for a pen with or without cartridge
PROOF_FAILED = const(346)  # 0..127 line: bits of the last proof
PROOF_DONE = const(347)  # 0..2^29 line: proofs carried to their end

# --- treatment: what is asked for, as safety sees it ----------------------------------------------
PLAN_FACTS = const(348)  # 0..2^20 treatment: COND_* of cartridge, plan, zone, contact and warnings
PLAN_SEATING = const(349)  # -1..2^29 treatment: the seating they speak of
TETHERED = const(350)  # 0..1 treatment: the plan needs the host's lease
LATCH = const(351)  # 0..1 treatment: press starts, press stops
DEMO = const(352)  # 0..1 treatment: a demonstration
ZONE = const(353)  # 0..16 treatment: chosen, 0 none
ZONE_DEPTH_UM = const(354)  # 0..2500 treatment: asked for
ZONE_RATE_CHZ = const(355)  # 0..15000 treatment: asked for
OVERRIDE = const(356)  # 0..255 treatment: reason to pass the zone's cap, 0 none
CARTRIDGE_MA = const(357)  # 0..800 treatment: the cartridge's limit
CARTRIDGE_UM = const(358)  # 0..2500 treatment: deepest that it allows
PLAN_STOP = const(359)  # 0..255 treatment: STOP_* that dose, time or dwell asks for

# --- statistics -----------------------------------------------------------------------------------
TICKS_LATE = const(360)  # 0..65535 measures: ticks 1.5 ms or more after the one before
WORST_TICK_US = const(361)  # 0..2^30 measures: the latest of them

# --- safety: rules --------------------------------------------------------------------------------
OUTSIDE_MS = const(362)  # 0..2^20 rules: [48] how long the value of each row has been outside

# --- treatment: counted per zone ------------------------------------------------------------------
COUNTED_AT = const(410)  # 411..491 treatment: place of the chosen zone's counts
ZONE_COUNTS = const(411)  # 0..2^29 treatment: [85] of zones 0..16, five each: ms, contact ms, ...

# --- treatment: limits of the chosen zone, and what this run has had of them ----------------------
PLAN_STANDING = const(496)  # 0..2^20 treatment: COND_* of the main loop: cartridge, plan, zone
PINS = const(497)  # 0..36 treatment: of the cartridge, 0 nano
PER_STROKE = const(498)  # 0..36 treatment: punctures
TIME_LIMIT_MS = const(499)  # 0..2^29 treatment: of the zone
DOSE_LIMIT = const(500)  # 0..2^29 treatment: punctures of the zone
DOSE_WARN_AT = const(501)  # 0..2^29 treatment: likewise, to warn
COUNTING = const(502)  # 0..2 treatment: needles run, 2: run out, until they stand
GATHERED = const(503)  # 0..3 treatment: ticks since the last count
DUTY_SUM = const(504)  # -20000..20000 treatment: of these ticks
RATE_SUM = const(505)  # 0..120000 treatment: likewise
PULSE_SUM = const(506)  # 0..2^18 treatment: likewise
PULSES_OVER = const(507)  # 0..3 treatment: less than a stroke
DWELL_MS = const(508)  # 0..2^29 treatment: contact without a lift
LIFT_MS = const(509)  # 0..2^29 treatment: without contact
RUN_CONTACT_MS = const(510)  # 0..500 treatment: of this run, until it counts as a pass
DWELL_WARN = const(511)  # 0..1 treatment: move on
DOSE_WARN = const(512)  # 0..1 treatment: nearly enough
CONTACT_LEVEL = const(513)  # 0..3 contact: FREE, UNSURE, LIKELY, CONTACT
CONTACT_KNOWN = const(514)  # 0..2 contact: a touch or a lift in this run: none, SEEN, SURE
CONTACT_RUN_MS = const(515)  # 0..2^29 contact: of this run
CONTACT_SUM_UA = const(516)  # -2^27..2^27 contact: of the first samples
CONTACT_UA = const(517)  # -2^20..2^20 contact: mean current, filtered
BASELINE_UA = const(518)  # -2^20..2^20 contact: running free, once known
RISE_UA = const(519)  # 0..2^16 contact: that skin must make, 0 cannot be seen
LOW_UA = const(520)  # -2^20..2^20 contact: lowest of late
HIGH_UA = const(521)  # -2^20..2^20 contact: highest of late


RUN_STOP = const(523)  # 0..255 measures: STOP_* of a session, or a run in air, that was enough
PULSES_DUE = const(524)  # -1..2^18 treatment: of the last four ticks, not yet counted
RULES_BUSY = const(522)  # 0..1 rules: a fast row may have been outside
NOTE_DUE = const(525)  # 0..1 recorder: nothing moves in POSITIONING until the flash is written

AREA_MM2 = const(526)  # 1..65535 treatment: of the zone, as planned

NTC_MEAN = const(527)  # 0..131040 thermistor: running mean of its codes, times 32

SIZE = const(528)

# --- values of LINE and BRIDGE -------------------------------------------------------------------
LINE_LEAVE = const(0)  # neither: it falls by itself
LINE_GRANT = const(1)  # another 5 ms
LINE_CUT = const(2)  # now
BRIDGE_COAST = const(0)
BRIDGE_DRIVE = const(1)
BRIDGE_BRAKE = const(2)


def new() -> "Words":
    """All words 0; CPython, which compiles nothing, indexes a list twice as quickly."""
    if MICROPYTHON:
        return array("i", bytes(4 * SIZE))
    return [0] * SIZE


def named(place: int) -> "int":
    """Make an attribute of the word at `place`, for classes that keep the array in `words`.

    For code that is not hot: an attribute costs three times as much as the word.
    """

    def read(self: "object") -> int:
        return self.words[place]  # type: ignore[attr-defined, no-any-return]

    def write(self: "object", value: int) -> None:
        self.words[place] = value  # type: ignore[attr-defined]

    return property(read, write)  # type: ignore[return-value]


def named_from(number: int) -> "int":
    """Make an attribute of word `number` of a group: the class keeps where that begins in `at`."""

    def read(self: "object") -> int:
        return self.words[self.at + number]  # type: ignore[attr-defined, no-any-return]

    def write(self: "object", value: int) -> None:
        self.words[self.at + number] = value  # type: ignore[attr-defined]

    return property(read, write)  # type: ignore[return-value]
