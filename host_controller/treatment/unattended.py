"""A treatment without a keyboard: arms each zone, waits for the pen's button, goes on when done.

For scripts (`pen treat --yes`), `pen demo` and `pen try` without a terminal. The needles still
start by the pen's button alone; `person` is whoever presses it. Owns no state.
"""

from collections.abc import Callable
from typing import Protocol

from host_controller import errors, refusals
from host_controller.planning.plan import PlanZone
from host_controller.replies import Reading
from host_controller.treatment import guidance
from host_controller.treatment.session import TreatmentSession
from protocol import codes

READY_MS = 30_000  # for a cartridge to be seated
ARMS_WITHOUT_RUN = 4  # each lasts 30 s: two minutes for somebody to press the button


class Person(Protocol):
    """Who presses the button."""

    @property
    def may_arm(self) -> bool:
        """Whether the button is up."""

    def begin(self, row: PlanZone) -> None:
        """A zone begins."""

    def act(self, reading: Reading) -> None:
        """Called after every step."""

    def end(self) -> None:
        """The zone has ended."""


class Somebody:
    """A real person: presses when they like."""

    may_arm = True

    def begin(self, row: PlanZone) -> None:
        """Nothing to arrange."""

    def act(self, reading: Reading) -> None:
        """Nothing to arrange."""

    def end(self) -> None:
        """Nothing to arrange."""


Report = Callable[[TreatmentSession], None]


def run_zone(session: TreatmentSession, row: PlanZone, person: Person, report: Report) -> None:
    """Treat one zone to its dose or time.

    Raises TreatmentFailed when the button is not pressed, PenFaulted for a fault.
    """
    person.begin(row)
    session.enter(row)
    arms, runs = 0, 0
    began_ms = session.pen.client.clock_ms()
    while True:
        session.step()
        reading = session.reading
        if session.zone_complete:
            break
        if reading.fault:
            raise refusals.PenFaulted(reading.fault)
        person.act(reading)
        report(session)
        if session.figures and session.figures.runs > runs:
            runs, arms = session.figures.runs, 0
        if reading.state < codes.STATE_CONFIGURED:
            if session.pen.client.clock_ms() - began_ms > READY_MS:
                raise _failed(session, row, "The pen did not get ready.")
        elif reading.state == codes.STATE_CONFIGURED and person.may_arm:
            if arms == ARMS_WITHOUT_RUN:
                raise _failed(session, row, "The pen's button was not pressed.")
            arms += _arm(session)
    person.end()
    session.leave()


def _arm(session: TreatmentSession) -> int:
    """Arm, unless the button is down already: the pen wants a fresh press. 1 when it was asked."""
    if session.reading.has(codes.COND_BUTTON):
        return 0
    try:
        session.arm()
    except refusals.PenRefused as refusal:
        if refusal.code != codes.RESULT_BUTTON_HELD:
            raise
        return 0
    return 1


def _failed(session: TreatmentSession, row: PlanZone, sentence: str) -> errors.PenError:
    hint = guidance.next_step(session, row, "run it again")
    return errors.TreatmentFailed(sentence, next_step=hint)
