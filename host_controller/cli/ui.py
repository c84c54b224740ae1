"""`pen ui`: the practitioner's program in a browser window, with a pen or a simulated one."""

import secrets
import socket
import sys
import webbrowser
from contextlib import ExitStack

import click

from host_controller.cli.context import PenContext
from host_controller.cli.context import command as pen_command
from host_controller.cli.plan_new import history_of
from host_controller.pen import Pen


def free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pen_command("ui")
@click.option("--simulate", is_flag=True, help="Start a simulated pen of its own.")
@click.option("--language", type=click.Choice(["en", "de"]), default="en", show_default=True)
@click.option("--listen", type=int, default=0, help="Port on 127.0.0.1; any free one if 0.")
@click.option("--no-window", is_flag=True, help="Print the address, open nothing.")
@click.option(
    "--control",
    metavar="HOST:PORT",
    default="127.0.0.1:0",
    help="Of the simulated pen: JSON lines for person, faults, truth. Default: any free port.",
)
def command(
    shared: PenContext,
    simulate: bool,
    language: str,
    listen: int,
    no_window: bool,
    control: str,
) -> None:
    """The practitioner's program, in a browser window.

    Client, questions, plan on a map of the face, treatment, record. Without a pen, --simulate.
    """
    from host_controller.cli.try_pen import start
    from host_controller.simulated.control_link import ControlLink
    from host_controller.simulated.hand import Hand
    from host_controller.ui.desk import Desk
    from host_controller.ui.server import Program, serve

    with ExitStack() as stack:
        hand = None
        if simulate:
            shared.out.message("Starting the simulated pen ...")
            simulator = stack.enter_context(start("micropython", 1, "12", control))
            hand = Hand(ControlLink(simulator.ready.control))
            url = simulator.ready.url
            desk = Desk(lambda: Pen.open(url))
        else:
            desk = Desk(lambda: Pen.open(shared.url()))
        port = listen or free_port()
        key = secrets.token_urlsafe(16)
        address = f"http://127.0.0.1:{port}/?key={key}"

        def opened() -> None:
            shared.out.line(address)
            sys.stdout.flush()
            if not no_window:
                webbrowser.open(address)

        program = Program(desk, language, hand, lambda client: history_of(shared, client))
        serve(program, port, key, opened)
