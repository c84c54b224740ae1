"""`pen records`: the treatments of this clinic; list, show, verify and what belongs to them."""

import click

from host_controller.cli.context import OF_A_PEN, PenContext, shared_options
from host_controller.cli.context import command as pen_command
from host_controller.cli.records_desk import opened
from host_controller.cli.records_keep import (
    accept_clock,
    close_day,
    correct,
    merge_command,
    take_over_command,
)
from host_controller.cli.records_out import export
from host_controller.cli.records_paper import aftercare, fhir, quality_command, report
from host_controller.cli.records_pen import of_pen
from host_controller.cli.records_show import print_record
from host_controller.cli.records_verify import verify_command
from host_controller.records import queries, reading
from host_controller.records.export import SCHEMA, as_object


@click.group("records", invoke_without_command=True)
@shared_options
@click.pass_context
def group(ctx: click.Context) -> None:
    """Treatment records: list, show, verify, export."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


@pen_command("list", hidden=OF_A_PEN)
@click.option("--last", default=20, show_default=True, help="How many records.")
@click.option("--client", help="Of this client only.")
def list_(shared: PenContext, last: int = 20, client: str | None = None) -> None:
    """List the newest treatment records."""
    with opened(shared.out.message) as store:
        wanted = queries.of_client(client, last) if client else queries.newest(last)
        found = list(reversed(queries.ask(store, wanted)))
    lines = [
        {
            "record_id": row.record_id,
            "begun": row.begun,
            "ended": row.ended or None,
            "client": row.client,
            "operator": row.operator,
            "pen": row.pen,
            "concern": row.concern,
            "zones": row.zones.split(", "),
            "outcome": row.outcome,
            "simulated": row.simulated,
            "faults": row.faults,
        }
        for row in found
    ]
    if shared.out.as_json:
        shared.out.object("pen.records/1", {"records": lines})
        return
    if not lines:
        shared.out.line("no records yet; `pen treat` writes them")
        return
    header = ("record", "begun (UTC)", "client", "zones", "outcome")
    rows = [
        (
            row.record_id,
            row.begun[:19],
            row.client or "-",
            row.zones,
            row.outcome + (" (simulated)" if row.simulated else ""),
        )
        for row in found
    ]
    shared.out.table(header, rows)


@pen_command("show", hidden=OF_A_PEN)
@click.argument("record_id")
@click.option("--entries", "raw", is_flag=True, help="Every entry of its chain, as written.")
def show(shared: PenContext, record_id: str, raw: bool) -> None:
    """Show one record: planned beside measured, stops, faults, corrections.

    RECORD_ID may be shortened as long as one record only begins with it.
    """
    with opened(shared.out.message) as store:
        found = reading.find(store, record_id)
        if raw:
            for entry in queries.entries(store, found):
                shared.out.object("pen.records.entry/1", {"entry": entry})
            return
        record = store.session(found)
    if shared.out.as_json:
        shared.out.object(SCHEMA, as_object(record))
    else:
        print_record(shared.out, record)


for row_command in (
    list_,
    show,
    verify_command,
    export,
    report,
    aftercare,
    fhir,
    quality_command,
    close_day,
    correct,
    merge_command,
    take_over_command,
    accept_clock,
    of_pen,
):
    group.add_command(row_command)
