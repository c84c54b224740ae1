"""`pen plan`: check, push, show, zones; new and screen are in `plan_new`."""

import secrets
from typing import TYPE_CHECKING, Any

import click

from host_controller import errors, words
from host_controller.cli.context import OF_A_PEN, PenContext, shared_options
from host_controller.cli.context import command as pen_command
from host_controller.cli.output import Output
from host_controller.cli.plan_new import new, screen
from host_controller.library import starter
from host_controller.planning import plan_copies, plan_file
from host_controller.planning.plan import Plan
from host_controller.planning.plan_bytes import SESSION_MAX, compile_plan

if TYPE_CHECKING:
    from host_controller.pen import Pen
    from host_controller.planning.plan_bytes import PlanImage
    from host_controller.replies import PlanInfo


@click.group("plan")
@shared_options
def group() -> None:
    """Write, check and push treatment plans."""


def new_session_id() -> int:
    """A session id that no other session has."""
    return secrets.randbelow(SESSION_MAX) + 1


def print_plan(out: Output, plan: Plan) -> None:
    """Print a plan as a table."""
    button = "while the button is held" if not plan.latch else "from press to press"
    tether = "tethered" if plan.tethered else "not tethered"
    demo = "   DEMONSTRATION" if plan.demo else ""
    out.line(f"{plan.name}   {plan.cartridge}   runs {button}, {tether}{demo}")
    right = ("depth", "rate", "passes", "time", "dose", "area")
    rows = [
        (
            row.name,
            words.mm(row.depth_um),
            words.hz(row.rate_chz, 0),
            str(row.passes),
            words.minutes(row.time_limit_s * 1000),
            f"{row.dose_limit_per_cm2}/cm²",
            f"{row.area_mm2 // 100} cm²",
            f"{row.override_text}, {row.approved_by}" if row.override_reason else "",
        )
        for row in plan.zones
    ]
    out.table(("zone", *right, "override"), rows, right)
    for row in plan.zones:
        if row.first_depth_um:
            out.line(f"{row.name}: first pass at {words.mm(row.first_depth_um)}")


def push(pen: "Pen", plan: Plan, image: "PlanImage", out: Output) -> "PlanInfo":
    """Keep a copy, then push with a progress bar where somebody looks."""
    from rich.progress import Progress

    plan_copies.keep(plan, image)
    quiet = out.as_json or not out.errors.is_terminal
    with Progress(console=out.errors, transient=True, disable=quiet) as progress:
        task = progress.add_task("pushing the plan", total=len(image.data))
        return pen.push_plan(image, lambda sent, _: progress.update(task, completed=sent))


@pen_command("check", hidden=OF_A_PEN)
@click.argument("file", type=click.Path())
def check(shared: PenContext, file: str) -> None:
    """Check a plan FILE ("-" is stdin) without a pen."""
    plan = plan_file.load(file)
    if shared.out.as_json:
        shared.out.object("pen.plan.check/1", {"file": file, "plan": plan.as_dict()})
        return
    print_plan(shared.out, plan)
    shared.out.line()
    basis = plan.basis
    if basis is None:
        library = starter.load()
        shared.out.line(f"good; checked against {library.library_id} ({library.approval})")
    else:
        shared.out.line(
            f"good; for {basis.client}, {basis.concern}; checked against {basis.library_id} "
            f"version {basis.library_version} ({basis.library_state}, {basis.library_approval})"
        )


def _session(text: str | None) -> int:
    if text is None:
        return new_session_id()
    try:
        number = int(text, 16)
    except ValueError:
        number = 0
    if not 0 < number <= SESSION_MAX:
        raise errors.UsageError(
            f"{text!r} is no session.", cause="A session is 1 to 8 hexadecimal digits and not zero."
        )
    return number


@pen_command("push")
@click.argument("file", type=click.Path())
@click.option(
    "--session",
    metavar="HEX",
    help="Continue this session (its cartridge stays valid). Default: a new one.",
)
@click.option("--dry-run", is_flag=True, help="Check everything, send nothing.")
def push_(shared: PenContext, file: str, session: str | None, dry_run: bool) -> None:
    """Check FILE, send it to the pen as a whole and verify it there."""
    plan = plan_file.load(file)
    session_id = _session(session)
    image = compile_plan(plan, session_id)
    with shared.pen(own_time=True) as pen:
        if not dry_run:
            push(pen, plan, image, shared.out)
    fields: dict[str, Any] = {
        "file": file,
        "sha256": image.sha256.hex(),
        "session_id": session_id,
        "bytes": len(image.data),
        "pushed": not dry_run,
    }
    if shared.out.as_json:
        shared.out.object("pen.plan.push/1", fields)
    elif dry_run:
        print_plan(shared.out, plan)
        shared.out.line("dry run: nothing was sent")
    else:
        shared.out.line(
            f"on the pen and verified: {plan.name!r}, {len(plan.zones)} zones, session "
            f"{session_id:08x}, {image.sha256.hex()[:12]}"
        )


@pen_command("show")
@click.argument("file", type=click.Path(), required=False)
def show(shared: PenContext, file: str | None) -> None:
    """Show the plan on the pen, or the one in FILE."""
    if file is not None:
        plan = plan_file.load(file)
        if shared.out.as_json:
            shared.out.object("pen.plan.show/1", {"file": file, "plan": plan.as_dict()})
        else:
            print_plan(shared.out, plan)
        return
    with shared.pen(own_time=True) as pen:
        info = pen.plan_info()
    copy = plan_copies.find(info.sha256) if info else None
    if shared.out.as_json:
        shared.out.object(
            "pen.plan.show/1",
            {
                "sha256": info.sha256.hex() if info else None,
                "session_id": info.session_id if info else None,
                "plan": copy.plan.as_dict() if copy else None,
            },
        )
    elif info is None:
        shared.out.line("no plan on the pen; push one: pen plan push FILE")
    elif copy is None:
        shared.out.line(
            f"{info.title!r}, {info.zone_count} zones, {info.sha256.hex()[:12]}: pushed from "
            "another computer, so its zones are not known here"
        )
    else:
        print_plan(shared.out, copy.plan)
        shared.out.line(f"session {copy.session_id:08x}, {info.sha256.hex()[:12]}")


@pen_command("zones", hidden=OF_A_PEN)
def zones(shared: PenContext) -> None:
    """Show the zones there are, with their starting values and caps."""
    library = starter.load()
    if shared.out.as_json:
        shared.out.object(
            "pen.plan.zones/1",
            {
                "library_id": library.library_id,
                "version": library.version,
                "approval": library.approval,
                "source": library.source,
                "zones": [entry._asdict() for entry in library.zones.values()],
            },
        )
        return
    right = ("depth", "cap", "override", "rate", "passes")
    rows = [
        (
            entry.name,
            words.mm(entry.depth_um),
            words.mm(entry.cap_um),
            words.mm(entry.override_max_um),
            f"{entry.rate_min_chz // 100}-{entry.rate_max_chz // 100} Hz",
            str(entry.passes),
            entry.remark,
        )
        for entry in library.zones.values()
    ]
    shared.out.table(("zone", *right, "remark"), rows, right)
    shared.out.line()
    shared.out.line(f"{library.library_id}, version {library.version}: {library.approval}")


for row in (new, screen, check, push_, show, zones):
    group.add_command(row)
