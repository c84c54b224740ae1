"""`pen calibrate`: depth against a gauge, rate against a strobe, the trim written and kept.

The same steps as on the engineer's page, and the same files: begun here, it may go on there.
"""

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from host_controller import errors, words
from host_controller.calibration import progress as kept
from host_controller.cli.context import PenContext, shared_options
from host_controller.cli.context import command as pen_command

if TYPE_CHECKING:
    from host_controller.calibration.progress import Progress
    from host_controller.pen import Pen


@click.group("calibrate", invoke_without_command=True)
@shared_options
@click.pass_context
def group(ctx: click.Context) -> None:
    """Compare the pen with a gauge and a strobe, and trim it."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(show)


def _under_way(pen: "Pen") -> "Progress":
    from host_controller.calibration.failures import CalibrationNotNow

    found = kept.load(pen.identity.serial)
    if found is None:
        raise CalibrationNotNow(
            "No calibration of this pen is under way.",
            cause="None was begun on this computer, or it was written or thrown away.",
            next_step="Begin one: pen calibrate home --by AB1",
        )
    return found


def _print(shared: PenContext, made: "Progress | None", serial: str) -> None:
    from host_controller.calibration import history, trim

    last = history.last(serial)
    if shared.out.as_json:
        fields = {"serial_number": serial, "under_way": made.as_dict() if made else None}
        shared.out.object("pen.calibrate/1", {**fields, "last": last})
        return
    if last is not None:
        when = f"{last['when']} by {last['who']}"
        shared.out.line(f"last      {when}: {last['before']} -> {last['after']}")
        if not last["in_use"]:
            shared.out.line(f"          not in use yet. {trim.RESTART}")
    else:
        shared.out.line("last      never on this computer")
    if made is None:
        shared.out.line("under way none; begin with: pen calibrate home --by AB1")
        return
    shared.out.line(f"under way begun {made.begun} by {made.who}; next step: {made.step}")
    for point in made.points:
        shared.out.line(
            f"depth     {words.mm(point.depth_um)}: set {point.set_um} um, measured "
            f"{point.measured_um} um (n {point.samples}), gauge {point.gauge_um} um"
        )
    result = made.result
    for name, row in (("stage", result.stage), ("sensor", result.sensor)) if result else ():
        shared.out.line(
            f"{name:<9} offset {row.offset_um:+d} um, gain {row.gain_ppt / 1000:.3f} "
            f"(± {row.gain_limit_ppt / 1000:.3f}), left over {row.residual_um} um "
            f"(<= {row.residual_limit_um}): {'accepted' if row.accepted else 'REFUSED'}"
        )
    if made.rate is not None:
        verdict = "accepted" if made.rate.accepted else "REFUSED"
        shared.out.line(
            f"rate      pen {words.hz(made.rate.rate_chz, 2)}, instrument "
            f"{words.hz(made.rate.reference_chz, 2)}: {made.rate.error_ppt / 10:+.1f} %, {verdict}"
        )


@pen_command("show")
def show(shared: PenContext) -> None:
    """Show the last calibration and the one under way."""
    from host_controller.calibration import trim

    with shared.pen() as pen:
        serial = pen.identity.serial
        trim.note_in_use(serial, pen.status().t_ms)
    _print(shared, kept.load(serial), serial)


@pen_command("home")
@click.option("--by", default="", metavar="CODE", help="Your staff code, to begin a calibration.")
def home(shared: PenContext, by: str) -> None:
    """Begin, or go on: self-test, at home, a cartridge that can be measured."""
    from host_controller.calibration import procedure, trim
    from host_controller.records.pseudonyms import pseudonym

    with shared.pen() as pen:
        made = kept.load(pen.identity.serial) if not by else None
        made = made or trim.begin(pen, pseudonym(by, "a staff code"))
        procedure.home(pen, made.session_id)
        made = kept.save(replace(made, homed=kept.now()))
    _print(shared, made, made.serial)


@pen_command("depth")
@click.option("--at", "depth", default="", metavar="MM", help="Which depth; the next one if not.")
@click.option("--gauge", default="", metavar="MM", help="What the gauge showed; asked if not.")
def depth(shared: PenContext, depth: str, gauge: str) -> None:
    """Measure one depth: arm, hold the pen's button, read the gauge."""
    from host_controller.calibration import depth_check, typed
    from host_controller.calibration.depth_check import DEPTHS_UM, DepthPoint
    from host_controller.cli.calibrate_run import measure

    with shared.pen() as pen:
        made = _under_way(pen)
        depth_um = typed.gauge_um(depth) if depth else made.next_depth_um or DEPTHS_UM[0]
        if depth_um not in DEPTHS_UM:
            asked = ", ".join(words.mm(known) for known in DEPTHS_UM)
            raise errors.UsageError(f"{words.mm(depth_um)} is not measured, but {asked}.")
        means = measure(shared, pen, made, depth_um)
        shown = gauge or click.prompt(f"The gauge at {words.mm(depth_um)}, in mm", err=True)
        gauge_um = typed.gauge_um(shown)
        depth_check.check_reading(means.measured_um, gauge_um)
        point = DepthPoint(
            depth_um, means.set_um, means.measured_um, means.spread_um, means.samples, gauge_um
        )
        made = kept.save(made.with_point(point))
    _print(shared, made, made.serial)


@pen_command("rate")
@click.option("--hz", default="", metavar="HZ", help="What the strobe showed.")
@click.option("--rpm", default="", metavar="RPM", help="What the tachometer showed.")
def rate(shared: PenContext, hz: str, rpm: str) -> None:
    """Check the rate: arm, hold the pen's button, read the strobe or tachometer."""
    from host_controller.calibration import rate_check, typed
    from host_controller.calibration.rate_check import RateResult
    from host_controller.cli.calibrate_run import measure

    with shared.pen() as pen:
        made = _under_way(pen)
        means = measure(shared, pen, made, 0)
        shown = rpm or hz or click.prompt("The strobe, in Hz", err=True)
        reference_chz = typed.rate_chz(shown, per_minute=bool(rpm))
        rate_check.check_reading(means.rate_chz, reference_chz)
        made = kept.save(
            replace(made, rate=RateResult(means.rate_chz, reference_chz, means.samples))
        )
    _print(shared, made, made.serial)


@pen_command("write")
@click.option("--confirm", default="", metavar="SERIAL", help="The pen's number, as confirmation.")
@click.option("--dry-run", is_flag=True, help="Show what would change and change nothing.")
def write(shared: PenContext, confirm: str, dry_run: bool) -> None:
    """Write the trim to the pen, at standstill."""
    from host_controller.calibration import fleet, history, trim

    with shared.pen() as pen:
        made = _under_way(pen)
        changes = trim.asked(made)
        for name, (before, after) in changes.items():
            shared.out.message(f"{name}: {before} -> {after}")
        if dry_run:
            _print(shared, made, made.serial)
            return
        number = confirm or click.prompt("The pen's serial number, to confirm", err=True)
        trim.require_confirmed(made, number, pen.identity.serial)
        status = pen.status()
        wanted = trim.entry(made, history.ASKED, pen.identity.firmware, status.t_ms)
        history.append(made.serial, wanted)
        written = trim.write(pen, made, number)
        trim.close(made, written)
    with contextlib.suppress(errors.PenError):  # a database that is away; the history has it
        fleet.note(made)
    fields: dict[str, Any] = {"before": written["before"], "after": written["after"]}
    if shared.out.as_json:
        shared.out.object("pen.calibrate.write/1", {"serial_number": made.serial, **fields})
    else:
        shared.out.line(f"written. {trim.RESTART}")


@pen_command("discard")
def discard(shared: PenContext) -> None:
    """Throw the calibration under way away; the pen is not changed."""
    with shared.pen() as pen:
        serial = pen.identity.serial
    kept.discard(serial)
    _print(shared, None, serial)


for _command in (show, home, depth, rate, write, discard):
    group.add_command(_command)
