"""Is this cartridge fit for this plan and this day? A judgement, from what its memory says.

One cartridge, one person, one session (H19): a used mark of another session, a damaged mark or an
id that this pen has used up refuses it for good. Pure: owns nothing.
"""

from protocol import codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from protocol.cartridge_layout import Identity, UsedMark

    Refusal = tuple[int, int, int, int, int]

OK = (codes.RESULT_OK, 0, 0, 0, 0)

SECONDS_2000 = 946_684_800  # 2000-01-01 in seconds since 1970
_DAY_S = 86_400


def day_of(unix_s: int) -> int:
    """Days since 2000-01-01 of a time in seconds since 1970 (0 before that day)."""
    return max(unix_s - SECONDS_2000, 0) // _DAY_S


def refusal(
    identity: "Identity | None",
    blank: bool,
    mark: "UsedMark | None",
    session_id: int,
    unix_s: int,
) -> "Refusal":
    """Why a cartridge may not be used, or OK.

    `blank`: the used mark's area is empty; `mark`: what it says, None when empty or damaged;
    `session_id`: of the plan in force, -1 without one; `unix_s`: 0 when the clock is not set.
    """
    if identity is None:
        return (codes.RESULT_CARTRIDGE_UNREADABLE, 0, 0, 0, 0)
    if not blank and (mark is None or mark.session_id != session_id):
        return (codes.RESULT_CARTRIDGE_USED, 0, 0, 0, 0)
    if unix_s == 0:
        return (codes.RESULT_CLOCK_UNSET, 0, 0, 0, 0)
    over = day_of(unix_s) - identity.expiry_day
    if over > 0:
        return (codes.RESULT_CARTRIDGE_EXPIRED, 0, over, 0, 0)
    return OK


def fits(identity: "Identity | None", pins: int, needle_um: int) -> "Refusal":
    """Whether the cartridge is the one that the plan was made for."""
    if identity is None:
        return (codes.RESULT_NO_CARTRIDGE, 0, 0, 0, 0)
    if identity.pins != pins:
        return (codes.RESULT_CARTRIDGE_WRONG, 0, identity.pins, pins, 0)
    if identity.needle_um != needle_um:
        return (codes.RESULT_CARTRIDGE_WRONG, 1, identity.needle_um, needle_um, 0)
    return OK
