"""Cartridge, plan and library of a pen on one line each. Owns no state."""

from host_controller import words
from host_controller.replies import CartridgeInfo, PlanInfo
from protocol.hello import PenIdentity
from protocol.texts import RESULT_TEXTS


def cartridge_words(cartridge: CartridgeInfo | None) -> str:
    """The cartridge on one line."""
    if cartridge is None:
        return "none"
    fit = "" if not cartridge.result else f", {RESULT_TEXTS[cartridge.result][0]}"
    return (
        f"{words.pins(cartridge.pins)}, {words.mm(cartridge.needle_um)}, lot {cartridge.lot_text}, "
        f"use by {words.day(cartridge.expiry_day)}{fit}"
    )


def plan_words(plan: PlanInfo | None) -> str:
    """The plan on one line."""
    if plan is None:
        return "none"
    zones = "1 zone" if plan.zone_count == 1 else f"{plan.zone_count} zones"
    return f"{plan.title!r}, {zones}, session {plan.session_id:08x}, {plan.sha256.hex()[:12]}"


def library_words(identity: PenIdentity) -> str:
    """The depth library of the plan on the pen; the pen sends its bytes in hexadecimal."""
    try:
        return bytes.fromhex(identity.library).rstrip(b"\0").decode("ascii")
    except ValueError:
        return identity.library
