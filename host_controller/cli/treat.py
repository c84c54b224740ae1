"""`pen treat`: carry out a plan zone by zone, show it live, record it."""

import contextlib
import sys
from typing import TYPE_CHECKING, Any

import click

from host_controller import errors, words
from host_controller.cli import before_treatment
from host_controller.cli.context import PenContext
from host_controller.cli.context import command as pen_command
from host_controller.cli.guard import stopping
from host_controller.cli.output import Output
from host_controller.cli.plan import new_session_id
from host_controller.cli.summary import print_summary
from host_controller.pen import Pen
from host_controller.planning import plan_copies, plan_file
from host_controller.planning.plan_bytes import compile_plan
from host_controller.planning.plan_copies import PlanCopy
from host_controller.records.pseudonyms import pseudonym
from host_controller.refusals import PenFaulted
from host_controller.simulated import announcements
from host_controller.treatment.session import TreatmentSession
from host_controller.treatment.unattended import Somebody, run_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from host_controller.records.udi import Udi
    from host_controller.simulated.hand import Hand

REPORT_MS = 200  # lines of an unattended treatment; five a second are enough for a log


def interactive() -> bool:
    """Whether a person sits at a terminal that can be drawn on."""
    import os

    dumb = os.environ.get("TERM", "") in ("", "dumb") and os.name == "posix"
    return sys.stdin.isatty() and sys.stdout.isatty() and not dumb


def _session_of(record_id: str) -> int:
    """Session id of an earlier record, so that its cartridge is still accepted."""
    from host_controller.cli.records_desk import opened
    from host_controller.records import kinds
    from host_controller.records.home import home
    from host_controller.records.spool import Spool

    for entry in Spool(home()).entries():  # it may not have reached the database
        if entry["type"] == kinds.BEGIN and entry["record_id"] == record_id:
            return int(entry["session_id"])
    with opened() as store:
        return store.session(record_id).session_id


def choose_plan(pen: Pen, file: str | None, continues: str | None) -> PlanCopy:
    """The plan to carry out: from FILE, or the one on the pen if this computer knows it."""
    if file is not None:
        plan = plan_file.load(file)
        session_id = _session_of(continues) if continues else new_session_id()
        return PlanCopy(plan, compile_plan(plan, session_id), session_id)
    info = pen.plan_info()
    if info is None:
        raise errors.UsageError(
            "There is no plan on the pen and none was given.",
            cause="A treatment needs a plan.",
            next_step="Name one: pen treat FILE",
        )
    copy = plan_copies.find(info.sha256)
    if copy is None:
        raise errors.UsageError(
            f"The plan {info.title!r} on the pen was pushed from another computer.",
            cause="The pen tells the hash of its plan, not its zones.",
            next_step="Name the plan's file: pen treat FILE",
        )
    return copy


class Lines:
    """Reports an unattended treatment as lines, JSON or text."""

    def __init__(self, out: Output) -> None:
        self._out = out
        self._last_ms = -REPORT_MS

    def __call__(self, session: TreatmentSession) -> None:
        """Print what is new."""
        while session.events:
            event = session.events.popleft()
            if self._out.as_json:
                self._out.object("pen.treat.event/1", {"text": event})
            else:
                self._out.message(event)
        now_ms = session.pen.client.clock_ms()
        if self._out.as_json and now_ms - self._last_ms >= REPORT_MS:
            self._last_ms = now_ms
            from host_controller.cli.info import reading_fields

            self._out.object("pen.treat.reading/1", reading_fields(session.reading))


@contextlib.contextmanager
def simulated_hand(session: TreatmentSession) -> "Iterator[Hand | None]":
    """The person of a simulated pen, moved by the keyboard; None for a real pen."""
    found = announcements.of(session.pen.identity.serial)
    if found is None or not found.control:
        yield None
        return
    from host_controller.simulated.control_link import ControlLink
    from host_controller.simulated.hand import Hand

    control = ControlLink(found.control)
    try:
        yield Hand(control)
    finally:
        control.close()


def carry_out(out: Output, session: TreatmentSession, title: str) -> str:
    """Run the treatment at the terminal or unattended; returns the outcome."""
    outcome, over = _carry_out_plan(out, session, title)
    if session.more_to_come and not over:
        session.go_on()
        outcome, over = _carry_out_plan(out, session, title)
    return outcome


def _carry_out_plan(out: Output, session: TreatmentSession, title: str) -> tuple[str, bool]:
    """(outcome, whether the person ended it) of the plan that is in force."""
    if session.more_to_come:
        title += " · first pass"
    if interactive() and not out.as_json:
        from host_controller.cli.guided import Guided

        with simulated_hand(session) as hand:
            guided = Guided(session, title, hand)
            return guided.run(), guided.quit
    report = Lines(out)
    for row in session.plan.zones:
        if not out.as_json:
            first = ", first pass" if session.more_to_come else ""
            out.message(f"{row.name}: {words.mm(row.depth_um)}, {words.hz(row.rate_chz, 0)}{first}")
        run_zone(session, row, Somebody(), report)
    return "complete", False


def finish(
    out: Output, session: TreatmentSession, outcome: str, error: errors.PenError | None
) -> None:
    """Close the record, whatever happened; never hides the error that is under way.

    What kept the record from disk or database meanwhile is told once more, at the end.
    """
    try:
        session.finish(outcome, error)
    except errors.PenError as problem:
        if error is None:
            raise
        out.message(f"{problem.number} {problem.sentence} {problem.next_step}")
    finally:
        for text in session.problems:
            out.message(text)


@pen_command("treat")
@click.argument("file", type=click.Path(), required=False)
@click.option("--client", default="", help="Client number for the record; never a name.")
@click.option("--operator", default=None, help="Staff code for the record.")
@click.option("--continue", "continues", metavar="RECORD", help="Go on with an earlier record.")
@click.option("--screen", type=click.Path(), help="Answers about contraindications, in a file.")
@click.option("--udi", metavar="TEXT", help="Identifier on the cartridge's pack, as scanned.")
@click.option("--yes", is_flag=True, help="Arm without asking, for scripts.")
def command(
    shared: PenContext,
    file: str | None,
    client: str,
    operator: str | None,
    continues: str | None,
    screen: str | None,
    udi: str | None,
    yes: bool,
) -> None:
    """Carry out a plan zone by zone and record it.

    FILE is a plan; without it the plan on the pen is used. The needles start by the pen's own
    button only. s, Esc and Ctrl-C stop.
    """
    out = shared.out
    if not yes and (out.as_json or not interactive()):
        raise errors.UsageError(
            "Nobody can confirm arming here.",
            cause="There is no terminal, or --json was given.",
            next_step="Add --yes to arm each zone without asking.",
        )
    from host_controller.records import udi as packs
    from host_controller.records.recorder import Recorder

    pack = packs.read(udi) if udi else None
    operator = operator or shared.config.operator or ""
    for text, what in ((client, "a client number"), (operator, "a staff code")):
        if text:
            pseudonym(text, what)
    with shared.pen() as pen:
        copy = choose_plan(pen, file, continues)
        client, planning = before_treatment.prepare(
            shared, copy.plan, client, screen, rested=bool(continues)
        )
        plan_copies.keep(copy.plan, copy.image)
        session = TreatmentSession(pen, copy.plan, copy.image, Recorder(), copy.session_id)
        summary = treat(out, session, client, operator, continues or "", planning, pack)
    if out.as_json:
        out.object("pen.treat/1", summary)
    else:
        print_summary(out, summary)
    if session.reading.fault:
        raise PenFaulted(session.reading.fault)


def treat(
    out: Output,
    session: TreatmentSession,
    client: str,
    operator: str,
    continues: str,
    planning: dict[str, object],
    pack: "Udi | None" = None,
) -> dict[str, Any]:
    """Begin, carry out, stop in any case, close the record; returns the summary."""
    pen = session.pen
    simulated = announcements.twin_of(pen.identity)
    title = f"{'SIMULATED ' if simulated else ''}pen {pen.identity.serial} · {session.plan.name}"
    title += f" · record {session.record.record_id}"
    failed: errors.PenError | None = None
    outcome = "failed"
    try:
        with stopping(pen, out):
            session.begin(client, operator, continues, simulated, planning, pack)
            outcome = carry_out(out, session, title)
            session.stop()
    except errors.PenError as error:
        failed = error
        outcome = "interrupted" if isinstance(error, errors.Interrupted) else "failed"
        raise
    finally:
        finish(out, session, outcome, failed)
        out.message(f"record {session.record.record_id}{' (simulated)' if simulated else ''}")
    return session.summary()
