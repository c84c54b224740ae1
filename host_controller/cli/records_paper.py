"""`pen records report|aftercare|fhir|quality`: what leaves the clinic on paper or for others."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click

from host_controller.cli.context import OF_A_PEN, PenContext
from host_controller.cli.context import command as pen_command
from host_controller.cli.records_desk import opened
from host_controller.cli.records_out import day
from host_controller.records import reading
from host_controller.records.views import SessionRecord
from host_controller.reports.failures import ReportNotWritten


def one(shared: PenContext, record_id: str) -> SessionRecord:
    """The record that RECORD_ID begins; raises NoSuchRecord."""
    with opened(shared.out.message) as store:
        return store.session(reading.find(store, record_id))


def keep(shared: PenContext, to: Path, content: bytes, what: str) -> None:
    """Write a report to a file that was not there; raises ReportNotWritten."""
    try:
        with to.open("xb") as stream:
            stream.write(content)
    except FileExistsError:
        raise ReportNotWritten(
            f"{to} exists already.", cause="Nothing is overwritten.", next_step="Give another name."
        ) from None
    except OSError as error:
        raise ReportNotWritten(
            f"{to} cannot be written.", cause=f"The system says: {error}."
        ) from error
    if shared.out.as_json:
        shared.out.object("pen.file/1", {"file": str(to), "bytes": len(content), "what": what})
    else:
        shared.out.line(f"{what}: {to}")


@pen_command("report", hidden=OF_A_PEN)
@click.argument("record_id")
@click.option("--pdf", "to", type=click.Path(path_type=Path), help="The file; else RECORD.pdf.")
def report(shared: PenContext, record_id: str, to: Path | None) -> None:
    """Write a treatment's report as PDF: face map, planned beside measured, course, proof.

    RECORD_ID may be shortened as long as one record only begins with it.
    """
    from host_controller.reports.treatment_report import treatment_report

    session = one(shared, record_id)
    keep(shared, to or Path(f"{session.record_id}.pdf"), treatment_report(session), "report")


@pen_command("aftercare", hidden=OF_A_PEN)
@click.argument("record_id", required=False)
@click.option("--pdf", "to", type=click.Path(path_type=Path), help="The file.")
@click.option("--texts", type=click.Path(path_type=Path), help="A clinic's own texts (TOML).")
@click.option("--next", "next_day", help="Earliest day of the next session, 2026-12-20.")
@click.option("--show-texts", is_flag=True, help="Print the texts that are shipped, to edit.")
def aftercare(
    shared: PenContext,
    record_id: str | None,
    to: Path | None,
    texts: Path | None,
    next_day: str | None,
    show_texts: bool,
) -> None:
    """Write the leaflet that a client takes home."""
    from host_controller.reports.aftercare import leaflet, read_texts, shipped_texts

    if show_texts:
        shared.out.line(shipped_texts().decode().rstrip())
        return
    if record_id is None:
        raise click.UsageError("Name a record: pen records aftercare RECORD_ID")
    due = day(next_day) if next_day else None
    words = read_texts(_read(texts) if texts else None)
    session = one(shared, record_id)
    to = to or Path(f"{session.record_id}-aftercare.pdf")
    keep(shared, to, leaflet(session, words, due), "leaflet")


def _read(file: Path) -> bytes:
    from host_controller.reports.failures import AftercareTextWrong

    try:
        return file.read_bytes()
    except OSError as error:
        raise AftercareTextWrong(
            f"{file} cannot be read.", cause=f"The system says: {error}."
        ) from error


@pen_command("fhir", hidden=OF_A_PEN)
@click.argument("record_id")
@click.option("--to", type=click.Path(path_type=Path), help="The file; else RECORD.fhir.json.")
def fhir(shared: PenContext, record_id: str, to: Path | None) -> None:
    """Write a treatment as a FHIR R4B bundle for another system."""
    from host_controller.reports.fhir import bundle

    session = one(shared, record_id)
    content = json.dumps(bundle(session), indent=1, ensure_ascii=False) + "\n"
    keep(shared, to or Path(f"{session.record_id}.fhir.json"), content.encode(), "FHIR bundle")


@pen_command("quality", hidden=OF_A_PEN)
@click.option("--month", help="2026-11; this month when not given.")
@click.option("--simulated", is_flag=True, help="Count simulated and demonstration records too.")
def quality_command(shared: PenContext, month: str | None, simulated: bool) -> None:
    """Show a month: kept to the library, overrides with reasons, hard stops, early sessions."""
    from host_controller.reports.month import month_quality

    month = month or f"{datetime.now(UTC):%Y-%m}"
    with opened(shared.out.message) as store:
        found = month_quality(store, month, simulated)
    if shared.out.as_json:
        shared.out.object("pen.quality/1", found.as_json())
        return
    share = found.share_in_library
    shared.out.pairs(
        [
            ("month", month + (", simulated records too" if simulated else "")),
            ("sessions", str(found.sessions) + _counts(found.outcomes.items())),
            ("zones treated", str(found.zones)),
            ("in library", "-" if share is None else f"{share:.0%} ({found.in_library})"),
        ]
    )
    if not found.sessions and not simulated:
        shared.out.line("sessions of simulated pens are counted with --simulated")
    for title, counts in (
        ("overrides", found.overrides),
        ("hard stops", found.hard_stops),
        ("faults of pens", found.faults),
        ("early sessions", found.early),
    ):
        shared.out.line()
        if counts:
            rows = [(str(count), text) for text, count in counts.items()]
            shared.out.table(("", title), rows, right=("",))
        else:
            shared.out.line(f"{title}: none")


def _counts(items: Iterable[tuple[str, int]]) -> str:
    text = ", ".join(f"{count} {name}" for name, count in items)
    return f" ({text})" if text else ""
