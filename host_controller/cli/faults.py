"""`pen faults`: the latched fault and the history; `pen faults ack` acknowledges."""

from itertools import islice
from typing import Any

import click

from host_controller import errors, refusals, words
from host_controller.cli.context import PenContext, shared_options
from host_controller.cli.context import command as pen_command
from protocol import codes
from protocol.texts import FAULT_TEXTS, PRIORITY_HIGH
from protocol.zones import zone_name


@click.group("faults", invoke_without_command=True)
@shared_options
@click.pass_context
def group(ctx: click.Context) -> None:
    """Show or acknowledge faults of the pen."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(show)


def _priority(fault: int) -> str:
    row = FAULT_TEXTS.get(fault)
    return row[0] if row else PRIORITY_HIGH


def _state(state: int) -> str:
    return codes.STATE_NAMES[state] if state < len(codes.STATE_NAMES) else f"state {state}"


@pen_command("list")
@click.option("--last", default=10, show_default=True, help="How many entries of the history.")
def show(shared: PenContext, last: int = 10) -> None:
    """Show the fault that stands and the newest of the history."""
    with shared.pen() as pen:
        status = pen.status()
        history = list(islice(pen.faults(), last))
    if shared.out.as_json:
        rows: list[dict[str, Any]] = [
            {
                **entry._asdict(),
                "fault": refusals.fault_number(entry.fault),
                "sentence": refusals.fault_sentence(entry.fault),
                "next": refusals.fault_next_step(entry.fault),
                "priority": _priority(entry.fault),
            }
            for entry in history
        ]
        standing = refusals.fault_number(status.fault) if status.fault else None
        shared.out.object("pen.faults/1", {"standing": standing, "history": rows})
        return
    if status.fault:
        shared.out.line(
            f"standing: {refusals.fault_number(status.fault)} "
            f"({_priority(status.fault)}) {refusals.fault_sentence(status.fault)}"
        )
        shared.out.line(f"next: {refusals.fault_next_step(status.fault)}")
    else:
        shared.out.line("no fault stands")
    if history:
        shared.out.line()
        header = ("no.", "when", "fault", "state", "zone", "rate", "depth", "current")
        table = [
            (
                str(entry.number),
                words.moment(entry.unix_s),
                refusals.fault_number(entry.fault),
                _state(entry.state),
                zone_name(entry.zone) if entry.zone else "-",
                f"{words.hz(entry.rate_chz, 0)} of {words.hz(entry.rate_set_chz, 0)}",
                f"{words.mm(entry.depth_um)} of {words.mm(entry.depth_set_um)}",
                f"{entry.current_ma} mA",
            )
            for entry in history
        ]
        shared.out.table(header, table)
        shared.out.line()
        for fault in sorted({entry.fault for entry in history}):
            sentence = refusals.fault_sentence(fault)
            shared.out.line(f"{refusals.fault_number(fault)} {sentence}")


@pen_command("ack")
@click.argument("number", required=False)
def acknowledge(shared: PenContext, number: str | None) -> None:
    """Acknowledge the fault that stands (NUMBER, such as F22, guards against another one).

    Without a fault there is nothing to do, and that is no error.
    """
    with shared.pen() as pen:
        status = pen.status()
        fault = status.fault
        shown = refusals.fault_number(fault) if fault else None
        if fault and number is not None and number.upper() != shown:
            raise errors.UsageError(
                f"The fault that stands is {shown}, not {number}.",
                cause=refusals.fault_sentence(fault),
                next_step=f"If that one is meant: pen faults ack {shown}",
            )
        if fault:
            pen.acknowledge(fault)
            status = pen.status()
    if shared.out.as_json:
        fields = {"acknowledged": shown, "state_name": status.state_name}
        shared.out.object("pen.faults.ack/1", fields)
    elif shown is None:
        shared.out.line("no fault stands")
    else:
        shared.out.line(f"{shown} is acknowledged; the pen is {status.state_name}")


group.add_command(show)
group.add_command(acknowledge)
