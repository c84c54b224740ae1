"""What a person does next: one sentence for every state of the pen. Owns no state."""

from host_controller import refusals
from host_controller.planning.plan import Plan, PlanZone
from host_controller.replies import Reading
from host_controller.treatment.session import TreatmentSession
from protocol import codes
from protocol.texts import STOP_TEXTS

_START = {True: "press the pen's button to start", False: "hold the pen's button to run"}
_END = {True: "Press the button again to stop.", False: "Release the button to stop."}


def warnings(reading: Reading, row: PlanZone) -> list[str]:
    """Warnings that stand while zone `row` is treated, most urgent first."""
    near = "nearly " if reading.punctures_per_cm2 < row.dose_limit_per_cm2 else ""
    rows = (
        (codes.COND_DWELL_WARN, "Too long on one spot: lift and move on."),
        (codes.COND_TEMPERATURE_WARN, "The pen is warm (41 °C): it stops at 43 °C."),
        (codes.COND_RATE_WARN, "The rate is more than 10 % off: press more lightly."),
        (codes.COND_DOSE_WARN, f"The dose of this zone is {near}reached."),
        (codes.COND_BATTERY_WARN, "The battery is below 20 %."),
    )
    return [text for bit, text in rows if reading.has(bit)]


def _not_ready(reading: Reading, plan: Plan) -> str:
    if not reading.has(codes.COND_SEATED):
        return f"Seat a cartridge ({plan.cartridge}) until it clicks."
    if not reading.has(codes.COND_CARTRIDGE_VALID):
        return "This cartridge cannot be used: unreadable, used or expired. Take a new one."
    if reading.has(codes.COND_PLAN_READY) and not reading.has(codes.COND_CARTRIDGE_FITS):
        return f"This cartridge is not the one of the plan: {plan.cartridge}."
    return "Wait: the pen looks at its cartridge and plan."


def next_step(session: TreatmentSession, row: PlanZone, arm_key: str) -> str:
    """The sentence for now; `arm_key` names how arming is asked for."""
    reading, plan = session.reading, session.plan
    state = reading.state
    if reading.fault:
        return (
            f"{refusals.fault_number(reading.fault)} {refusals.fault_sentence(reading.fault)} "
            f"{refusals.fault_next_step(reading.fault)}"
        )
    if state == codes.STATE_BOOT:
        return "Wait: the pen tests itself and homes its depth stage."
    if state in (codes.STATE_IDLE, codes.STATE_CARTRIDGE_OK):
        return _not_ready(reading, plan)
    if state == codes.STATE_CONFIGURED:
        if session.zone_complete:
            return " ".join(STOP_TEXTS[reading.stop_reason])
        return f"Put the pen on the {row.name}, then {arm_key} to arm."
    if state == codes.STATE_ARMED:
        return f"Armed for 30 s: {_START[plan.latch]}."
    if state == codes.STATE_POSITIONING:
        return "The pen sets the depth."
    if state == codes.STATE_RUNNING:
        return f"Glide over the {row.name}. {_END[plan.latch]}"
    return "Wait: the needles go in."
