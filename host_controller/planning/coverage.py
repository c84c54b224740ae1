"""How many punctures a zone gets, and how long it takes, for a head and a speed of the hand.

One pass with `pins` needles at r strokes a second, a head w wide that glides at v, leaves
pins * r / (w * v) punctures per area. Integers: um, um/s, 0.01 Hz, mm². Pure.
"""

from typing import NamedTuple

HEAD_UM = 8_000  # width of the cartridge's nose
NANO_COUNTS_AS = 36  # tips without needles are counted as the largest array, as the pen does
GLIDE_MIN_UM_S = 5_000
GLIDE_MAX_UM_S = 200_000  # faster than 20 cm/s no hand follows a face
UM2_PER_CM2 = 100_000_000
TIME_LIMIT_USUAL_S = 300
TIME_LIMIT_MAX_S = 1800


class Coverage(NamedTuple):
    """What to expect in one zone."""

    glide_um_s: int  # speed of the hand that the figures are for
    per_pass_per_cm2: int
    total_per_cm2: int  # all passes, before the pen's dose limit
    matching_glide_um_s: int  # the speed at which all passes together make the dose
    needles_s: int  # running needles until the dose is reached


def _pins(pins: int) -> int:
    return pins or NANO_COUNTS_AS


def per_pass_per_cm2(pins: int, rate_chz: int, head_um: int, glide_um_s: int) -> int:
    """Punctures per cm² of one pass."""
    return _pins(pins) * rate_chz * UM2_PER_CM2 // (100 * head_um * glide_um_s)


def matching_glide_um_s(pins: int, rate_chz: int, head_um: int, dose: int, passes: int) -> int:
    """Speed of the hand at which `passes` passes make `dose` punctures per cm², in mm/s steps."""
    exact = _pins(pins) * rate_chz * UM2_PER_CM2 * passes // (100 * head_um * dose)
    return max(GLIDE_MIN_UM_S, exact // 1000 * 1000)


def needles_s(pins: int, rate_chz: int, dose: int, area_mm2: int) -> int:
    """Seconds of running needles on skin until the area has had its dose, rounded up."""
    punctures = dose * area_mm2 // 100
    return -(-punctures * 100 // (_pins(pins) * rate_chz))


def time_limit_s(expected_s: int) -> int:
    """A limit that a slow hand does not meet: three times what is expected, within the pen's."""
    return min(TIME_LIMIT_MAX_S, max(TIME_LIMIT_USUAL_S, 3 * expected_s))


def coverage(
    pins: int, rate_chz: int, passes: int, dose: int, area_mm2: int, glide_um_s: int, head_um: int
) -> Coverage:
    """What to expect; a `glide_um_s` of 0 stands for the speed that matches the dose."""
    matching = matching_glide_um_s(pins, rate_chz, head_um, dose, passes)
    glide = glide_um_s or min(matching, GLIDE_MAX_UM_S)
    one = per_pass_per_cm2(pins, rate_chz, head_um, glide)
    return Coverage(glide, one, one * passes, matching, needles_s(pins, rate_chz, dose, area_mm2))
