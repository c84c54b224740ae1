"""`pen ui` (and `make run`): the practitioner's program in a browser window.

The address is the one line on stdout, printed once the pages can be asked for.
"""

import contextlib
import secrets
import socket
import sys
from contextlib import ExitStack
from threading import Thread

import click

from host_controller.cli.context import PenContext
from host_controller.cli.context import command as pen_command
from host_controller.cli.plan_new import history_of
from host_controller.pen import Pen

ENDED = "Ended; the pen was told to stop."


def free_port() -> int:
    """A port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _load_pages() -> None:
    """The pages' library takes a second to load; done while the simulated pen starts."""
    import host_controller.ui.server  # noqa: F401


@pen_command("ui")
@click.option("--simulate", is_flag=True, help="Start a simulated pen of its own.")
@click.option("--language", type=click.Choice(["en", "de"]), default="en", show_default=True)
@click.option("--listen", type=int, default=0, help="Port on 127.0.0.1; any free one if 0.")
@click.option(
    "--lock-after",
    metavar="MIN",
    type=click.FloatRange(0.01, 60),
    default=5,
    show_default=True,
    help="Lock the pages when nobody has touched them for so long.",
)
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
    lock_after: float,
    no_window: bool,
    control: str,
) -> None:
    """The practitioner's program, in a browser window.

    Client, questions, plan on a map of the face, treatment, record. Without a pen, --simulate.
    """
    from host_controller.cli.try_pen import start
    from host_controller.simulated.control_link import ControlLink
    from host_controller.simulated.hand import Hand

    out = shared.out
    loading = Thread(target=_load_pages, daemon=True)
    loading.start()
    with ExitStack() as stack:
        hand, find = None, shared.url
        if simulate:
            out.message("Starting the simulated pen ...")
            simulator = stack.enter_context(start("micropython", 1, "12", control))
            hand = Hand(ControlLink(simulator.ready.control))
            url = simulator.ready.url
            find = lambda: url  # noqa: E731 - it has one place
        loading.join()
        from host_controller.ui.browser_window import open_window
        from host_controller.ui.desk import Desk
        from host_controller.ui.server import Program, serve

        port = listen or free_port()
        key = secrets.token_urlsafe(16)
        address = f"http://127.0.0.1:{port}/?key={key}"

        def opened() -> None:
            if out.as_json:
                out.object("pen.ui/1", {"url": address, "simulated": simulate})
                return
            what = "with a SIMULATED pen" if simulate else "with the pen that is connected"
            out.message(f"The practitioner's program, {what}, is ready at")
            out.line(address)
            sys.stdout.flush()
            if no_window:
                return
            told = (
                "It opens in a window of its own."
                if open_window(address)
                else "No window could be opened: copy the address into a browser on this computer."
            )
            out.message(f"{told} Ctrl-C here ends it and stops the pen.")

        program = Program(
            Desk(lambda: Pen.open(find())),
            language,
            hand,
            lambda client: history_of(shared, client),
            lock_after * 60,
        )
        with contextlib.suppress(KeyboardInterrupt):
            serve(program, port, key, opened)
        out.message(ENDED)
