"""Readings as a pen would say them, for tests of what a page makes of them."""

from typing import Any

from host_controller.planning.plan import PINS_NANO, Plan, PlanZone
from host_controller.replies import Reading
from host_controller.ui.desk import CONNECTED, View
from protocol import codes
from protocol.zones import ZONES

READY = (
    codes.COND_SELF_TEST_PASSED,
    codes.COND_HOMED,
    codes.COND_SEATED,
    codes.COND_CARTRIDGE_VALID,
    codes.COND_CARTRIDGE_FITS,
    codes.COND_PLAN_READY,
    codes.COND_ZONE_CHOSEN,
    codes.COND_NEEDLES_IN,
)
ZONE = {name: number for number, name in ZONES}


def conditions(*bits: int) -> int:
    """The word of these bits."""
    return sum(1 << bit for bit in bits)


def said(state: int = codes.STATE_CONFIGURED, *more: int, **fields: Any) -> Reading:
    """A pen that is ready, but for what is given; `more` are further conditions."""
    plain = Reading(*([0] * len(Reading._fields)))
    return plain._replace(
        **{
            "state": state,
            "zone": ZONE["forehead"],
            "battery_pct": 84,
            "temperature_cdeg": 2500,
            "conditions": conditions(*READY, *more),
            **fields,
        }
    )


def view(reading: Reading | None, heard_s: float = 100.0, link: str = CONNECTED) -> View:
    """What the desk shows of it."""
    return View(link=link, reading=reading, heard_s=heard_s)


def row(name: str = "forehead", **fields: Any) -> PlanZone:
    """A row of a plan."""
    values = {
        "zone": ZONE[name],
        "depth_um": 500,
        "rate_chz": 9000,
        "passes": 2,
        "time_limit_s": 300,
        "dose_limit_per_cm2": 300,
        "area_mm2": 5000,
    }
    return PlanZone(**{**values, **fields})


def plan(*rows: PlanZone, latch: bool = False) -> Plan:
    """A plan of these rows."""
    return Plan("test", latch, True, False, PINS_NANO, 2500, "starter1", rows or (row(),))
