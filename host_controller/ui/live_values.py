"""What the live page shows of one reading, as texts and shares; nothing the program believes.

Pure: a reading, the row of its zone and what was measured so far in, texts out.
"""

from typing import NamedTuple

from host_controller import words
from host_controller.planning.plan import PlanZone
from host_controller.replies import EXPOSED, Reading
from host_controller.ui.catalogue import Texts
from protocol import codes

DONE_PCT = 100


class Coverage(NamedTuple):
    """How far the dose of a zone has come: of the whole, and of the pass under way."""

    zone_pct: int
    passed: int  # passes that the dose so far makes up
    pass_pct: int  # of the next one


def coverage(punctures_per_cm2: int, limit_per_cm2: int, passes: int) -> Coverage:
    """Punctures so far as passes: each pass is an even share of the dose."""
    so_far = min(punctures_per_cm2, limit_per_cm2)
    passed = so_far * passes // limit_per_cm2
    share = so_far * passes - passed * limit_per_cm2
    return Coverage(so_far * 100 // limit_per_cm2, passed, share * 100 // limit_per_cm2)


def coverage_hint(say: Texts, reading: Reading, row: PlanZone) -> str:
    """Where the hand should be in the zone, by the dose it has had."""
    found = coverage(reading.punctures_per_cm2, row.dose_limit_per_cm2, row.passes)
    if found.zone_pct >= DONE_PCT:
        return say("live.covered")
    if not reading.punctures_per_cm2:
        return say("live.begin")
    return say("live.pass_share", number=found.passed + 1, of=row.passes, percent=found.pass_pct)


def values(say: Texts, reading: Reading, row: PlanZone | None) -> dict[str, str]:
    """Texts by the name of their place."""
    shown = {
        "depth": say("live.in") if reading.needles_in else say.mm(reading.depth_um),
        "rate": say.hz(reading.rate_chz, 0),
        "dose": str(reading.punctures_per_cm2),
        "contact": say("live.on_skin" if reading.has(codes.COND_CONTACT) else "live.off_skin"),
        "needles": needles(say, reading),
        "passes": str(reading.pass_number),
        "time": words.minutes(reading.zone_ms),
        "cartridge": cartridge(say, reading),
        "battery": f"{reading.battery_pct} %",
        "temperature": say.celsius(reading.temperature_cdeg),
    }
    if row is None:
        return shown | {"depth_set": "", "rate_set": "", "dose_set": "", "hint": ""}
    planned = say("treat.planned")
    return shown | {
        "depth_set": f"{planned} {say.mm(row.depth_um)}",
        "rate_set": f"{planned} {say.hz(row.rate_chz, 0)}",
        "dose_set": say("treat.of", limit=row.dose_limit_per_cm2),
        "hint": coverage_hint(say, reading, row),
        "passes": f"{reading.pass_number} / {row.passes}",
        "time": f"{words.minutes(reading.zone_ms)} / {words.minutes(row.time_limit_s * 1000)}",
    }


def needles(say: Texts, reading: Reading) -> str:
    """Where the needles are: in only when it is sensed; out while they are meant to be."""
    if reading.needles_in:
        return say("live.needles_in")
    return say("live.needles_run" if reading.state in EXPOSED else "live.needles_out")


def cartridge(say: Texts, reading: Reading) -> str:
    """What the pen says of its cartridge."""
    if not reading.has(codes.COND_SEATED):
        return say("live.no_cartridge")
    if not reading.has(codes.COND_CARTRIDGE_VALID):
        return say("live.bad_cartridge")
    if reading.has(codes.COND_PLAN_READY) and not reading.has(codes.COND_CARTRIDGE_FITS):
        return say("live.wrong_cartridge")
    return say("live.cartridge_ok")


def marked(reading: Reading, row: PlanZone | None) -> dict[str, bool]:
    """Places whose value asks for a look: outside what the pen itself tolerates."""
    running = reading.state == codes.STATE_RUNNING
    return {
        "depth": bool(
            running and row is not None and abs(reading.depth_um - row.depth_um) > DEPTH_LOOK_UM
        ),
        "rate": running and reading.has(codes.COND_RATE_WARN),
        "needles": not reading.needles_in and reading.state not in EXPOSED,
        "cartridge": not reading.has(codes.COND_CARTRIDGE_VALID),
        "battery": reading.has(codes.COND_BATTERY_WARN),
        "temperature": reading.has(codes.COND_TEMPERATURE_WARN),
        "contact": False,
    }


DEPTH_LOOK_UM = 75  # half of the 0.15 mm that no puncture may be off
