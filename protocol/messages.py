"""Numbers of the messages: the type byte of a frame. A leaf, so that a sender needs no table.

Part of the wire: appended, never renumbered. What each carries stands in `protocol/schema.py`.
"""

from protocol.interpreter import const

# --- fixed for ever, whatever the schema id -------------------------------------------------------
HELLO = const(0x01)
STOP = const(0x02)
UPDATE = const(0x03)

# --- requests, answered with the same number and sequence -----------------------------------------
KEEPALIVE = const(0x10)
PLAN_BEGIN = const(0x11)
PLAN_CHUNK = const(0x12)
PLAN_COMMIT = const(0x13)
PLAN_INFO = const(0x14)
SELECT_ZONE = const(0x15)
ARM = const(0x16)
DISARM = const(0x17)
ACKNOWLEDGE = const(0x18)
SELF_TEST = const(0x19)
SETTINGS_GET = const(0x1A)
SETTINGS_SET = const(0x1B)
FAULT_LOG = const(0x1C)
USAGE_LOG = const(0x1D)
LIMITS = const(0x1E)
CARTRIDGE = const(0x1F)
SET_CLOCK = const(0x20)
TELEMETRY_RATE = const(0x21)
STATUS = const(0x22)

# --- events, unasked ------------------------------------------------------------------------------
TELEMETRY = const(0x40)
NOTICE = const(0x41)
