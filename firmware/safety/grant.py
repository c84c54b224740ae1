"""The last check before needles move: depth and rate are what the limits allow, right now.

The plan was checked when it was received (`treatment.plan`); this check is made again at the press
of the button, by safety's own reading of `limits.py`. Changes nothing, owns nothing.
"""

from array import array

from firmware.safety.limits import ZONE_LIMITS
from protocol.interpreter import const, micropython, ptr32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.words import Words

# Zone by zone: cap um, override maximum um, lowest and highest rate; place 0 allows nothing.
ZONES = array("i", [0, 0, 0, 0])
for _number, _row in enumerate(ZONE_LIMITS):
    if _row[0] != _number + 1:
        raise ValueError("zones out of order")
    ZONES.extend(array("i", _row[1:]))

# Words, restated: an imported name would be looked up at run time.
_DEMO = const(352)
_ZONE = const(353)
_ZONE_DEPTH_UM = const(354)
_ZONE_RATE_CHZ = const(355)
_OVERRIDE = const(356)
_CARTRIDGE_MA = const(357)
_CARTRIDGE_UM = const(358)

# Limits, likewise (tests compare).
_ZONES = const(16)
_COLUMNS = const(4)
_HARD_CAP_UM = const(2500)
_DEFAULT_CAP_UM = const(1500)
_DEMO_CAP_UM = const(250)
_DEPTH_MIN_UM = const(50)
_RATE_MIN_CHZ = const(2500)
_RATE_MAX_CHZ = const(15000)
_CURRENT_MOST_MA = const(800)


@micropython.viper
def may_grant(words) -> int:  # type: ignore[no-untyped-def]
    """1 if zone, depth, rate and cartridge that the plan asks for are within every limit."""
    w = ptr32(words)
    zones = ptr32(ZONES)
    zone = w[_ZONE]
    if zone < 1 or zone > _ZONES:
        return 0
    row = zone * _COLUMNS
    deepest_um = zones[row]
    cap_um = _DEFAULT_CAP_UM
    if w[_OVERRIDE]:
        deepest_um = zones[row + 1]
        cap_um = _HARD_CAP_UM
    if deepest_um > cap_um:
        deepest_um = cap_um
    slowest_chz = zones[row + 2]
    if w[_DEMO]:
        slowest_chz = _RATE_MIN_CHZ
        if deepest_um > _DEMO_CAP_UM:
            deepest_um = _DEMO_CAP_UM
    depth_um = w[_ZONE_DEPTH_UM]
    if depth_um < _DEPTH_MIN_UM or depth_um > deepest_um or depth_um > w[_CARTRIDGE_UM]:
        return 0
    rate_chz = w[_ZONE_RATE_CHZ]
    if rate_chz < slowest_chz or rate_chz > zones[row + 3] or rate_chz > _RATE_MAX_CHZ:
        return 0
    if w[_CARTRIDGE_MA] < 1 or w[_CARTRIDGE_MA] > _CURRENT_MOST_MA:
        return 0
    return 1
