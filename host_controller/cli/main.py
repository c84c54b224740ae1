"""Entry point of `pen`: the list of commands, and what an error looks like.

Nothing but click is imported here (rich, pyserial and the protocol come with the command that
needs them), so that help and completion answer at once. Owns the exit code.
"""

import signal
import sys
from typing import TYPE_CHECKING

import click

from host_controller.cli.context import PenContext, shared_options
from host_controller.cli.lazy import Lazy, LazyGroup

if TYPE_CHECKING:
    from host_controller.errors import PenError

HERE = "host_controller.cli"

COMMANDS = {
    "list": Lazy(f"{HERE}.list_pens:command", "Find connected pens, or say why there is none."),
    "info": Lazy(f"{HERE}.info:command", "Who the pen is, its state, cartridge and plan."),
    "self-test": Lazy(f"{HERE}.self_test:command", "Let the pen test itself at standstill."),
    "settings": Lazy(f"{HERE}.settings:group", "Show or change settings of the pen."),
    "library": Lazy(
        f"{HERE}.library:group", "Depth libraries: look, check, approve, put in force."
    ),
    "plan": Lazy(f"{HERE}.plan:group", "Write, check and push treatment plans."),
    "course": Lazy(f"{HERE}.course:group", "Courses: sessions weeks apart, grades, who is due."),
    "calibrate": Lazy(
        f"{HERE}.calibrate:group", "Compare the pen with a gauge and a strobe, and trim it."
    ),
    "select": Lazy(f"{HERE}.select:command", "Choose a zone of the plan on the pen."),
    "monitor": Lazy(f"{HERE}.monitor:command", "Show what the pen measures, live."),
    "treat": Lazy(f"{HERE}.treat:command", "Carry out a plan zone by zone and record it."),
    "stop": Lazy(f"{HERE}.stop:command", "Stop the needles now and wait until they are in."),
    "faults": Lazy(f"{HERE}.faults:group", "Show or acknowledge faults of the pen."),
    "records": Lazy(f"{HERE}.records:group", "Treatment records: list, show, verify, export."),
    "flash": Lazy(f"{HERE}.flash:command", "Put new firmware on the pen: back up, write, verify."),
    "recover": Lazy(f"{HERE}.recover:command", "Go on with an update that was interrupted."),
    "service": Lazy(f"{HERE}.service:command", "Leave the firmware for MicroPython's prompt."),
    "doctor": Lazy(f"{HERE}.doctor:command", "Check this computer and the pen, with reasons."),
    "simulate": Lazy(f"{HERE}.simulate:command", "Serve a simulated pen for other terminals."),
    "ui": Lazy(f"{HERE}.ui:command", "The practitioner's program, in a browser window."),
    "try": Lazy(f"{HERE}.try_pen:command", "Treat with a simulated pen in this terminal."),
    "demo": Lazy(f"{HERE}.demo:command", "A scripted treatment of three zones, with figures."),
    "completion": Lazy(f"{HERE}.completion:command", "Print shell completion for your shell."),
    "version": Lazy(f"{HERE}.version:command", "Version of this program and of its protocol."),
}

EPILOG = """\
Exit codes: 0 done, 1 failed, 2 usage, 3 no pen, 4 several pens, 5 port busy or no permission,
6 version mismatch, 7 refused, 8 verification failed, 9 pen fault, 130 interrupted.

Open design. Not a cleared medical device. Not for use on people."""


def _root() -> None:
    """Talk to an open microneedling pen, real or simulated. Start with `pen try`."""


def _version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    """`pen --version` is `pen version`."""
    if wanted:
        command = root.get_command(ctx, "version")
        assert command is not None
        ctx.invoke(command)
        ctx.exit()


_version_option = click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help=COMMANDS["version"].line,
)

root = shared_options(
    click.group(
        "pen",
        cls=LazyGroup,
        lazy=COMMANDS,
        epilog=EPILOG,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )(_version_option(_root))
)


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; prints errors, never raises them."""
    from host_controller import errors

    shared = PenContext()
    shared.out.as_json = "--json" in arguments  # so that a usage error is JSON as well
    try:
        # Without standalone mode click returns the code of an Exit; commands return nothing.
        code = root.main(args=arguments, prog_name="pen", obj=shared, standalone_mode=False)
    except click.Abort:
        shared.out.message("\nInterrupted.")
        return errors.EXIT_INTERRUPTED
    except click.ClickException as error:
        return _tell(shared, _usage(error))
    except errors.PenError as error:
        return _tell(shared, error)
    except KeyboardInterrupt:
        shared.out.message("\nInterrupted.")
        return errors.EXIT_INTERRUPTED
    except BrokenPipeError:
        _silence_stdout()
        return errors.EXIT_DONE
    return code if isinstance(code, int) else errors.EXIT_DONE


def _usage(error: click.ClickException) -> "PenError":
    """A mistake that click found, with its guess at what was meant as the next step."""
    from host_controller.errors import UsageError

    text = error.format_message().replace("\n", " ")
    sentence, hint, meant = text.replace(" (Did you", " Did you").partition(" Did you mean ")
    next_step = f"Did you mean {meant.rstrip(')')}" if hint else ""
    cause = ""
    if sentence.startswith("No such command"):
        cause = "The command is misspelt, or of another version of this program."
        next_step = next_step or "Add `--help` for the commands there are."
    return UsageError(sentence, cause=cause, next_step=next_step)


def _tell(shared: PenContext, error: "PenError") -> int:
    """Print an error, unless the terminal that would show it has gone; returns its exit code."""
    import contextlib

    with contextlib.suppress(OSError):
        shared.out.error(error)
    return error.exit_code


def _silence_stdout() -> None:
    """The reader of a pipe has gone (`pen records | head`): let the interpreter end quietly."""
    import os

    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())


def main() -> None:
    """Console script."""
    # A script's background job inherits an ignored Ctrl-C; a pen must be stoppable all the same.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
