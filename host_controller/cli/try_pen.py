"""`pen try` (and `make try`): a simulated pen and a guided treatment with it, in this terminal."""

import click

from host_controller.cli.context import PenContext
from host_controller.cli.context import command as pen_command
from host_controller.cli.guard import stopping
from host_controller.cli.output import Output
from host_controller.cli.simulate import options_of
from host_controller.cli.summary import print_summary
from host_controller.cli.treat import Lines, finish, interactive
from host_controller.pen import Pen
from host_controller.planning import plan_file
from host_controller.planning.plan import Plan
from host_controller.simulated.control_link import ControlLink
from host_controller.simulated.hand import Hand
from host_controller.simulated.operator import Operator
from host_controller.simulated.process import SimulatorProcess
from host_controller.treatment.session import TreatmentSession
from host_controller.treatment.unattended import run_zone

WELCOME = """\
A simulated pen: the real firmware on {interpreter}, driving a
simulated motor, cam, depth stage, skin and battery. No hardware is needed.
Open design, not a cleared medical device, not for use on people.

You treat three zones: forehead 0.50 mm, cheek 1.00 mm, nose 0.25 mm.
  a      arms the pen (for 30 s); it moves nothing
  space  presses the pen's button, and lets it go: needles run while it is down
  1-9    how hard your hand presses       l  lifts the pen off the skin
  n      next zone                        q  ends
  s Esc  STOP, at any time

Press Enter to begin, q to leave: """


def start(twin: str, seed: int, cartridge: str, control: str = "127.0.0.1:0") -> SimulatorProcess:
    """A simulator for this program alone, on ports of its own."""
    options = options_of(twin, seed, cartridge, None)
    return SimulatorProcess([*options, "--listen", "127.0.0.1:0", "--control", control])


def welcome(out: Output, interpreter: str) -> bool:
    """Explain; False when the person leaves."""
    try:
        answer = input(WELCOME.format(interpreter=interpreter))
    except EOFError:
        return False
    except KeyboardInterrupt:
        out.message("")
        return False
    return not answer.strip().lower().startswith("q")


def guided(out: Output, session: TreatmentSession, control: ControlLink) -> str:
    """With keys and live view."""
    from host_controller.cli.guided import Guided

    title = f"SIMULATED pen {session.pen.identity.serial} · {session.plan.name}"
    outcome = Guided(session, title, Hand(control)).run()
    out.message("")
    return outcome


def scripted(out: Output, session: TreatmentSession, control: ControlLink) -> str:
    """Without a terminal: a scripted operator treats every zone."""
    operator = Operator(control, pauses=False)
    report = Lines(out)
    for row in session.plan.zones:
        out.message(f"treating {row.name}")
        run_zone(session, row, operator, report)
    return "complete"


def short(plan: Plan) -> Plan:
    """The same plan with a fifth of the dose, so that it ends within half a minute."""
    from dataclasses import replace

    zones = tuple(
        replace(row, dose_limit_per_cm2=row.dose_limit_per_cm2 // 5) for row in plan.zones
    )
    return replace(plan, zones=zones)


@pen_command("try", hidden=("port",))
@click.option("--twin", type=click.Choice(["micropython", "cpython"]), default="micropython")
@click.option("--seed", default=1, show_default=True)
@click.option("--cartridge", type=click.Choice(["12", "24", "36", "0", "none"]), default="12")
def command(shared: PenContext, twin: str, seed: int, cartridge: str) -> None:
    """Treat with a simulated pen in this terminal.

    Without a terminal (in a pipe, in a script) a short scripted treatment runs instead.
    """
    from host_controller.cli.plan import new_session_id
    from host_controller.cli.plan_new import EXAMPLES
    from host_controller.planning.plan_bytes import compile_plan
    from host_controller.records.recorder import Recorder

    out = shared.out
    with_keys = interactive() and not out.as_json
    out.message("Starting the simulated pen ...")
    with start(twin, seed, cartridge) as simulator:
        if with_keys and not welcome(out, simulator.ready.interpreter):
            return
        control = ControlLink(simulator.ready.control)
        with Pen.open(simulator.ready.url, trace=shared.trace) as pen:
            plan = plan_file.load(str(EXAMPLES / "three_zones.toml"))
            plan = plan if with_keys else short(plan)
            session_id = new_session_id()
            image = compile_plan(plan, session_id)
            session = TreatmentSession(pen, plan, image, Recorder(), session_id)
            outcome = "failed"
            try:
                with stopping(pen, out):
                    session.begin(simulated=simulator.ready.interpreter)
                    outcome = (guided if with_keys else scripted)(out, session, control)
                    session.stop()
            finally:
                finish(out, session, outcome, None)
        control.close()
    if out.as_json:
        out.object("pen.try/1", session.summary())
    else:
        print_summary(out, session.summary())
