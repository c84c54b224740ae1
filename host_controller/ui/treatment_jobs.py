"""What the desk's thread does for a treatment: begin, enter, arm, go on, finish.

Jobs for `Desk.submit`; each runs on the desk's thread and may raise PenError. Owns no state.
"""

from host_controller import errors
from host_controller.planning import plan_copies
from host_controller.planning.plan import Plan
from host_controller.planning.plan_bytes import compile_plan
from host_controller.treatment.session import TreatmentSession
from host_controller.ui.desk import Desk


def begin(desk: Desk, plan: Plan, session_id: int, operator: str, screen: dict[str, str]) -> str:
    """Open the record, push the plan and enter its first zone; the record's id.

    Raises PenRefused, RecordUnwritable, CartridgeSeen.
    """
    image = compile_plan(plan, session_id)
    plan_copies.keep(plan, image)
    from host_controller.records.recorder import Recorder

    session = TreatmentSession(desk.pen, plan, image, Recorder(), session_id)
    basis = plan.basis
    planning = {**basis.as_record(), "screen": dict(screen)} if basis else {}
    try:
        session.begin(basis.client if basis else "", operator, "", desk.view.simulated, planning)
        session.enter(session.plan.zones[0])
    except errors.PenError as problem:
        session.finish("failed", problem)
        raise
    desk.session = session
    return session.record.record_id


def session_of(desk: Desk) -> TreatmentSession:
    """The treatment under way; raises UsageError when there is none."""
    if desk.session is None:
        raise errors.UsageError("No treatment is under way.", next_step="Begin with the client.")
    return desk.session


def enter(desk: Desk, zone: int) -> None:
    """Choose a zone of the plan; raises PenRefused."""
    session = session_of(desk)
    row = session.plan.row(zone)
    if row is not None:
        session.enter(row)


def arm(desk: Desk, zone: int) -> None:
    """Ask for 30 s of the pen's own button in the zone that was shown.

    Raises PenRefused with the reason, UsageError when the pen is in another zone by now.
    """
    session = session_of(desk)
    if session.reading.zone != zone:
        raise errors.UsageError(
            f"The pen has changed to {session.reading.zone_name or 'no zone'} meanwhile.",
            cause="The zone was changed by another window or by the pen itself.",
            next_step="Look at the zone, then arm again.",
        )
    session.arm()


def acknowledge(desk: Desk) -> None:
    """Acknowledge the latched fault, also without a treatment.

    Raises PenRefused while its cause is present.
    """
    if desk.session is not None:
        desk.session.acknowledge()
    elif desk.view.reading is not None:
        desk.pen.acknowledge(desk.view.reading.fault)


def go_on(desk: Desk) -> None:
    """After the shallower first pass: the whole plan, from its first zone."""
    session = session_of(desk)
    session.go_on()
    session.enter(session.plan.zones[0])


def outcome_of(session: TreatmentSession) -> str:
    """Complete only when the needles ran in every zone of the whole plan."""
    figures = [*session.done, *([session.figures] if session.figures else [])]
    treated = {one.row.zone for one in figures if one.runs}
    planned = {row.zone for row in session.plan.zones}
    whole = planned <= treated and not session.more_to_come
    return "complete" if whole else "ended by the user"


def finish(desk: Desk) -> None:
    """Stop, wait until the needles are in, close the record. Raises NotParked."""
    session = session_of(desk)
    session.stop()
    try:
        session.finish(outcome_of(session))
    finally:
        desk.session = None  # not before: then the record is read, and has to be closed
