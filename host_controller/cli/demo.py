"""`pen demo` (and `make demo`): a scripted operator treats three zones; figures from the truth.

The simulator runs in stepped time, so a run is the same every time, at real-time pace or as fast
as the machine goes. The figures are the bench's own: what the needles really did, not what the
pen believes. The last line of output is one JSON object; exit code 0 only when all is well.
"""

import sys
from typing import Any

import click

from host_controller import errors, words
from host_controller.cli.context import OF_A_PEN, PenContext
from host_controller.cli.context import command as pen_command
from host_controller.cli.guard import stopping
from host_controller.cli.output import Output
from host_controller.cli.simulate import options_of
from host_controller.pen import Pen
from host_controller.planning import plan_file
from host_controller.planning.plan import Plan, PlanZone
from host_controller.simulated.control_link import ControlLink
from host_controller.simulated.operator import Operator
from host_controller.simulated.process import SimulatorProcess
from host_controller.simulated.stepped_transport import SteppedTransport
from host_controller.treatment.session import TreatmentSession
from host_controller.treatment.unattended import run_zone

SCHEMA = "pen.demo/1"
DEPTH_ERROR_MAX_UM = 150  # beyond it the pen itself stops; the goal is 20
RATE_ERROR_MAX_PCT = 10.0  # beyond it the pen itself warns; the goal is 1
PARKED_MAX_MS = 250
DOSE_SHARE = (0.7, 1.15)  # the pen counts by touch it can only infer from the motor current


def zone_figures(row: PlanZone, truth: dict[str, Any]) -> dict[str, Any]:
    """One zone as the bench saw it, in the units of the plan."""
    depth_errors = [
        abs(truth[key] - row.depth_um) for key in ("depth_um_min", "depth_um_max") if truth[key]
    ]
    set_hz = row.rate_chz / 100
    rate_errors = [
        abs(truth[key] - set_hz) * 100 / set_hz
        for key in ("rate_hz_min", "rate_hz_max")
        if truth[key] is not None
    ]
    return {
        "zone": row.name,
        "depth_um_set": row.depth_um,
        "depth_um_max_error": round(max(depth_errors, default=0.0), 1),
        "rate_chz_set": row.rate_chz,
        "rate_pct_max_error_steady": round(max(rate_errors, default=0.0), 2),
        "punctures_per_cm2": round(truth["punctures"] * 100 / row.area_mm2),
        "stops": truth["stops"],
        "parked_ms_max": round(truth["parked_ms_max"]),
    }


def complaints(result: dict[str, Any], plan: Plan) -> list[str]:
    """What is not well in a result; empty when all is."""
    found = []
    planned = {row.name: row.dose_limit_per_cm2 for row in plan.zones}
    if result["faults"]:
        found.append(f"{result['faults']} faults")
    if not result["needles_in"]:
        found.append("needles are not in")
    for zone in result["zones"]:
        name = zone["zone"]
        if zone["depth_um_max_error"] > DEPTH_ERROR_MAX_UM:
            found.append(f"{name}: depth is {zone['depth_um_max_error']} um off")
        if zone["rate_pct_max_error_steady"] > RATE_ERROR_MAX_PCT:
            found.append(f"{name}: rate is {zone['rate_pct_max_error_steady']} % off")
        if zone["parked_ms_max"] > PARKED_MAX_MS:
            found.append(f"{name}: parking took {zone['parked_ms_max']} ms")
        share = zone["punctures_per_cm2"] / planned[name]
        if not DOSE_SHARE[0] <= share <= DOSE_SHARE[1]:
            found.append(f"{name}: {share:.0%} of the planned dose")
    return found


class Progress:
    """A bar on a terminal, one line per zone elsewhere."""

    def __init__(self, out: Output) -> None:
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bars

        self._out = out
        self._bars = Bars(
            TextColumn("{task.description:<9}"),
            BarColumn(28, complete_style="default", finished_style="default"),
            TextColumn("{task.percentage:>3.0f} %  {task.fields[live]}"),
            console=out.errors,
            disable=out.as_json or not out.errors.is_terminal,
        )
        self._task: Any = None
        self._drawn = 0

    def __enter__(self) -> "Progress":
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def zone(self, row: PlanZone) -> None:
        """A zone begins."""
        if self._bars.disable and not self._out.as_json:
            self._out.message(f"{row.name}: {words.mm(row.depth_um)}, {words.hz(row.rate_chz, 0)}")
        self._task = self._bars.add_task(row.name, total=row.dose_limit_per_cm2, live="")

    def __call__(self, session: TreatmentSession) -> None:
        """Draw where the treatment is."""
        reading = session.reading
        self._drawn += 1
        if self._drawn % 4:  # the bar is drawn ten times a second at most
            return
        live = (
            f"{reading.state_name:<11} {words.mm(max(reading.depth_um, 0))} "
            f"{words.hz(reading.rate_chz):>8} {reading.current_ma:4d} mA"
        )
        self._bars.update(self._task, completed=reading.punctures_per_cm2, live=live)

    def done(self, session: TreatmentSession) -> None:
        """A zone has ended."""
        inside = "needles in" if session.reading.needles_in else "needles NOT sensed inside"
        self._bars.update(self._task, completed=session.reading.punctures_per_cm2, live=inside)


def treat(
    out: Output, pen: Pen, session: TreatmentSession, control: ControlLink, interpreter: str
) -> dict[str, Any]:
    """Treat every zone of the plan; returns the result."""
    operator = Operator(control)
    with stopping(pen, out), Progress(out) as progress:
        session.begin(simulated=interpreter)
        control.ask(mark=True)
        for row in session.plan.zones:
            progress.zone(row)
            run_zone(session, row, operator, progress)
            progress.done(session)
        session.stop()
    truth = control.ask(truth=True)["truth"]
    session.finish("complete")
    return {
        "interpreter": interpreter,
        "zones": [zone_figures(row, truth["zones"][row.name]) for row in session.plan.zones],
        "faults": len(session.faults),
        "needles_in": session.reading.needles_in and truth["parked"] and not truth["exposed"],
        "record_id": session.record.record_id,
    }


def print_table(out: Output, result: dict[str, Any]) -> None:
    """The zones as a table for people."""
    header = ("zone", "depth", "max error", "rate", "max error", "dose", "stops", "parked")
    rows = [
        (
            zone["zone"],
            words.mm(zone["depth_um_set"]),
            f"{zone['depth_um_max_error'] / 1000:.3f} mm",
            words.hz(zone["rate_chz_set"], 0),
            f"{zone['rate_pct_max_error_steady']:.2f} %",
            f"{zone['punctures_per_cm2']}/cm²",
            str(zone["stops"]),
            f"{zone['parked_ms_max']} ms",
        )
        for zone in result["zones"]
    ]
    out.table(header, rows, header[1:])
    inside = "in" if result["needles_in"] else "NOT IN"
    out.line(f"needles {inside}, faults {result['faults']}, on {result['interpreter']}")


@pen_command("demo", hidden=OF_A_PEN)
@click.option(
    "--speed",
    type=click.Choice(["1", "max"]),
    default="1",
    show_default=True,
    help="1 is real time, max as fast as the machine goes.",
)
@click.option("--twin", type=click.Choice(["micropython", "cpython"]), default="micropython")
@click.option("--seed", default=1, show_default=True)
def command(shared: PenContext, speed: str, twin: str, seed: int) -> None:
    """A scripted treatment of three zones, with figures.

    An operator treats forehead, cheek and nose on a simulated pen; the figures are the bench's.
    """
    from host_controller.cli.plan import new_session_id
    from host_controller.cli.plan_new import EXAMPLES
    from host_controller.planning.plan_bytes import compile_plan
    from host_controller.records.recorder import Recorder

    out = shared.out
    out.message("Starting the simulated pen ...")
    options = [*options_of(twin, seed, "12", None), "--clock", "stepped"]
    with SimulatorProcess([*options, "--control", "127.0.0.1:0"]) as simulator:
        control = ControlLink(simulator.ready.control)
        transport = SteppedTransport(control, real_time=speed == "1")
        with Pen.over(transport, transport.clock_ms) as pen:
            plan = plan_file.load(str(EXAMPLES / "three_zones.toml"))
            session_id = new_session_id()
            image = compile_plan(plan, session_id)
            session = TreatmentSession(pen, plan, image, Recorder(), session_id)
            result = treat(out, pen, session, control, simulator.ready.interpreter)
    if not out.as_json:
        print_table(out, result)
        sys.stdout.flush()
    out.object(SCHEMA, result)
    found = complaints(result, plan)
    if found:
        out.message(f"not all is well: {'; '.join(found)}")
        raise click.exceptions.Exit(errors.EXIT_FAILED)
