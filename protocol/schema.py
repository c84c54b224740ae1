"""The one table of the wire: every message, its number, direction, fields, units and ranges.

Both sides pack and unpack by it, `docs/protocol.md` is made from it, and its hash is the schema id
(`protocol/version.py`). Append, never renumber; HELLO, STOP and UPDATE never change at all.
A field is (name, code, unit, low, high). What it means stands in the comment behind it, that of a
message above it: `docs/generate_protocol.py` reads them there, and the pen's memory is spared.
Owns no state.
"""

from protocol import messages
from protocol.interpreter import const
from protocol.layout import JSON, STRUCT, Layout, Message

EDITION = 1  # raised by one when rows are added; `since` of a row refers to it

U8 = const(0xFF)
U16 = const(0xFFFF)
U30 = const(0x3FFFFFFF)  # the largest value that is a small integer on the board
U32 = const(0xFFFFFFFF)  # beyond it: such fields are handled outside the tick only
I16 = const(32767)
I16_LOW = const(-32768)
I32 = const(0x7FFFFFFF)

PLAN_BYTES_MIN = const(50)  # header 36 and one zone of 14
PLAN_BYTES_MAX = const(260)  # header 36 and sixteen zones of 14

NOTHING = Layout(STRUCT, ())

# The payload of every response with the ERROR flag, whatever the message.
ERROR_REPLY = Layout(
    STRUCT,
    (
        ("result", "B", "", 1, U8),  # why it was refused: a RESULT_ number
        ("context", "B", "", 0, U8),  # field number, zone or other detail of the result
        ("value", "i", "", -I32, I32),  # the value that was refused
        ("low", "i", "", -I32, I32),  # lowest value allowed
        ("high", "i", "", -I32, I32),  # highest value allowed
    ),
)

TELEMETRY_LAYOUT = Layout(
    STRUCT,
    (
        ("counter", "H", "", 0, U16),  # telemetry frames made so far, wraps; a gap is a loss
        ("t_ms", "I", "ms", 0, U30),  # time since the pen started, wraps
        ("state", "B", "", 0, 8),  # a STATE_ number
        ("fault", "B", "", 0, U8),  # gravest latched FAULT_ number, 0 none
        ("stop_reason", "B", "", 0, U8),  # why the last run stopped: a STOP_ number
        ("zone", "B", "", 0, U8),  # chosen zone, 0 none
        ("pass_number", "B", "", 0, 6),  # current pass in the zone, from 1; 0 none
        ("battery_pct", "B", "%", 0, 100),  # charge
        ("conditions", "I", "", 0, U30),  # bits numbered by COND_
        ("rate_set_chz", "H", "0.01 Hz", 0, U16),  # stroke rate asked of the motor, after the ramp
        ("rate_chz", "H", "0.01 Hz", 0, U16),  # stroke rate measured
        ("depth_set_um", "H", "um", 0, 2600),  # protrusion depth the stage is commanded to
        ("depth_um", "h", "um", I16_LOW, I16),  # protrusion depth measured by the Hall sensor
        ("current_ma", "h", "mA", I16_LOW, I16),  # motor current
        ("supply_mv", "H", "mV", 0, U16),  # battery voltage
        ("temperature_cdeg", "h", "0.01 C", I16_LOW, I16),  # motor housing
        ("duty", "h", "1/5000", -5000, 5000),  # bridge duty
        ("zone_ms", "I", "ms", 0, U30),  # needles running in this zone
        ("contact_ms", "I", "ms", 0, U30),  # needles running in skin in this zone
        ("punctures", "I", "", 0, U30),  # punctures in this zone
        ("punctures_per_cm2", "H", "1/cm2", 0, U16),  # punctures by the planned area of the zone
        ("ticks_late", "H", "", 0, U16),  # control ticks missed since start; stays at its maximum
        ("frames_bad", "H", "", 0, U16),  # frames refused by the pen; stays at its maximum
    ),
)

HELLO_REQUEST = Layout(
    STRUCT,
    (
        ("schema", "8s", "", 8, 8),  # schema id of the host, 8 hex digits
        ("nonce", "I", "", 0, U32),  # any number new for each conversation
    ),
)

MESSAGES = (
    # Opens a conversation: forgets sequence and cached reply, says who the pen is.
    Message(
        messages.HELLO,
        "HELLO",
        request=HELLO_REQUEST,
        response=Layout(
            JSON,
            (
                ("product", "text", "", 1, 24),  # what this is
                ("serial", "text", "", 1, 24),  # serial number
                ("firmware", "text", "", 1, 24),  # version of the firmware
                ("schema", "text", "", 8, 8),  # schema id of the pen
                ("library", "text", "", 0, 16),  # depth library of the plan, empty: none
                ("capabilities", "list", "", 0, 8),  # short names of what this pen can do
            ),
        ),
        fixed=True,
    ),
    # Stops and parks. Obeyed at any time, in any order, before HELLO, whatever the schema.
    Message(
        messages.STOP,
        "STOP",
        request=NOTHING,
        response=NOTHING,
        fixed=True,
    ),
    # Firmware update; what a pen cannot do is UNSUPPORTED. See "An update".
    Message(
        messages.UPDATE,
        "UPDATE",
        request=Layout(
            STRUCT,
            (
                ("operation", "B", "", 0, U8),  # 0 query, 1..4 in pieces, 5 boot loader, 6 service
                ("offset", "I", "B", 0, U32),  # data: where they belong; begin: size of the image
                ("data", "*", "", 0, 235),  # bytes of the image, its SHA-256, or the name of 5 or 6
            ),
        ),
        response=Layout(
            STRUCT,
            (
                ("state", "B", "", 0, U8),  # 0 none, 1..4 in pieces, 5 waits for button, 6 leaves
                ("offset", "I", "B", 0, U32),  # offset expected next
            ),
        ),
        fixed=True,
    ),
    # Renews the lease of 250 ms that a tethered plan needs; send it every 80 ms.
    Message(
        messages.KEEPALIVE,
        "KEEPALIVE",
        request=NOTHING,
        response=NOTHING,
    ),
    # Starts to receive a plan; the plan in force stays in force.
    Message(
        messages.PLAN_BEGIN,
        "PLAN_BEGIN",
        request=Layout(
            STRUCT,
            (
                ("size", "H", "B", PLAN_BYTES_MIN, PLAN_BYTES_MAX),  # bytes of the whole plan
                ("sha256", "32s", "", 32, 32),  # hash of these bytes
            ),
        ),
        response=NOTHING,
    ),
    # Bytes of the plan, in order and without gaps.
    Message(
        messages.PLAN_CHUNK,
        "PLAN_CHUNK",
        request=Layout(
            STRUCT,
            (
                ("offset", "H", "B", 0, PLAN_BYTES_MAX),  # offset of the first byte
                ("data", "*", "", 1, 238),  # bytes of the plan
            ),
        ),
        response=Layout(
            STRUCT,
            (("next_offset", "H", "B", 0, PLAN_BYTES_MAX),),  # offset expected next
        ),
    ),
    # Checks hash, format and limits, stores the plan and puts it in force, whole or not.
    Message(
        messages.PLAN_COMMIT,
        "PLAN_COMMIT",
        request=NOTHING,
        response=NOTHING,
    ),
    # The plan in force.
    Message(
        messages.PLAN_INFO,
        "PLAN_INFO",
        request=NOTHING,
        response=Layout(
            STRUCT,
            (
                ("sha256", "32s", "", 32, 32),  # hash of the plan's bytes
                ("session_id", "I", "", 0, U32),  # the session the plan was made for
                ("zone_count", "B", "", 1, 16),  # rows of the plan
                ("flags", "B", "", 0, 7),  # 1 latch, 2 tethered, 4 demonstration
                ("pins", "B", "", 0, 36),  # needles of the cartridge it needs, 0 nano
                ("needle_um", "H", "um", 0, U16),  # their length
                ("library_id", "8s", "", 8, 8),  # depth library it was made from
                ("name", "16s", "", 16, 16),  # name, filled up with zeros
            ),
        ),
    ),
    # Chooses a zone of the plan; allowed while nothing moves.
    Message(
        messages.SELECT_ZONE,
        "SELECT_ZONE",
        request=Layout(STRUCT, (("zone", "B", "", 0, U8),)),  # number of the zone
        response=NOTHING,
    ),
    # Asks the pen to accept its own button for 30 s. The start is the button's alone.
    Message(
        messages.ARM,
        "ARM",
        request=NOTHING,
        response=NOTHING,
    ),
    # Withdraws the arming.
    Message(
        messages.DISARM,
        "DISARM",
        request=NOTHING,
        response=NOTHING,
    ),
    # Clears a latched fault whose cause has gone.
    Message(
        messages.ACKNOWLEDGE,
        "ACKNOWLEDGE",
        request=Layout(STRUCT, (("fault", "B", "", 0, U8),)),  # the fault as shown
        response=NOTHING,
    ),
    # Runs the self-test at standstill and reports each check.
    Message(
        messages.SELF_TEST,
        "SELF_TEST",
        request=NOTHING,
        response=Layout(
            JSON,
            (
                ("passed", "integer", "", 0, 1),  # 1 when every check passed
                ("failed", "list", "", 0, 16),  # short names of the checks that failed
            ),
        ),
    ),
    # The value of one setting, or the names of all.
    Message(
        messages.SETTINGS_GET,
        "SETTINGS_GET",
        request=Layout(STRUCT, (("name", "*", "", 0, 32),)),  # setting in ASCII; empty: all
        response=Layout(JSON, ()),
    ),
    # Changes settings, all of them or none, and answers with the values now in force.
    Message(
        messages.SETTINGS_SET,
        "SETTINGS_SET",
        request=Layout(JSON, ()),
        response=Layout(JSON, ()),
    ),
    # One entry of the fault history with what was measured at that moment.
    Message(
        messages.FAULT_LOG,
        "FAULT_LOG",
        request=Layout(STRUCT, (("index", "H", "", 0, U16),)),  # 0 is the newest
        response=Layout(
            STRUCT,
            (
                ("number", "I", "", 0, U30),  # entry number, counted for the life of the pen
                ("unix_s", "I", "s", 0, U32),  # time, 0 when the clock was not set
                ("t_ms", "I", "ms", 0, U30),  # time since the pen started
                ("fault", "B", "", 1, U8),  # a FAULT_ number
                ("state", "B", "", 0, 8),  # the state it came in
                ("zone", "B", "", 0, U8),  # zone, 0 none
                ("battery_pct", "B", "%", 0, 100),  # charge
                ("conditions", "I", "", 0, U30),  # bits numbered by COND_
                ("session_id", "I", "", 0, U32),  # session of the plan in force, 0 none
                ("rate_set_chz", "H", "0.01 Hz", 0, U16),  # stroke rate asked
                ("rate_chz", "H", "0.01 Hz", 0, U16),  # stroke rate measured
                ("depth_set_um", "H", "um", 0, 2600),  # depth commanded
                ("depth_um", "h", "um", I16_LOW, I16),  # depth measured
                ("current_ma", "h", "mA", I16_LOW, I16),  # motor current
                ("supply_mv", "H", "mV", 0, U16),  # battery voltage
                ("temperature_cdeg", "h", "0.01 C", I16_LOW, I16),  # motor housing
                ("duty", "h", "1/5000", -5000, 5000),  # bridge duty
            ),
        ),
    ),
    # One entry of the treatment history: one zone of one session.
    Message(
        messages.USAGE_LOG,
        "USAGE_LOG",
        request=Layout(STRUCT, (("index", "H", "", 0, U16),)),  # 0 is the newest
        response=Layout(
            STRUCT,
            (
                ("number", "I", "", 0, U30),  # entry number, counted for the life of the pen
                ("unix_s", "I", "s", 0, U32),  # time, 0 when the clock was not set
                ("session_id", "I", "", 0, U32),  # session of the plan
                ("cartridge_id", "4s", "", 4, 4),  # unique id of the cartridge
                ("zone", "B", "", 0, U8),  # zone
                ("passes", "B", "", 0, 6),  # passes begun
                ("stop_reason", "B", "", 0, U8),  # why it ended
                ("pins", "B", "", 0, 36),  # needles of the cartridge
                ("depth_set_um", "H", "um", 0, 2600),  # depth commanded
                ("rate_set_chz", "H", "0.01 Hz", 0, U16),  # stroke rate asked
                ("zone_ms", "I", "ms", 0, U30),  # needles running
                ("contact_ms", "I", "ms", 0, U30),  # needles running in skin
                ("punctures", "I", "", 0, U30),  # punctures
                ("punctures_per_cm2", "H", "1/cm2", 0, U16),  # by the planned area
            ),
        ),
    ),
    # What the pen allows in a zone.
    Message(
        messages.LIMITS,
        "LIMITS",
        request=Layout(STRUCT, (("zone", "B", "", 0, U8),)),  # number of the zone
        response=Layout(
            STRUCT,
            (
                ("zone", "B", "", 1, U8),  # number of the zone
                ("cap_um", "H", "um", 0, 2500),  # deepest without an approved override
                ("override_max_um", "H", "um", 0, 2500),  # deepest with one
                ("rate_min_chz", "H", "0.01 Hz", 0, U16),  # slowest stroke rate
                ("rate_floor_chz", "H", "0.01 Hz", 0, U16),  # slowest for treatment
                ("rate_max_chz", "H", "0.01 Hz", 0, U16),  # fastest stroke rate
                ("time_max_s", "H", "s", 0, U16),  # longest time in the zone
                ("dose_max_per_cm2", "H", "1/cm2", 0, U16),  # most punctures
                ("passes_max", "B", "", 0, 6),  # most passes
                ("lease_ms", "H", "ms", 0, U16),  # silence that stops a tethered pen
                ("arm_s", "H", "s", 0, U16),  # how long an arming lasts
            ),
        ),
    ),
    # The cartridge that is seated.
    Message(
        messages.CARTRIDGE,
        "CARTRIDGE",
        request=NOTHING,
        response=Layout(
            STRUCT,
            (
                ("cartridge_id", "4s", "", 4, 4),  # unique id of its memory
                ("type", "B", "", 0, U8),  # type number
                ("pins", "B", "", 0, 36),  # needles, 0 nano
                ("needle_um", "H", "um", 0, U16),  # their length
                ("lot", "8s", "", 8, 8),  # lot, filled up with zeros
                ("expiry_day", "H", "d", 0, U16),  # last day of use, days since 2000-01-01
                ("used_session_id", "I", "", 0, U32),  # session that used it, 0 unused
                ("result", "B", "", 0, U8),  # 0 fit for use, else a RESULT_ number
            ),
        ),
    ),
    # Sets date and time; expiry dates cannot be judged before.
    Message(
        messages.SET_CLOCK,
        "SET_CLOCK",
        request=Layout(STRUCT, (("unix_s", "I", "s", 946684800, U32),)),  # seconds since 1970, UTC
        response=NOTHING,
    ),
    # How often TELEMETRY is sent; 0 ends it.
    Message(
        messages.TELEMETRY_RATE,
        "TELEMETRY_RATE",
        request=Layout(STRUCT, (("rate_hz", "B", "Hz", 0, 200),)),  # frames per second
        response=NOTHING,
    ),
    # One telemetry payload, asked for.
    Message(
        messages.STATUS,
        "STATUS",
        request=NOTHING,
        response=TELEMETRY_LAYOUT,
    ),
    # What the pen does and measures. Best effort: it may be lost, never repeated.
    Message(
        messages.TELEMETRY,
        "TELEMETRY",
        event=TELEMETRY_LAYOUT,
    ),
    # The state changed. Best effort: telemetry carries the same facts.
    Message(
        messages.NOTICE,
        "NOTICE",
        event=Layout(
            STRUCT,
            (
                ("counter", "H", "", 0, U16),  # notices made so far, wraps
                ("t_ms", "I", "ms", 0, U30),  # time since the pen started, wraps
                ("state", "B", "", 0, 8),  # state now
                ("previous", "B", "", 0, 8),  # state before
                ("stop_reason", "B", "", 0, U8),  # why the run stopped, 0 none
                ("fault", "B", "", 0, U8),  # gravest latched fault, 0 none
                ("zone", "B", "", 0, U8),  # chosen zone, 0 none
            ),
        ),
    ),
)

BY_NUMBER = {}
for _row in MESSAGES:
    BY_NUMBER[_row.number] = _row
