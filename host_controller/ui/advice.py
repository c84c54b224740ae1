"""What a person does next, in the language of the pages: one sentence for every state of the pen.

Also the two questions that catch a wrong zone: after much time in one zone, and before the first
needle near the eye. Pure.
"""

from host_controller import words
from host_controller.planning.plan import Plan, PlanZone
from host_controller.replies import Reading
from host_controller.ui.catalogue import Texts
from protocol import codes

NEAR_EYE = "periorbital"


def still_here(reading: Reading, row: PlanZone) -> bool:
    """Whether it is time to ask if the pen is still in this zone: half of its time is used up.

    The limit is three times what the plan expects, so a hand at work is asked once at most.
    """
    return reading.zone_ms * 2 > row.time_limit_s * 1000


def next_step(
    say: Texts, reading: Reading, plan: Plan, row: PlanZone, *, complete: bool, more: bool
) -> str:
    """The sentence for now; `complete`: the pen ended the zone, `more`: full depth follows."""
    state, zone = reading.state, say.zone(row.name)
    if reading.fault:
        return say("advice.fault")
    if state == codes.STATE_BOOT:
        return say("advice.boot")
    if state in (codes.STATE_IDLE, codes.STATE_CARTRIDGE_OK):
        return _not_ready(say, reading, plan)
    if state == codes.STATE_CONFIGURED:
        if complete:
            return say("advice.first_done" if more else "advice.done", zone=zone)
        if still_here(reading, row):
            return say("advice.still", zone=zone, time=words.minutes(reading.zone_ms))
        return say("advice.arm", zone=zone)
    if state == codes.STATE_ARMED:
        return say("advice.press" if plan.latch else "advice.hold")
    if state == codes.STATE_POSITIONING:
        return say("advice.positioning")
    if state == codes.STATE_RUNNING:
        if still_here(reading, row):
            return say("advice.still", zone=zone, time=words.minutes(reading.zone_ms))
        return say("advice.glide_latch" if plan.latch else "advice.glide", zone=zone)
    return say("advice.parking")


def _not_ready(say: Texts, reading: Reading, plan: Plan) -> str:
    if not reading.has(codes.COND_SEATED):
        return say("advice.seat", cartridge=plan.cartridge)
    if not reading.has(codes.COND_CARTRIDGE_VALID):
        return say("advice.unusable")
    if reading.has(codes.COND_PLAN_READY) and not reading.has(codes.COND_CARTRIDGE_FITS):
        return say("advice.wrong_cartridge", cartridge=plan.cartridge)
    return say("advice.wait")
