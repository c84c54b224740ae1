"""`pen library` new, review, approve, release, retire, push: the steps of a library's life."""

import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from host_controller import dates, errors
from host_controller.cli import library_view
from host_controller.cli.context import OF_A_PEN, PenContext
from host_controller.cli.context import command as pen_command
from host_controller.cli.output import Output
from host_controller.library import difference, life, life_file, pen_limits, reader, store
from host_controller.library.library import Library
from host_controller.records.pseudonyms import pseudonym

if TYPE_CHECKING:
    from host_controller.pen import Pen

_BY = click.option("--by", required=True, metavar="CODE", help="Staff code of who does this.")


def _told(out: Output, library: Library, path: str, next_step: str) -> None:
    if out.as_json:
        out.object(
            "pen.library.step/1",
            {
                "file": path,
                "library_id": library.library_id,
                "version": library.version,
                "state": library.state,
                "sha256": library.sha256,
            },
        )
        return
    out.line(f"{library.name} is {library.state}, {library.tag}; next: {next_step}")


@pen_command("new", hidden=OF_A_PEN)
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--from", "source", default="", help="File or library to begin with.")
@click.option("--author", required=True, metavar="CODE", help="Staff code of its author.")
@click.option("--id", "library_id", default="", help="Its name, where it is to be another one.")
@click.option(
    "--review-by", type=click.DateTime(["%Y-%m-%d"]), help="When it has to be looked at again."
)
def new(
    shared: PenContext,
    file: str,
    source: str,
    author: str,
    library_id: str,
    review_by: datetime | None,
) -> None:
    """Write a draft to FILE, to edit: the next version of a library, or one of your own.

    Without --from it begins with the library in force; comments are kept. The schema for your
    editor is put beside it.
    """
    pseudonym(author, "a staff code")
    path = store.path_of(source) if source else store.path_of(store.in_force().tag)
    changes: dict[str, object] = {"author": author, "valid_from": dates.today()}
    if library_id or reader.load(path).library_id == "starter":
        changes |= {"id": library_id or "clinic", "approval": "clinic library", "title": "Library"}
    if review_by is not None:
        changes["review_by"] = review_by.date()
    library = life_file.new_version(path, Path(file), changes)
    beside = Path(file).parent / life_file.SCHEMA_FILE
    shutil.copyfile(Path(reader.__file__).with_name(life_file.SCHEMA_FILE), beside)
    _told(shared.out, library, file, f"edit it, then `pen library validate {file}`")


def _step(shared: PenContext, file: str, state: str, by: str, next_step: str) -> None:
    pseudonym(by, "a staff code")
    library = life_file.take_step(Path(file), state, by, dates.today())
    _told(shared.out, library, file, next_step)


@pen_command("review", hidden=OF_A_PEN)
@click.argument("file", type=click.Path(dir_okay=False))
@_BY
def review(shared: PenContext, file: str, by: str) -> None:
    """Say that you have looked at every value of FILE; not as its author."""
    _step(shared, file, "reviewed", by, f"pen library approve {file} --by CODE")


@pen_command("approve", hidden=OF_A_PEN)
@click.argument("file", type=click.Path(dir_okay=False))
@_BY
@click.option("--against", default="", help="Show what changed from here (default: in force).")
@click.option("--yes", is_flag=True, help="Do not ask, for scripts.")
def approve(shared: PenContext, file: str, by: str, against: str, yes: bool) -> None:
    """Take responsibility for FILE after seeing what changed; not as its author."""
    pseudonym(by, "a staff code")
    library = reader.load(file)
    life.next_step(library, "approved", by, dates.today())  # before anybody reads for nothing
    before = reader.load(store.path_of(against)) if against else store.in_force()
    if not shared.out.as_json:
        changes = difference.compare(before, library)
        library_view.print_changes(shared.out, before, library, changes)
        shared.out.line()
    if not yes:
        if shared.out.as_json or not sys.stdin.isatty():
            raise errors.UsageError(
                "Nobody can confirm the approval here.",
                cause="There is no terminal, or --json was given.",
                next_step="Read `pen library diff`, then add --yes.",
            )
        click.confirm(f"Approve {library.name} as {by}?", abort=True, err=True)
    _step(shared, file, "approved", by, f"pen library release {file} --by CODE")


@pen_command("release", hidden=OF_A_PEN)
@click.argument("file", type=click.Path(dir_okay=False))
@_BY
def release(shared: PenContext, file: str, by: str) -> None:
    """Release an approved FILE for use."""
    _step(shared, file, "released", by, f"pen library push {file} --by CODE")


@pen_command("retire", hidden=OF_A_PEN)
@click.argument("file", type=click.Path(dir_okay=False))
@_BY
def retire(shared: PenContext, file: str, by: str) -> None:
    """Take a released FILE out of use; plans made with it stay readable."""
    pseudonym(by, "a staff code")
    library = life_file.take_step(Path(file), "retired", by, dates.today())
    was = store.retire(library.sha256, dates.today())
    _told(
        shared.out,
        library,
        file,
        "push another one, none is in force now" if was else "nothing, it was not in force here",
    )


def against_the_pen(pen: "Pen", library: Library) -> int:
    """Ask the pen for its limits and hold every entry against them; returns the zones asked.

    Raises PenBusy while it is armed or moves, BeyondThePen where it would refuse.
    """
    pen_limits.must_rest(pen.status().state)
    return pen_limits.compare(library, pen.limits)


@pen_command("push")
@click.argument("file", type=click.Path(dir_okay=False))
@_BY
@click.option("--without-pen", is_flag=True, help="Do not ask a pen for its own limits.")
def push(shared: PenContext, file: str, by: str, without_pen: bool) -> None:
    """Put a released FILE in force: plans are made with it from now on.

    Each entry is held against the limits that the connected pen itself tells. The pen keeps the
    library's hash with every plan.
    """
    pseudonym(by, "a staff code")
    library = reader.load(file)
    life.in_time(library, dates.today())
    zones = 0
    if not without_pen:
        with shared.pen() as pen:
            zones = against_the_pen(pen, library)
    store.put_in_force(Path(file), by, dates.today())
    if shared.out.as_json:
        shared.out.object(
            "pen.library.push/1",
            {"file": file, "sha256": library.sha256, "zones_compared": zones, "by": by},
        )
        return
    asked = f", {zones} zones within the pen's own limits" if zones else ", no pen was asked"
    shared.out.line(f"in force: {library.name}, {library.tag}{asked}")
