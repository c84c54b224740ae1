"""The words of the model: facts by name, as single bits. Nothing here comes from the state table.

Bits of conditions are those of the wire; bits of events are those of `firmware.safety.transitions`,
looked up by their names, so a renumbering cannot make the model talk about something else.
"""

from firmware.safety import transitions
from protocol import codes

_NAMES = codes.CONDITION_NAMES + transitions.EVENT_NAMES


def bit(name: str) -> int:
    """The bit of a fact; KeyError-like ValueError for a name that does not exist."""
    return 1 << _NAMES.index(name)


SELF_TEST = bit("self-test passed")
HOMED = bit("homed")
PROVEN = bit("stop path proven")
SEATED = bit("cartridge seated")
VALID = bit("cartridge valid")
FITS = bit("cartridge fits plan")
PLAN = bit("plan ready")
ZONE = bit("zone chosen")
TETHER = bit("tether ok")
BATTERY = bit("battery ok")
NEEDLES_IN = bit("needles in")
BUTTON = bit("button pressed")

FAULT = bit("fault latched")
STOP = bit("stop asked")
BUTTON_STOP = bit("button stop")
PRESS = bit("button press")
ARM_HOST = bit("arm by host")
ARM_BUTTON = bit("arm by button")
IN_POSITION = bit("in position")
PARKED = bit("parked")
TIMEOUT = bit("state too long")
ACKNOWLEDGED = bit("acknowledged")

# Facts that must never decide anything: warnings and views for people.
VIEWS = (
    bit("contact")
    | bit("cam parked")
    | bit("drive enabled")
    | bit("temperature warning")
    | bit("rate warning")
    | bit("battery warning")
    | bit("dwell warning")
    | bit("dose warning")
)

# What must be there for needles to move, in the words of the design.
TO_MOVE = SELF_TEST | HOMED | PROVEN | SEATED | VALID | FITS | PLAN | ZONE | TETHER

BOOT, IDLE, CARTRIDGE_OK, CONFIGURED, ARMED, POSITIONING, RUNNING, PARKING, FAULTED = range(9)
STATES = codes.STATE_NAMES


def words(facts: int) -> str:
    """The names of the facts that hold."""
    return ", ".join(name for number, name in enumerate(_NAMES) if facts >> number & 1)
