"""Names of states, conditions, faults, stop reasons and results: the words both sides share.

A leaf: imports nothing of ours, holds no text. The sentence and the next step that belong to a
number stand in `protocol/texts.py`, which only the host and the documentation load.
Numbers are part of the wire: they are appended, never renumbered (the schema id covers them).
"""

# --- states of the supervisor -------------------------------------------------------------------
STATE_BOOT = 0  # self-test and homing of the depth stage
STATE_IDLE = 1  # no cartridge
STATE_CARTRIDGE_OK = 2  # a cartridge is seated, read and valid
STATE_CONFIGURED = 3  # plan on the pen, zone chosen, cartridge fits the plan
STATE_ARMED = 4  # the pen's button may start within 30 s; nothing moves, needles are in
STATE_POSITIONING = 5  # button pressed: cam parks if its phase is unknown, depth stage extends
STATE_RUNNING = 6  # needles run at the granted depth and rate
STATE_PARKING = 7  # brake, creep to the index, stage to 0
STATE_FAULT = 8  # latched until acknowledged, drive never granted

STATE_NAMES = (
    "boot",
    "idle",
    "cartridge ok",
    "configured",
    "armed",
    "positioning",
    "running",
    "parking",
    "fault",
)

# --- conditions: bit numbers of the 30-bit word in telemetry ------------------------------------
COND_SELF_TEST_PASSED = 0
COND_HOMED = 1  # the depth stage has found its home switch since boot
COND_SEATED = 2  # cartridge switch, debounced
COND_CARTRIDGE_VALID = 3  # memory read, unused, not expired
COND_CARTRIDGE_FITS = 4  # pins and needle length are those of the plan
COND_PLAN_READY = 5
COND_ZONE_CHOSEN = 6
COND_BUTTON = 7  # pressed, debounced
COND_TETHER_OK = 8  # lease is live, or the plan needs none
COND_BATTERY_OK = 9  # enough charge to start (30 %)
COND_NEEDLES_IN = 10  # sensed: stage home, Hall agrees, motor still
COND_CAM_PARKED = 11  # sensed: index mark in view, motor still
COND_CONTACT = 12  # motor current says the needles are in skin
COND_TEMPERATURE_WARN = 13  # 41 C
COND_RATE_WARN = 14  # more than 10 % off
COND_BATTERY_WARN = 15  # below 20 %
COND_DWELL_WARN = 16  # held on one spot: move on
COND_DOSE_WARN = 17  # zone dose nearly reached
COND_DRIVE_ENABLED = 18  # drive-enable read back high
COND_STOP_PATH_PROVEN = 19  # drive-enable was seen to fall, with this cartridge seated

CONDITION_NAMES = (
    "self-test passed",
    "homed",
    "cartridge seated",
    "cartridge valid",
    "cartridge fits plan",
    "plan ready",
    "zone chosen",
    "button pressed",
    "tether ok",
    "battery ok",
    "needles in",
    "cam parked",
    "contact",
    "temperature warning",
    "rate warning",
    "battery warning",
    "dwell warning",
    "dose warning",
    "drive enabled",
    "stop path proven",
)

# --- faults: latched, the gravest told; 0 is "no fault" -----------------------------------------
FAULT_NONE = 0
FAULT_DEPTH_ERROR = 10  # commanded and measured depth differ by more than 0.12 mm
FAULT_DEPTH_SENSOR = 11  # Hall signal out of range or frozen
FAULT_HOMING = 12  # home switch not found, or found where it cannot be
FAULT_WITHDRAW = 13  # stage did not come back to 0
FAULT_OVERSPEED = 20  # 110 % of set, or 160 Hz
FAULT_RATE_LOW = 21  # 20 % below set for 300 ms
FAULT_STALL = 22  # no tachometer pulse for 30 ms while driven
FAULT_OVERCURRENT = 23  # cartridge's limit for 100 ms
FAULT_CURRENT_PEAK = 24  # 1.5 A for 3 ms
FAULT_TACHOMETER = 25  # rate and back-EMF disagree
FAULT_MOTION_UNCOMMANDED = 26  # motor turns or draws current while it must be off
FAULT_PARK = 27  # cam did not reach its retracted phase
FAULT_ENABLE = 28  # drive-enable read-back is not what was commanded
FAULT_CURRENT_SENSOR = 29
FAULT_TEMPERATURE = 30  # housing 43 C
FAULT_WINDING = 31  # winding model
FAULT_TEMPERATURE_SENSOR = 32
FAULT_BATTERY_EMPTY = 33  # 10 % under load
FAULT_BATTERY_SENSOR = 34
FAULT_CARTRIDGE_LOST = 40  # unseated while armed or moving
FAULT_SELF_TEST = 60
FAULT_TICK_LATE = 61  # the 1 kHz tick was missed
FAULT_STORAGE = 62
FAULT_INTERNAL = 63  # an exception reached the tick or the main loop
FAULT_WATCHDOG = 64  # the last reset was the watchdog's
FAULT_BUTTON_STUCK = 65
FAULT_BUTTON_AT_START = 66  # pressed since the power came (back)
FAULT_OUTPUT = 67  # an output of the processor does not hold what was written to it

# --- why the last run stopped -------------------------------------------------------------------
STOP_NONE = 0
STOP_BUTTON = 1
STOP_HOST = 2
STOP_LEASE = 3  # host silent for 250 ms while tethered
STOP_ARM_EXPIRED = 4
STOP_ZONE_TIME = 5
STOP_SESSION_TIME = 6  # 30 min of treatment
STOP_DOSE = 7  # punctures per cm2 of the zone reached
STOP_DWELL = 8  # held on one spot
STOP_IDLE = 9  # running without contact for 60 s
STOP_CARTRIDGE = 10  # cartridge removed at standstill
STOP_PLAN_CHANGED = 11
STOP_FAULT = 12
STOP_NOT_READY = 13  # something that a start needs went missing while armed or moving
STOP_SUPPLY = 14  # only in the usage log: supply lost, or reset, while armed or moving

STOP_NAMES = (
    "none",
    "button",
    "host",
    "lease lost",
    "arm expired",
    "zone time",
    "session time",
    "dose reached",
    "dwell",
    "idle",
    "cartridge removed",
    "plan changed",
    "fault",
    "not ready",
    "supply lost",
)

# --- results of a request -----------------------------------------------------------------------
RESULT_OK = 0
RESULT_UNKNOWN_TYPE = 1
RESULT_BAD_LENGTH = 2
RESULT_SCHEMA_MISMATCH = 3
RESULT_WRONG_STATE = 4  # value = state
RESULT_OUT_OF_RANGE = 5  # context = field, value, low, high
RESULT_UNKNOWN_ZONE = 6  # value = zone id
RESULT_ABOVE_ZONE_CAP = 7  # context = zone, value um, high = cap um; needs an approved override
RESULT_ABOVE_OVERRIDE_MAX = 8  # context = zone, value um, high = override maximum um
RESULT_RATE_OUT_OF_RANGE = 9  # context = zone, value, low, high in 0.01 Hz
RESULT_HASH_MISMATCH = 10
RESULT_CHUNK_GAP = 11  # value = offset received, low = offset expected
RESULT_PLAN_FORMAT = 12  # context = offset in the plan
RESULT_NO_PLAN = 13
RESULT_ZONE_NOT_IN_PLAN = 14  # value = zone id
RESULT_DUPLICATE_ZONE = 15  # value = zone id
RESULT_NO_CARTRIDGE = 16
RESULT_CARTRIDGE_UNREADABLE = 17
RESULT_CARTRIDGE_USED = 18
RESULT_CARTRIDGE_EXPIRED = 19  # value = days over
RESULT_CARTRIDGE_WRONG = 20  # value = pins seated, low = pins planned
RESULT_FAULT_LATCHED = 21  # value = fault
RESULT_CAUSE_PRESENT = 22  # value = fault
RESULT_BATTERY_LOW = 23  # value = percent, low = 30
RESULT_BUTTON_HELD = 24
RESULT_STORAGE_FAILED = 25
RESULT_UNSUPPORTED = 26
RESULT_NO_SUCH_ENTRY = 27
RESULT_SELF_TEST_FAILED = 28  # value = bits of failed checks
RESULT_LEASE_MISSING = 29  # a tethered plan needs a keepalive first
RESULT_DOSE_REACHED = 30
RESULT_NOT_BY_HOST = 31  # this fault needs a power cycle or the service
RESULT_UNKNOWN_SETTING = 32
RESULT_CLOCK_UNSET = 33  # expiry cannot be judged before the host has set the date
RESULT_BAD_FORMAT = 34  # the payload is not what the message carries (text that is no JSON, ...)
RESULT_HELLO_FIRST = 35  # nothing but STOP is obeyed before HELLO
RESULT_SEQUENCE = 36  # value = sequence received, low = sequence expected: say HELLO again
RESULT_SESSION_OVER = 37  # value = minutes of running needles in this session, high = 30
RESULT_NEEDLES_OUT = 38  # the needles are not sensed inside
RESULT_NOT_CONFIRMED = 39  # value = ms the button was held, low = ms needed
RESULT_IMAGE_WRONG = 40  # the flash does not hold the image that it says
