"""Cartridges as the factory delivers them, and as they should not be.

Turns a short description into a plant cartridge whose memory holds the identity the firmware
reads. Owns no state.
"""

from hardware.plant.cartridge import Cartridge
from protocol.cartridge_layout import (
    IDENTITY_AT,
    USED_AT,
    Identity,
    UsedMark,
    pack_identity,
    pack_used,
)

# Type numbers of the identity: by needle count, and the flat silicon array that is not needles.
KINDS = {12: 1, 24: 2, 36: 3, 0: 4}
NEEDLE_UM = 2500
# A nano array has 9 x 9 cones too short to count as needles; together they resist like one.
NANO_CONES = 81
NANO_WEAR = 0.012
LOT = b"SIM00001"
FRESH_UNTIL_DAY = 36_524  # 2099-12-31, in days since 2000-01-01
EXPIRED_DAY = 365  # 2000-12-31
OTHER_SESSION = 0x0D15EA5E

STATES = ("new", "used", "expired", "worn", "blank")


def make_cartridge(pins: int = 12, state: str = "new", unique_id: int = 0x1234) -> Cartridge:
    """Return a cartridge of 12, 24 or 36 pins, or 0 for nano; ValueError for any other.

    `state`: "new"; "used" carries another session's mark; "expired"; "worn" is new by its memory
    but has blunt tips (three times the force); "blank" has an unwritten memory.
    """
    if pins not in KINDS:
        raise ValueError(f"No cartridge has {pins} pins; there are 12, 24, 36 and 0 (nano).")
    if state not in STATES:
        raise ValueError(f"A cartridge is not {state!r}; it is {', '.join(STATES)}.")
    wear = 3.0 if state == "worn" else 1.0
    if pins:
        cartridge = Cartridge(pins, unique_id, wear)
    else:
        cartridge = Cartridge(NANO_CONES, unique_id, wear * NANO_WEAR)
    memory = cartridge.memory.content
    if state != "blank":
        expiry = EXPIRED_DAY if state == "expired" else FRESH_UNTIL_DAY
        identity = pack_identity(Identity(KINDS[pins], pins, NEEDLE_UM, LOT, expiry))
        memory[IDENTITY_AT : IDENTITY_AT + len(identity)] = identity
    if state == "used":
        mark = pack_used(UsedMark(OTHER_SESSION, 9_000))
        memory[USED_AT : USED_AT + len(mark)] = mark
    return cartridge
