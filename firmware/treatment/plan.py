"""May the pen carry out this plan? Every row against every limit, before anything is changed.

A refusal is `(result, context, value, low, high)` with RESULT_* numbers as in `protocol.codes`.
For RESULT_OUT_OF_RANGE the context is `row << 4 | field` with the field's place in
`plan_layout.ROW_FIELDS`, or 0x0F for the pins and 0x0E for the needle length of the header.
Pure: owns nothing, changes nothing.
"""

from firmware.safety import limits
from protocol import codes, plan_layout
from protocol.interpreter import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from protocol.plan_layout import Plan, PlanRow

    Refusal = tuple[int, int, int, int, int]

OK = (codes.RESULT_OK, 0, 0, 0, 0)

CONTEXT_PINS = const(0x0F)
CONTEXT_NEEDLE = const(0x0E)
_FIELD_PASSES = const(1)
_FIELD_DEPTH = const(2)
_FIELD_TIME = const(4)
_FIELD_DOSE = const(5)
_FIELD_AREA = const(6)

NEEDLE_MIN_UM = const(100)
NEEDLE_MAX_UM = const(3000)


def refusal(data: "bytes | bytearray") -> "Refusal":
    """Why the bytes of a plan are refused, or OK."""
    try:
        plan = plan_layout.unpack(data)
    except plan_layout.PlanFormatError as error:
        return (codes.RESULT_PLAN_FORMAT, min(error.offset, 255), len(data), 0, 0)
    return plan_refusal(plan)


def plan_refusal(plan: "Plan") -> "Refusal":
    """Why a plan is refused, or OK: header first, then each row in order."""
    cartridge = limits.cartridge_row(plan.pins)
    if cartridge is None:
        return (codes.RESULT_OUT_OF_RANGE, CONTEXT_PINS, plan.pins, 0, 36)
    if not NEEDLE_MIN_UM <= plan.needle_um <= NEEDLE_MAX_UM:
        return (
            codes.RESULT_OUT_OF_RANGE,
            CONTEXT_NEEDLE,
            plan.needle_um,
            NEEDLE_MIN_UM,
            NEEDLE_MAX_UM,
        )
    demonstration = bool(plan.flags & plan_layout.FLAG_DEMONSTRATION)
    deepest_um = min(cartridge[2], plan.needle_um)
    if demonstration:
        deepest_um = min(deepest_um, limits.DEPTH_DEMO_CAP_UM)
    seen = 0
    for index, row in enumerate(plan.rows):
        if 1 <= row.zone <= limits.SESSION_ZONES_MAX and seen >> row.zone & 1:
            return (codes.RESULT_DUPLICATE_ZONE, row.zone, row.zone, 0, 0)
        seen |= 1 << min(row.zone, 17)
        found = _row_refusal(index, row, deepest_um, demonstration)
        if found[0] != codes.RESULT_OK:
            return found
    return OK


def _row_refusal(index: int, row: "PlanRow", deepest_um: int, demonstration: bool) -> "Refusal":
    zone = limits.zone_row(row.zone)
    if zone is None:
        return (codes.RESULT_UNKNOWN_ZONE, min(row.zone, 255), row.zone, 1, 16)
    _, cap_um, override_max_um, slowest_chz, fastest_chz = zone
    cap_um = min(cap_um, limits.DEPTH_DEFAULT_CAP_UM, deepest_um)
    override_max_um = min(override_max_um, limits.DEPTH_HARD_CAP_UM, deepest_um)
    if row.depth_um < limits.DEPTH_MIN_UM:
        return _outside(index, _FIELD_DEPTH, row.depth_um, limits.DEPTH_MIN_UM, cap_um)
    if row.depth_um > override_max_um:
        low = limits.DEPTH_MIN_UM
        return (codes.RESULT_ABOVE_OVERRIDE_MAX, row.zone, row.depth_um, low, override_max_um)
    if row.depth_um > cap_um and not row.override_reason:
        low = limits.DEPTH_MIN_UM
        return (codes.RESULT_ABOVE_ZONE_CAP, row.zone, row.depth_um, low, cap_um)
    if demonstration:
        slowest_chz = limits.RATE_MIN_CHZ
    if not slowest_chz <= row.rate_chz <= fastest_chz:
        result = codes.RESULT_RATE_OUT_OF_RANGE
        return (result, row.zone, row.rate_chz, slowest_chz, fastest_chz)
    for field, value, low, high in (
        (_FIELD_PASSES, row.passes, 1, limits.PASSES_MAX),
        (_FIELD_TIME, row.time_limit_s, 1, limits.ZONE_TIME_MAX_S),
        (_FIELD_DOSE, row.dose_limit_per_cm2, 1, limits.DOSE_MAX_PER_CM2),
        (_FIELD_AREA, row.area_mm2, limits.AREA_MIN_MM2, limits.AREA_MAX_MM2),
    ):
        if not low <= value <= high:
            return _outside(index, field, value, low, high)
    return OK


def _outside(index: int, field: int, value: int, low: int, high: int) -> "Refusal":
    return (codes.RESULT_OUT_OF_RANGE, (index << 4 | field) & 0xFF, value, low, high)
