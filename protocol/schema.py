"""The one table of the wire: every message, its number, direction, fields, units and ranges.

Both sides pack and unpack by it, `docs/protocol.md` is made from it, and its hash is the schema id
(`protocol/version.py`). Append, never renumber; HELLO, STOP and UPDATE never change at all.
Integers are little endian. Owns no state.
"""

from protocol import messages
from protocol.interpreter import const
from protocol.layout import JSON, STRUCT, Field, Layout, Message

EDITION = 1  # raised by one when rows are added; `since` of a row refers to it

U8 = const(0xFF)
U16 = const(0xFFFF)
U30 = const(0x3FFFFFFF)  # the largest value that is a small integer on the board
U32 = 0xFFFFFFFF  # beyond it: such fields are handled outside the tick only
I16 = const(32767)
I32 = 0x7FFFFFFF

PLAN_BYTES_MIN = const(50)  # header 36 and one zone of 14
PLAN_BYTES_MAX = const(260)  # header 36 and sixteen zones of 14

NOTHING = Layout(STRUCT, ())

# The payload of every response with the ERROR flag, whatever the message.
ERROR_REPLY = Layout(
    STRUCT,
    (
        Field("result", "B", "", 1, U8, "why it was refused: a RESULT_ number"),
        Field("context", "B", "", 0, U8, "field number, zone or other detail of the result"),
        Field("value", "i", "", -I32, I32, "the value that was refused"),
        Field("low", "i", "", -I32, I32, "lowest value allowed"),
        Field("high", "i", "", -I32, I32, "highest value allowed"),
    ),
)

TELEMETRY_LAYOUT = Layout(
    STRUCT,
    (
        Field("counter", "H", "", 0, U16, "telemetry frames made so far, wraps; a gap is a loss"),
        Field("t_ms", "I", "ms", 0, U30, "time since the pen started, wraps"),
        Field("state", "B", "", 0, 8, "a STATE_ number"),
        Field("fault", "B", "", 0, U8, "first latched FAULT_ number, 0 none"),
        Field("stop_reason", "B", "", 0, U8, "why the last run stopped: a STOP_ number"),
        Field("zone", "B", "", 0, U8, "chosen zone, 0 none"),
        Field("pass_number", "B", "", 0, 6, "current pass in the zone, from 1; 0 none"),
        Field("battery_pct", "B", "%", 0, 100, "charge"),
        Field("conditions", "I", "", 0, U30, "bits numbered by COND_"),
        Field(
            "rate_set_chz", "H", "0.01 Hz", 0, U16, "stroke rate asked of the motor, after the ramp"
        ),
        Field("rate_chz", "H", "0.01 Hz", 0, U16, "stroke rate measured"),
        Field("depth_set_um", "H", "um", 0, 2600, "protrusion depth the stage is commanded to"),
        Field("depth_um", "h", "um", -I16, I16, "protrusion depth measured by the Hall sensor"),
        Field("current_ma", "h", "mA", -I16, I16, "motor current"),
        Field("supply_mv", "H", "mV", 0, U16, "battery voltage"),
        Field("temperature_cdeg", "h", "0.01 C", -I16, I16, "motor housing"),
        Field("duty", "h", "1/5000", -5000, 5000, "bridge duty"),
        Field("zone_ms", "I", "ms", 0, U30, "needles running in this zone"),
        Field("contact_ms", "I", "ms", 0, U30, "needles running in skin in this zone"),
        Field("punctures", "I", "", 0, U30, "punctures in this zone"),
        Field(
            "punctures_per_cm2", "H", "1/cm2", 0, U16, "punctures by the planned area of the zone"
        ),
        Field(
            "ticks_late", "H", "", 0, U16, "control ticks missed since start; stays at its maximum"
        ),
        Field("frames_bad", "H", "", 0, U16, "frames refused by the pen; stays at its maximum"),
    ),
)

HELLO_REQUEST = Layout(
    STRUCT,
    (
        Field("schema", "8s", "", 8, 8, "schema id of the host, 8 hex digits"),
        Field("nonce", "I", "", 0, U32, "any number new for each conversation"),
    ),
)

MESSAGES = (
    Message(
        messages.HELLO,
        "HELLO",
        "Opens a conversation: forgets sequence and cached reply, says who the pen is.",
        request=HELLO_REQUEST,
        response=Layout(
            JSON,
            (
                Field("product", "text", "", 1, 24, "what this is"),
                Field("serial", "text", "", 1, 24, "serial number"),
                Field("firmware", "text", "", 1, 24, "version of the firmware"),
                Field("schema", "text", "", 8, 8, "schema id of the pen"),
                Field("library", "text", "", 0, 16, "depth library of the plan, empty: none"),
                Field("capabilities", "list", "", 0, 8, "short names of what this pen can do"),
            ),
        ),
        fixed=True,
    ),
    Message(
        messages.STOP,
        "STOP",
        "Stops and parks. Obeyed at any time, in any order, before HELLO, whatever the schema.",
        request=NOTHING,
        response=NOTHING,
        fixed=True,
    ),
    Message(
        messages.UPDATE,
        "UPDATE",
        "Firmware update; pens that cannot answer UNSUPPORTED.",
        request=Layout(
            STRUCT,
            (
                Field("operation", "B", "", 0, U8, "0 query, 1 begin, 2 data, 3 test, 4 keep"),
                Field(
                    "offset",
                    "I",
                    "B",
                    0,
                    U32,
                    "data: offset of the bytes; begin: size of the image",
                ),
                Field("data", "*", "", 0, 235, "data: bytes of the image; begin: its SHA-256"),
            ),
        ),
        response=Layout(
            STRUCT,
            (
                Field(
                    "state", "B", "", 0, U8, "0 none, 1 receiving, 2 whole, 3 in test, 4 in force"
                ),
                Field("offset", "I", "B", 0, U32, "offset expected next"),
            ),
        ),
        fixed=True,
    ),
    Message(
        messages.KEEPALIVE,
        "KEEPALIVE",
        "Renews the lease of 250 ms that a tethered plan needs; send it every 80 ms.",
        request=NOTHING,
        response=NOTHING,
    ),
    Message(
        messages.PLAN_BEGIN,
        "PLAN_BEGIN",
        "Starts to receive a plan; the plan in force stays in force.",
        request=Layout(
            STRUCT,
            (
                Field("size", "H", "B", PLAN_BYTES_MIN, PLAN_BYTES_MAX, "bytes of the whole plan"),
                Field("sha256", "32s", "", 32, 32, "hash of these bytes"),
            ),
        ),
        response=NOTHING,
    ),
    Message(
        messages.PLAN_CHUNK,
        "PLAN_CHUNK",
        "Bytes of the plan, in order and without gaps.",
        request=Layout(
            STRUCT,
            (
                Field("offset", "H", "B", 0, PLAN_BYTES_MAX, "offset of the first byte"),
                Field("data", "*", "", 1, 238, "bytes of the plan"),
            ),
        ),
        response=Layout(
            STRUCT, (Field("next_offset", "H", "B", 0, PLAN_BYTES_MAX, "offset expected next"),)
        ),
    ),
    Message(
        messages.PLAN_COMMIT,
        "PLAN_COMMIT",
        "Checks hash, format and limits, stores the plan and puts it in force, whole or not.",
        request=NOTHING,
        response=NOTHING,
    ),
    Message(
        messages.PLAN_INFO,
        "PLAN_INFO",
        "The plan in force.",
        request=NOTHING,
        response=Layout(
            STRUCT,
            (
                Field("sha256", "32s", "", 32, 32, "hash of the plan's bytes"),
                Field("session_id", "I", "", 0, U32, "the session the plan was made for"),
                Field("zone_count", "B", "", 1, 16, "rows of the plan"),
                Field("flags", "B", "", 0, 7, "1 latch, 2 tethered, 4 demonstration"),
                Field("pins", "B", "", 0, 36, "needles of the cartridge it needs, 0 nano"),
                Field("needle_um", "H", "um", 0, U16, "their length"),
                Field("library_id", "8s", "", 8, 8, "depth library it was made from"),
                Field("name", "16s", "", 16, 16, "name, filled up with zeros"),
            ),
        ),
    ),
    Message(
        messages.SELECT_ZONE,
        "SELECT_ZONE",
        "Chooses a zone of the plan; allowed while nothing moves.",
        request=Layout(STRUCT, (Field("zone", "B", "", 0, U8, "number of the zone"),)),
        response=NOTHING,
    ),
    Message(
        messages.ARM,
        "ARM",
        "Asks the pen to accept its own button for 30 s. The start is the button's alone.",
        request=NOTHING,
        response=NOTHING,
    ),
    Message(
        messages.DISARM,
        "DISARM",
        "Withdraws the arming.",
        request=NOTHING,
        response=NOTHING,
    ),
    Message(
        messages.ACKNOWLEDGE,
        "ACKNOWLEDGE",
        "Clears a latched fault whose cause has gone.",
        request=Layout(STRUCT, (Field("fault", "B", "", 0, U8, "the fault as shown"),)),
        response=NOTHING,
    ),
    Message(
        messages.SELF_TEST,
        "SELF_TEST",
        "Runs the self-test at standstill and reports each check.",
        request=NOTHING,
        response=Layout(
            JSON,
            (
                Field("passed", "integer", "", 0, 1, "1 when every check passed"),
                Field("failed", "list", "", 0, 16, "short names of the checks that failed"),
            ),
        ),
    ),
    Message(
        messages.SETTINGS_GET,
        "SETTINGS_GET",
        "The value of one setting, or the names of all.",
        request=Layout(STRUCT, (Field("name", "*", "", 0, 32, "setting in ASCII; empty: all"),)),
        response=Layout(JSON, ()),
    ),
    Message(
        messages.SETTINGS_SET,
        "SETTINGS_SET",
        "Changes settings, all of them or none, and answers with the values now in force.",
        request=Layout(JSON, ()),
        response=Layout(JSON, ()),
    ),
    Message(
        messages.FAULT_LOG,
        "FAULT_LOG",
        "One entry of the fault history with what was measured at that moment.",
        request=Layout(STRUCT, (Field("index", "H", "", 0, U16, "0 is the newest"),)),
        response=Layout(
            STRUCT,
            (
                Field("number", "I", "", 0, U30, "entry number, counted for the life of the pen"),
                Field("unix_s", "I", "s", 0, U32, "time, 0 when the clock was not set"),
                Field("t_ms", "I", "ms", 0, U30, "time since the pen started"),
                Field("fault", "B", "", 1, U8, "a FAULT_ number"),
                Field("state", "B", "", 0, 8, "the state it came in"),
                Field("zone", "B", "", 0, U8, "zone, 0 none"),
                Field("battery_pct", "B", "%", 0, 100, "charge"),
                Field("conditions", "I", "", 0, U30, "bits numbered by COND_"),
                Field("session_id", "I", "", 0, U32, "session of the plan in force, 0 none"),
                Field("rate_set_chz", "H", "0.01 Hz", 0, U16, "stroke rate asked"),
                Field("rate_chz", "H", "0.01 Hz", 0, U16, "stroke rate measured"),
                Field("depth_set_um", "H", "um", 0, 2600, "depth commanded"),
                Field("depth_um", "h", "um", -I16, I16, "depth measured"),
                Field("current_ma", "h", "mA", -I16, I16, "motor current"),
                Field("supply_mv", "H", "mV", 0, U16, "battery voltage"),
                Field("temperature_cdeg", "h", "0.01 C", -I16, I16, "motor housing"),
                Field("duty", "h", "1/5000", -5000, 5000, "bridge duty"),
            ),
        ),
    ),
    Message(
        messages.USAGE_LOG,
        "USAGE_LOG",
        "One entry of the treatment history: one zone of one session.",
        request=Layout(STRUCT, (Field("index", "H", "", 0, U16, "0 is the newest"),)),
        response=Layout(
            STRUCT,
            (
                Field("number", "I", "", 0, U30, "entry number, counted for the life of the pen"),
                Field("unix_s", "I", "s", 0, U32, "time, 0 when the clock was not set"),
                Field("session_id", "I", "", 0, U32, "session of the plan"),
                Field("cartridge_id", "4s", "", 4, 4, "unique id of the cartridge"),
                Field("zone", "B", "", 0, U8, "zone"),
                Field("passes", "B", "", 0, 6, "passes begun"),
                Field("stop_reason", "B", "", 0, U8, "why it ended"),
                Field("pins", "B", "", 0, 36, "needles of the cartridge"),
                Field("depth_set_um", "H", "um", 0, 2600, "depth commanded"),
                Field("rate_set_chz", "H", "0.01 Hz", 0, U16, "stroke rate asked"),
                Field("zone_ms", "I", "ms", 0, U30, "needles running"),
                Field("contact_ms", "I", "ms", 0, U30, "needles running in skin"),
                Field("punctures", "I", "", 0, U30, "punctures"),
                Field("punctures_per_cm2", "H", "1/cm2", 0, U16, "by the planned area"),
            ),
        ),
    ),
    Message(
        messages.LIMITS,
        "LIMITS",
        "What the pen allows in a zone.",
        request=Layout(STRUCT, (Field("zone", "B", "", 0, U8, "number of the zone"),)),
        response=Layout(
            STRUCT,
            (
                Field("zone", "B", "", 1, U8, "number of the zone"),
                Field("cap_um", "H", "um", 0, 2500, "deepest without an approved override"),
                Field("override_max_um", "H", "um", 0, 2500, "deepest with one"),
                Field("rate_min_chz", "H", "0.01 Hz", 0, U16, "slowest stroke rate"),
                Field("rate_floor_chz", "H", "0.01 Hz", 0, U16, "slowest for treatment"),
                Field("rate_max_chz", "H", "0.01 Hz", 0, U16, "fastest stroke rate"),
                Field("time_max_s", "H", "s", 0, U16, "longest time in the zone"),
                Field("dose_max_per_cm2", "H", "1/cm2", 0, U16, "most punctures"),
                Field("passes_max", "B", "", 0, 6, "most passes"),
                Field("lease_ms", "H", "ms", 0, U16, "silence that stops a tethered pen"),
                Field("arm_s", "H", "s", 0, U16, "how long an arming lasts"),
            ),
        ),
    ),
    Message(
        messages.CARTRIDGE,
        "CARTRIDGE",
        "The cartridge that is seated.",
        request=NOTHING,
        response=Layout(
            STRUCT,
            (
                Field("cartridge_id", "4s", "", 4, 4, "unique id of its memory"),
                Field("type", "B", "", 0, U8, "type number"),
                Field("pins", "B", "", 0, 36, "needles, 0 nano"),
                Field("needle_um", "H", "um", 0, U16, "their length"),
                Field("lot", "8s", "", 8, 8, "lot, filled up with zeros"),
                Field("expiry_day", "H", "d", 0, U16, "last day of use, days since 2000-01-01"),
                Field("used_session_id", "I", "", 0, U32, "session that used it, 0 unused"),
                Field("result", "B", "", 0, U8, "0 fit for use, else a RESULT_ number"),
            ),
        ),
    ),
    Message(
        messages.SET_CLOCK,
        "SET_CLOCK",
        "Sets date and time; expiry dates cannot be judged before.",
        request=Layout(
            STRUCT, (Field("unix_s", "I", "s", 946684800, U32, "seconds since 1970, UTC"),)
        ),
        response=NOTHING,
    ),
    Message(
        messages.TELEMETRY_RATE,
        "TELEMETRY_RATE",
        "How often TELEMETRY is sent; 0 ends it.",
        request=Layout(STRUCT, (Field("rate_hz", "B", "Hz", 0, 200, "frames per second"),)),
        response=NOTHING,
    ),
    Message(
        messages.STATUS,
        "STATUS",
        "One telemetry payload, asked for.",
        request=NOTHING,
        response=TELEMETRY_LAYOUT,
    ),
    Message(
        messages.TELEMETRY,
        "TELEMETRY",
        "What the pen does and measures. Best effort: it may be lost, never repeated.",
        event=TELEMETRY_LAYOUT,
    ),
    Message(
        messages.NOTICE,
        "NOTICE",
        "The state changed. Best effort: telemetry carries the same facts.",
        event=Layout(
            STRUCT,
            (
                Field("counter", "H", "", 0, U16, "notices made so far, wraps"),
                Field("t_ms", "I", "ms", 0, U30, "time since the pen started, wraps"),
                Field("state", "B", "", 0, 8, "state now"),
                Field("previous", "B", "", 0, 8, "state before"),
                Field("stop_reason", "B", "", 0, U8, "why the run stopped, 0 none"),
                Field("fault", "B", "", 0, U8, "first latched fault, 0 none"),
                Field("zone", "B", "", 0, U8, "chosen zone, 0 none"),
            ),
        ),
    ),
)

BY_NUMBER = {}
for _row in MESSAGES:
    BY_NUMBER[_row.number] = _row
