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

from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    Words = array[int]

# --- what the pins show, fresh in every tick -----------------------------------------------------
NOW_US = const(0)  # 0..2^30 look: time, wraps
TACH_COUNT = const(1)  # 0..65535 look: tachometer pulses, wraps
TACH_EDGE_US = const(2)  # 0..2^30 look: time of the last of them
INDEX_COUNT = const(3)  # 0..65535 look: index marks, wraps
INDEX_EDGE_US = const(4)  # 0..2^30 look: time of the last of them
CURRENT_CODE = const(5)  # 0..4095 look: ADC, bridge current
HALL_CODE = const(6)  # 0..4095 look: ADC, carriage
NTC_CODE = const(7)  # 0..4095 look: ADC, housing temperature
BATTERY_CODE = const(8)  # 0..4095 look: ADC, battery
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
LINE = const(31)  # 0..2 supervisor: drive-enable, LINE_*
KICK = const(32)  # 0..1 supervisor: kick the window watchdog
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

# 49..127: inside control and drivers. 128..255: inside safety and treatment.

SIZE = const(256)

# --- values of LINE and BRIDGE -------------------------------------------------------------------
LINE_CUT = const(0)
LINE_GRANT = const(1)  # another 5 ms
LINE_LEAVE = const(2)  # neither
BRIDGE_COAST = const(0)
BRIDGE_DRIVE = const(1)
BRIDGE_BRAKE = const(2)


def new() -> "Words":
    """All words 0."""
    return array("i", bytes(4 * SIZE))


def named(place: int) -> "int":
    """Make an attribute of the word at `place`, for classes that keep the array in `words`.

    For code that is not hot: an attribute costs three times as much as the word.
    """

    def read(self: "object") -> int:
        return self.words[place]  # type: ignore[attr-defined, no-any-return]

    def write(self: "object", value: int) -> None:
        self.words[place] = value  # type: ignore[attr-defined]

    return property(read, write)  # type: ignore[return-value]
