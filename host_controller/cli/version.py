"""`pen version`: version of the program and of its protocol."""

from host_controller.cli.context import OF_A_PEN, PenContext
from host_controller.cli.context import command as pen_command


@pen_command("version", hidden=OF_A_PEN)
def command(shared: PenContext) -> None:
    """Version of this program and of its protocol."""
    from host_controller.versions import program_version
    from protocol.version import SCHEMA_ID

    if shared.out.as_json:
        shared.out.object("pen.version/1", {"program": program_version(), "schema_id": SCHEMA_ID})
    else:
        shared.out.line(f"pen {program_version()}, protocol {SCHEMA_ID}")
