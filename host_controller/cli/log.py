"""`pen log`: the treatment records of this computer and the pen's own history."""

from itertools import islice
from typing import Any

import click

from host_controller import errors, words
from host_controller.cli.context import OF_A_PEN, PenContext, shared_options
from host_controller.cli.context import command as pen_command
from host_controller.records.journal import Journal
from protocol import codes
from protocol.zones import zone_name


@click.group("log", invoke_without_command=True)
@shared_options
@click.pass_context
def group(ctx: click.Context) -> None:
    """Treatment records: list, show, verify."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


def _by_record(entries: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        if "record_id" in entry:
            found.setdefault(str(entry["record_id"]), []).append(entry)
    return found


def _first(entries: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    return next((entry for entry in entries if entry["type"] == kind), {})


def _line(record_id: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
    begin, end = _first(entries, "begin"), _first(entries, "end")
    return {
        "record_id": record_id,
        "begun": begin.get("time"),
        "client": begin.get("client"),
        "pen": begin.get("pen"),
        "plan": (begin.get("plan") or {}).get("name"),
        "zones": sum(entry["type"] == "zone end" for entry in entries),
        "outcome": end.get("outcome", "not closed"),
        "simulated": begin.get("simulated") or "",
        "faults": len(end.get("faults") or []),
    }


@pen_command("list", hidden=OF_A_PEN)
@click.option("--last", default=20, show_default=True, help="How many records.")
def list_(shared: PenContext, last: int = 20) -> None:
    """List the newest treatment records."""
    records = _by_record(Journal().entries())
    lines = [_line(record_id, entries) for record_id, entries in records.items()][-last:]
    if shared.out.as_json:
        shared.out.object("pen.log/1", {"records": lines})
        return
    if not lines:
        shared.out.line("no records yet; `pen treat` writes them")
        return
    header = ("record", "begun (UTC)", "client", "plan", "zones", "outcome")
    rows = [
        (
            line["record_id"],
            str(line["begun"])[:19],
            line["client"] or "-",
            line["plan"] or "-",
            str(line["zones"]),
            line["outcome"] + (" (simulated)" if line["simulated"] else ""),
        )
        for line in lines
    ]
    shared.out.table(header, rows)


@pen_command("show", hidden=OF_A_PEN)
@click.argument("record_id")
def show(shared: PenContext, record_id: str) -> None:
    """Show every entry of one record."""
    entries = _by_record(Journal().entries()).get(record_id)
    if not entries:
        raise errors.NoSuchRecord(f"There is no record {record_id!r}.")
    if shared.out.as_json:
        shared.out.object("pen.log.show/1", {"record_id": record_id, "entries": entries})
        return
    hidden = ("schema", "record_id", "time", "type", "hash", "previous")
    for entry in entries:
        shared.out.line(f"{entry['time'][11:23]}  {entry['type']}")
        for key, value in entry.items():
            if key not in hidden and value not in ("", None, [], {}):
                shared.out.line(f"    {key}: {value}")


@pen_command("verify", hidden=OF_A_PEN)
def verify(shared: PenContext) -> None:
    """Follow the hash chain of all records and report the first break."""
    journal = Journal()
    verdict = journal.verify()
    if shared.out.as_json:
        shared.out.object("pen.log.verify/1", {**verdict._asdict(), "whole": not verdict.reason})
        if verdict.reason:
            raise click.exceptions.Exit(errors.EXIT_VERIFY)
        return
    if verdict.reason:
        raise errors.RecordBroken(
            f"{journal.path}: line {verdict.broken_line}: {verdict.reason}. "
            f"The {verdict.lines} lines before it are whole."
        )
    shared.out.line(f"whole: {verdict.lines} entries, head {verdict.head}")
    shared.out.line(
        "compare the head with a copy kept elsewhere: lines cut off the end do not show"
    )


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
        shared.out.object("pen.log.pen/1", {"entries": entries})
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


for row_command in (list_, show, verify, of_pen):
    group.add_command(row_command)
