"""What the desk's thread does for a treatment: begin, enter, arm, go on, finish.

Jobs for `Desk.submit`; each runs on the desk's thread and may raise PenError. Owns no state.
"""

from host_controller import errors
from host_controller.planning import plan_copies
from host_controller.planning.plan import Plan
from host_controller.planning.plan_bytes import compile_plan
from host_controller.records.recorder import Recorder
from host_controller.treatment.session import TreatmentSession
from host_controller.ui.desk import Desk


def begin(desk: Desk, plan: Plan, session_id: int, operator: str, screen: dict[str, str]) -> str:
    """Open the record, push the plan and enter its first zone; the record's id.

    Raises PenRefused, RecordUnwritable, CartridgeSeen.
    """
    image = compile_plan(plan, session_id)
    plan_copies.keep(plan, image)
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


def arm(desk: Desk) -> None:
    """Ask for 30 s of the pen's own button; raises PenRefused with the reason."""
    session_of(desk).arm()


def acknowledge(desk: Desk) -> None:
    """Acknowledge the latched fault; raises PenRefused while its cause is present."""
    session_of(desk).acknowledge()


def go_on(desk: Desk) -> None:
    """After the shallower first pass: the whole plan, from its first zone."""
    session = session_of(desk)
    session.go_on()
    session.enter(session.plan.zones[0])


def finish(desk: Desk, outcome: str) -> None:
    """Stop, wait until the needles are in, close the record. Raises NotParked."""
    session = session_of(desk)
    session.stop()
    desk.session = None
    session.finish(outcome)
