"""`pen simulate`: serve a simulated pen until Ctrl-C."""

import contextlib
import tempfile
from collections.abc import Iterator

import click

from host_controller import errors
from host_controller.cli.context import OF_A_PEN, PenContext
from host_controller.cli.context import command as pen_command

DEFAULT_LISTEN = "127.0.0.1:7333"
PORT_MAX = 65535


@contextlib.contextmanager
def boot_folder(chosen: str | None) -> Iterator[str]:
    """The folder of the boot loader's disk: the chosen one, or one that is removed again."""
    if chosen:
        yield chosen
        return
    with tempfile.TemporaryDirectory(prefix="pen-boot-disk-") as folder:
        yield folder


def options_of(twin: str, seed: int, cartridge: str, flash: str | None) -> list[str]:
    """Options of the simulator that every command passes on."""
    options = ["--twin", twin, "--seed", str(seed), "--cartridge", cartridge]
    return [*options, "--flash", flash] if flash else options


def _address(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> str | None:
    """HOST:PORT as written; a slip is told before a simulator is started."""
    if text is not None:
        _, colon, port = text.rpartition(":")
        if not colon or not port.isdecimal() or int(port) > PORT_MAX:
            raise click.BadParameter(f"{text!r} is not HOST:PORT, for example {DEFAULT_LISTEN}.")
    return text


@pen_command("simulate", hidden=OF_A_PEN)
@click.option(
    "--twin",
    type=click.Choice(["micropython", "cpython", "rp2040"]),
    default="micropython",
    show_default=True,
    help="The interpreter the firmware runs on.",
)
@click.option(
    "--listen", metavar="HOST:PORT", default=DEFAULT_LISTEN, show_default=True, callback=_address
)
@click.option("--pty", metavar="LINK", help="Also serve a pseudo-terminal under this name.")
@click.option(
    "--control", metavar="HOST:PORT", callback=_address, help="JSON lines: person, faults, truth."
)
@click.option("--seed", default=1, show_default=True, help="Of everything random.")
@click.option(
    "--cartridge",
    type=click.Choice(["12", "24", "36", "0", "none"]),
    default="12",
    show_default=True,
    help="Pins of the cartridge that is seated; 0 is nano.",
)
@click.option("--flash", metavar="FILE", help="Keep the pen's memory in this file.")
@click.option(
    "--boot-disk",
    metavar="DIR",
    help="Empty folder that plays the boot loader's disk. Default: a temporary one.",
)
def command(
    shared: PenContext,
    twin: str,
    listen: str,
    pty: str | None,
    control: str | None,
    seed: int,
    cartridge: str,
    flash: str | None,
    boot_disk: str | None,
) -> None:
    """Serve a simulated pen for other terminals.

    It is the real firmware, driving simulated hardware at real-time pace.
    """
    from host_controller.simulated import announcements
    from host_controller.simulated.process import SimulatorProcess

    options = [*options_of(twin, seed, cartridge, flash), "--listen", listen]
    options += ["--pty", pty] if pty else []
    options += ["--control", control or "127.0.0.1:0"]
    with contextlib.ExitStack() as stack:
        disk = stack.enter_context(boot_folder(boot_disk))
        simulator = stack.enter_context(SimulatorProcess([*options, "--boot-disk", disk]))
        ready = simulator.ready
        serial = ready.serial_number
        announced = announcements.announce(
            announcements.SimulatedPen(
                ready.url, serial, ready.process_id, ready.twin, ready.boot_disk, ready.control
            )
        )
        try:
            if shared.out.as_json:
                shared.out.object("pen.simulate/1", ready._asdict())
            else:
                shared.out.line(f"simulated pen {serial} on {ready.interpreter}: {ready.url}")
                if ready.pty:
                    shared.out.line(f"also as {ready.pty}")
                if control:
                    shared.out.line(f"control port {ready.control}")
                shared.out.line(f"in another terminal: pen --port {ready.url} info")
                shared.out.line("Ctrl-C ends it")
            code = simulator.wait()
        except KeyboardInterrupt:
            shared.out.message("\nThe simulated pen has ended.")
            return
        finally:
            announcements.withdraw(announced)
    if code:
        raise errors.SimulatorFailed(f"The simulator ended with exit code {code}.")
