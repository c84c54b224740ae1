"""`pen records export`: records as files for other programs."""

import json
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import click

from host_controller import errors
from host_controller.cli.context import OF_A_PEN, PenContext
from host_controller.cli.context import command as pen_command
from host_controller.cli.records_desk import opened
from host_controller.records import reading
from host_controller.records.export import SCHEMA, as_csv, as_object, redacted
from host_controller.records.failures import BadPeriod
from host_controller.records.store import Store
from host_controller.records.views import SessionRecord


def day(text: str) -> date:
    """A date as it is written in records; raises BadPeriod."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadPeriod(f"{text!r} is no date.") from error


def period(since: str | None, until: str | None) -> tuple[datetime, datetime]:
    """[since, until] in days of UTC, as moments; raises BadPeriod."""
    first = day(since) if since else date(2000, 1, 1)
    last = day(until) if until else date(9998, 12, 31)
    if last < first:
        raise BadPeriod(f"{until} is before {since}.")
    begin = datetime.combine(first, time(), UTC)
    return begin, datetime.combine(last, time(), UTC) + timedelta(days=1)


def chosen(
    store: Store, record_ids: tuple[str, ...], since: str | None, until: str | None
) -> list[SessionRecord]:
    """The records that are named, or those of a period."""
    if record_ids:
        return [store.session(reading.find(store, text)) for text in record_ids]
    return list(store.sessions(*period(since, until)))


def put(to: Path, text: str) -> None:
    """Write a file that was not there; raises UsageError or RecordUnwritable."""
    try:
        with to.open("x", encoding="utf-8", newline="") as stream:
            stream.write(text)
    except FileExistsError:
        raise errors.UsageError(
            f"{to} exists already.", cause="Nothing is overwritten.", next_step="Give another name."
        ) from None
    except OSError as error:
        raise errors.RecordUnwritable(
            f"{to} cannot be written.", cause=f"The system says: {error}."
        ) from error


@pen_command("export", hidden=OF_A_PEN)
@click.argument("record_ids", nargs=-1)
@click.option("--csv", "csv_to", type=click.Path(path_type=Path), help="One line for each zone.")
@click.option("--to", "json_to", type=click.Path(path_type=Path), help="JSON, one object a line.")
@click.option("--since", help="Records begun on this day (UTC) or later, 2026-11-22.")
@click.option("--until", help="Records begun on this day (UTC) or earlier.")
@click.option("--redact", is_flag=True, help="Leave out clients, staff and answers.")
def export(
    shared: PenContext,
    record_ids: tuple[str, ...],
    csv_to: Path | None,
    json_to: Path | None,
    since: str | None,
    until: str | None,
    redact: bool,
) -> None:
    """Write records for other programs; without a file, JSON lines on the screen.

    All records, those of a period, or the RECORD_IDS that are named.
    """
    with opened(shared.out.message) as store:
        records = chosen(store, record_ids, since, until)
    if redact:
        records = [redacted(record) for record in records]
    if csv_to:
        put(csv_to, as_csv(records))
    lines = [json.dumps({"schema": SCHEMA, **as_object(record)}) + "\n" for record in records]
    if json_to:
        put(json_to, "".join(lines))
    if not csv_to and not json_to:
        sys.stdout.writelines(lines)
    shared.out.message(f"{len(records)} records exported")
