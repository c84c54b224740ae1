"""`pen select ZONE`: choose a zone of the plan on the pen."""

from difflib import get_close_matches

import click

from host_controller import errors, timeouts
from host_controller.cli.context import PenContext
from host_controller.cli.context import command as pen_command
from protocol import codes
from protocol.zones import ZONES, zone_id


def complete_zone(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Zone names for shell completion."""
    return [name for _, name in ZONES if name.startswith(incomplete)]


def zone_number(name: str) -> int:
    """Number of a zone name; raises UsageError with the nearest name."""
    number = zone_id(name)
    if not number:
        near = get_close_matches(name.lower(), [known for _, known in ZONES], 1, 0.5)
        raise errors.UsageError(
            f"There is no zone {name!r}.",
            cause="The name is misspelt.",
            next_step=f"Did you mean {near[0]!r}? " * bool(near)
            + "Run `pen plan zones` for all names.",
        )
    return number


@pen_command("select")
@click.argument("zone", shell_complete=complete_zone)
def command(shared: PenContext, zone: str) -> None:
    """Choose a zone of the plan on the pen."""
    number = zone_number(zone)
    with shared.pen() as pen:
        pen.select_zone(number)
        # The pen compares its cartridge with the plan within milliseconds.
        status = pen.wait_for(lambda s: s.state >= codes.STATE_CONFIGURED, timeouts.SETTLE_MS)
    if shared.out.as_json:
        fields = {"zone": status.zone_name, "state_name": status.state_name}
        shared.out.object("pen.select/1", fields)
    else:
        shared.out.line(f"{zone} is chosen; the pen is {status.state_name}")
