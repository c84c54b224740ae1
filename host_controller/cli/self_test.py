"""`pen self-test`: the pen tests itself at standstill and names what failed."""

from host_controller import errors
from host_controller.cli.context import PenContext
from host_controller.cli.context import command as pen_command


@pen_command("self-test")
def command(shared: PenContext) -> None:
    """Let the pen test itself at standstill."""
    with shared.pen() as pen:
        if not shared.out.as_json:
            shared.out.message("The pen tests itself; this takes a few seconds.")
        failed = pen.self_test()
        if shared.out.as_json:
            shared.out.object("pen.self-test/1", {"passed": not failed, "failed": failed})
        elif not failed:
            shared.out.line("passed: every check of the pen is good")
    if failed:
        error = errors.SelfTestFailed(f"The self-test failed: {', '.join(failed)}.")
        if shared.out.as_json:
            import click

            raise click.exceptions.Exit(error.exit_code)
        raise error
