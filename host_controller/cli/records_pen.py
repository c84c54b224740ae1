"""`pen records pen`: the pen's own history of treated zones, as the pen numbers it."""

from itertools import islice

import click

from host_controller import words
from host_controller.cli.context import PenContext
from host_controller.cli.context import command as pen_command
from protocol import codes
from protocol.zones import zone_name


def _stop(reason: int) -> str:
    return codes.STOP_NAMES[reason] if reason < len(codes.STOP_NAMES) else str(reason)


@pen_command("pen")
@click.option("--last", default=20, show_default=True, help="How many entries.")
def of_pen(shared: PenContext, last: int) -> None:
    """Show the pen's own history of treated zones."""
    with shared.pen() as pen:
        rows = list(islice(pen.usage(), last))
    if shared.out.as_json:
        entries = [{**row._asdict(), "cartridge_id": row.cartridge_id.hex()} for row in rows]
        shared.out.object("pen.records.pen/1", {"entries": entries})
        return
    if not rows:
        shared.out.line("the pen has treated nothing yet")
        return
    right = ("depth", "rate", "running", "contact", "punctures")
    header = ("no.", "when", "session", "zone", *right, "ended by")
    table = [
        (
            str(row.number),
            words.moment(row.unix_s),
            f"{row.session_id:08x}",
            zone_name(row.zone),
            words.mm(row.depth_set_um),
            words.hz(row.rate_set_chz, 0),
            words.minutes(row.zone_ms),
            words.minutes(row.contact_ms),
            f"{row.punctures_per_cm2}/cm²",
            _stop(row.stop_reason),
        )
        for row in rows
    ]
    shared.out.table(header, table, right)
