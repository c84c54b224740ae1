"""`pen list`: connected pens, or why there is none."""

import click

from host_controller import errors
from host_controller.cli.context import OF_A_PEN, PenContext
from host_controller.cli.context import command as pen_command


@pen_command("list", hidden=OF_A_PEN)
@click.option("--all", "show_all", is_flag=True, help="Show every serial port, pen or not.")
def command(shared: PenContext, show_all: bool) -> None:
    """Find connected pens, or say why there is none."""
    from host_controller.transport.discovery import discover

    found = discover()
    ports = [*found.pens, *found.others] if show_all else found.pens
    if shared.out.as_json:
        shared.out.object(
            "pen.list/1",
            {
                "pens": [port._asdict() for port in found.pens],
                "ports": [port._asdict() for port in found.others],
                "reason": found.reason,
                "next": found.next_step,
            },
        )
    elif ports:
        rows = [
            (port.url, port.serial_number or "-", port.product or port.kind, port.note)
            for port in ports
        ]
        shared.out.table(("port", "serial number", "what", "note"), rows)
    if not found.pens:
        error = errors.NoPenFound("No pen found.", cause=found.reason, next_step=found.next_step)
        if shared.out.as_json:
            raise click.exceptions.Exit(error.exit_code)
        raise error
