"""`pen records` close-day, correct, merge, accept-clock: what keeps the records in order."""

from datetime import UTC, datetime
from pathlib import Path

import click

from host_controller import errors
from host_controller.cli.context import OF_A_PEN, PenContext
from host_controller.cli.context import command as pen_command
from host_controller.cli.records_desk import opened
from host_controller.records import heads, notes, queries, reading
from host_controller.records.failures import NotMerged
from host_controller.records.home import home
from host_controller.records.index_rows import CORRECTABLE
from host_controller.records.merge import merge
from host_controller.records.spool import Spool
from host_controller.records.store import Store
from host_controller.records.take_over import take_over


def _staff(shared: PenContext, by: str | None) -> str:
    found = by or shared.config.operator
    if not found:
        raise errors.UsageError("Who does this is missing.", next_step="Add --by STAFF-CODE.")
    return found


@pen_command("close-day", hidden=OF_A_PEN)
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Append them to FILE.")
def close_day(shared: PenContext, to: Path | None) -> None:
    """Keep the heads of all chains: what is cut off later shows.

    They are kept on this computer; write them to a disk elsewhere with --to, or print them.
    """
    now = datetime.now(UTC)
    day = f"{now:%Y-%m-%d}"
    try:
        with opened(shared.out.message) as store:
            closed = heads.close_day(store, day)
            begun = [row.record_id for row in queries.ask(store, queries.between(day, f"{day}~"))]
        if to is not None:
            with to.open("a", encoding="ascii") as stream:
                stream.write(closed.as_line() + "\n")
    except OSError as error:
        raise errors.RecordUnwritable(
            "The heads cannot be kept.", cause=f"The system says: {error}."
        ) from error
    if shared.out.as_json:
        fields = {"day": day, "records": begun, "heads": [head._asdict() for head in closed.heads]}
        shared.out.object("pen.records.close-day/1", fields)
        return
    shared.out.line(f"{day}: {len(begun)} treatments. Keep these heads away from this computer:")
    for head in closed.heads:
        shared.out.line(f"  {head.writer}  {head.number:>8}  {head.hash}")


@pen_command("correct", hidden=OF_A_PEN)
@click.argument("record_id")
@click.argument("field", type=click.Choice(CORRECTABLE))
@click.argument("value")
@click.option("--reason", type=click.Choice(notes.REASONS), required=True)
@click.option("--by", help="Staff code of who corrects.")
def correct(
    shared: PenContext, record_id: str, field: str, value: str, reason: str, by: str | None
) -> None:
    """Append a correction to a record; what stood before stays and is shown with it."""
    who = _staff(shared, by)
    with opened(shared.out.message) as store:
        found = reading.find(store, record_id)
        notes.correct(store, found, field, value, reason, who)
    shared.out.message(f"record {found}: {field} is {value} from now on")


@pen_command("merge", hidden=OF_A_PEN)
def merge_command(shared: PenContext) -> None:
    """Bring what waits on this computer into the database."""
    with opened(shared.out.message) as store:
        head = merge(store)
        if head is not None:
            Spool(store.home).trim(head)
        waiting = Spool(store.home).head() != head
    if waiting:
        raise NotMerged("Entries were written meanwhile.", next_step="Run it again.")
    shared.out.message("everything is in the database")


@pen_command("take-over", hidden=OF_A_PEN)
@click.argument("url")
def take_over_command(shared: PenContext, url: str) -> None:
    """Bring the records of another database into this one; taken again, what is new.

    URL is sqlite:///FILE or postgresql://..., for a clinic that moves to PostgreSQL.
    """
    place = home(url)
    if place.is_sqlite and not Path(place.url.removeprefix("sqlite:///")).exists():
        raise errors.UsageError(f"There is no file {place.url.removeprefix('sqlite:///')}.")
    with opened(shared.out.message) as store:
        source = Store.open(place)
        try:
            count = take_over(source, store)
        finally:
            source.close()
    shared.out.message(f"{count} entries were new")


@pen_command("accept-clock", hidden=OF_A_PEN)
@click.option("--by", help="Staff code of who has looked at the clock.")
def accept_clock(shared: PenContext, by: str | None) -> None:
    """Say that the clock is right although the last record is later; it is recorded."""
    who = _staff(shared, by)
    with opened(shared.out.message) as store:
        notes.accept_clock(store, who)
    shared.out.message(f"accepted: it is {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
