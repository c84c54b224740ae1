"""`pen records verify`: proves the chains, the index and the heads that were kept."""

from pathlib import Path

import click

from host_controller import errors
from host_controller.cli.context import OF_A_PEN, PenContext
from host_controller.cli.context import command as pen_command
from host_controller.cli.records_desk import opened
from host_controller.records.heads import heads_in
from host_controller.records.verify import Report, verify

SHOWN = 10


def _lines(report: Report) -> list[str]:
    return [f"{found.place}: {found.reason}" for found in report.breaks]


def _object(report: Report) -> dict[str, object]:
    return {
        "whole": report.whole,
        "entries": report.entries,
        "waiting": report.waiting,
        "heads": [head._asdict() for head in report.heads],
        "breaks": [found._asdict() for found in report.breaks],
    }


@pen_command("verify", hidden=OF_A_PEN)
@click.option(
    "--heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of `close-day --to`, kept elsewhere.",
)
def verify_command(shared: PenContext, heads: Path | None) -> None:
    """Follow every chain, compare the index and the kept heads; names the first break."""
    elsewhere = heads_in(heads) if heads else []
    with opened(shared.out.message) as store:
        report = verify(store, elsewhere)
    if shared.out.as_json:
        shared.out.object("pen.records.verify/1", _object(report))
        if not report.whole:
            raise click.exceptions.Exit(errors.EXIT_VERIFY)
        return
    if not report.whole:
        lines = _lines(report)
        more = [f"... and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
        raise errors.RecordBroken(lines[0] + ".", lines=[*lines[1:SHOWN], *more])
    shared.out.line(f"whole: {report.entries} entries in {len(report.heads)} chains")
    for head in report.heads:
        shared.out.line(f"  {head.writer}  {head.number:>8}  {head.hash}")
    if report.waiting:
        shared.out.line(f"{report.waiting} entries wait in the spool of this computer")
