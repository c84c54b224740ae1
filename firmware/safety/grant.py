"""The last check before needles move: depth and rate are what the limits allow, right now.

The plan was checked when it was received (`treatment.plan`); this check is made again at the press
of the button, by safety's own reading of `limits.py`. Pure, allocates nothing, owns nothing.
"""

from firmware.safety import limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from firmware.safety.status import TreatmentStatus


def may_grant(asked: "TreatmentStatus") -> bool:
    """Whether zone, depth (um), rate (0.01 Hz) and cartridge of `asked` are within every limit."""
    row = limits.zone_row(asked.zone)
    if row is None:
        return False
    if asked.override_reason:
        deepest_um = min(row[2], limits.DEPTH_HARD_CAP_UM, asked.cartridge_depth_um)
    else:
        deepest_um = min(row[1], limits.DEPTH_DEFAULT_CAP_UM, asked.cartridge_depth_um)
    slowest_chz = row[3]
    if asked.demo:
        slowest_chz = limits.RATE_MIN_CHZ
        deepest_um = min(deepest_um, limits.DEPTH_DEMO_CAP_UM)
    if not limits.DEPTH_MIN_UM <= asked.depth_um <= deepest_um:
        return False
    if not slowest_chz <= asked.rate_chz <= min(row[4], limits.RATE_MAX_CHZ):
        return False
    return 0 < asked.current_limit_ma <= limits.CURRENT_MOST_MA
