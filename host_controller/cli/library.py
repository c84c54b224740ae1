"""`pen library`: list, show, validate, diff, schema; the steps of a life are in `library_steps`."""

import click

from host_controller import dates
from host_controller.cli import library_view
from host_controller.cli.context import OF_A_PEN, PenContext, shared_options
from host_controller.cli.context import command as pen_command
from host_controller.cli.library_steps import approve, new, push, release, retire, review
from host_controller.library import difference, json_schema, life, reader, store
from host_controller.library.library import QUANTITIES, SKINS, USUAL, Entry, Library


@click.group("library")
@shared_options
def group() -> None:
    """Depth libraries: look, check, approve, put in force."""


def entry_fields(entry: Entry) -> dict[str, object]:
    """An entry as `--json` shows it: um, 0.01 Hz, punctures per cm²."""
    return {
        "indication": entry.indication,
        "zone": entry.zone,
        "skin": entry.skin,
        **{
            quantity: {
                "default": rail.default,
                **{
                    layer: [rail.layer(layer).low, rail.layer(layer).high]
                    for layer in ("soft", "hard", "evaluated", "mechanical")
                },
            }
            for quantity in QUANTITIES
            for rail in (entry.guardrail(quantity),)
        },
        "pins": entry.pins or "nano",
        "pattern": entry.pattern,
        "endpoint": entry.endpoint,
        "interval_days": entry.interval_days,
        "warnings": list(entry.warnings),
        "sources": {name: list(keys) for name, keys in entry.sources.items()},
    }


def head_fields(library: Library) -> dict[str, object]:
    """The head of a library as `--json` shows it."""
    return {
        "library_id": library.library_id,
        "version": library.version,
        "label": library.label,
        "state": library.state,
        "approval": library.approval,
        "author": library.author,
        "valid_from": library.valid_from.isoformat(),
        "review_by": library.review_by.isoformat() if library.review_by else None,
        "sha256": library.sha256,
        "entries": len(library.entries),
        "roles": list(library.roles),
        "life": [
            {"state": step.state, "by": step.by, "on": step.on.isoformat()} for step in library.life
        ],
    }


@pen_command("list", hidden=OF_A_PEN)
def list_(shared: PenContext) -> None:
    """List the libraries of this computer; one of them is in force."""
    kept = store.all_kept()
    if shared.out.as_json:
        found = [{**head_fields(row.library), "in_force": row.in_force} for row in kept]
        shared.out.object("pen.library/1", {"libraries": found})
        return
    right = ("version", "entries")
    rows = [
        (
            row.library.library_id,
            str(row.library.version),
            row.library.state,
            str(len(row.library.entries)),
            str(row.library.review_by or "-"),
            row.library.tag,
            "in force" if row.in_force else "",
        )
        for row in kept
    ]
    header = ("library", "version", "state", "entries", "review by", "hash", "")
    shared.out.table(header, rows, right)


def choose(name: str | None) -> Library:
    """The library a person named; the one in force without a name."""
    return reader.load(store.path_of(name)) if name else store.in_force()


@pen_command("show", hidden=OF_A_PEN)
@click.argument("library", required=False)
@click.option("--concern", help="Only this concern.")
@click.option("--zone", help="Only this zone; with --concern, everything about it.")
@click.option("--skin", type=click.Choice(SKINS), default=USUAL, show_default=True)
@click.option("--role", default="", help="As it is narrowed for this role.")
def show(
    shared: PenContext,
    library: str | None,
    concern: str | None,
    zone: str | None,
    skin: str,
    role: str,
) -> None:
    """Show a LIBRARY: a file, a name, a hash, or the one in force."""
    found = choose(library)
    library_view.known_role(found, role)
    entries = library_view.matching(found, concern, zone, skin, role)
    if shared.out.as_json:
        shared.out.object(
            "pen.library.show/1",
            {**head_fields(found), "entries": [entry_fields(entry) for entry in entries]},
        )
        return
    library_view.print_head(shared.out, found)
    if concern and zone:
        for entry in entries:
            library_view.print_entry(shared.out, found, entry)
    else:
        library_view.print_entries(shared.out, found, entries)


@pen_command("validate", hidden=OF_A_PEN)
@click.argument("file", type=click.Path())
def validate(shared: PenContext, file: str) -> None:
    """Check a library FILE: limits that nest, sources, dates, its life and its hash."""
    library = reader.load(file)
    if library.valid_from <= dates.today():  # a draft may be for later, and never be past its day
        life.in_time(library, dates.today())
    if shared.out.as_json:
        shared.out.object("pen.library.validate/1", {"file": file, **head_fields(library)})
        return
    shared.out.line(
        f"good: {library.name}, {len(library.entries)} entries, {len(library.narrowings)} "
        f"narrowings, {library.state}, {library.tag}"
    )


@pen_command("diff", hidden=OF_A_PEN)
@click.argument("old")
@click.argument("new", required=False)
def diff(shared: PenContext, old: str, new: str | None) -> None:
    """What changed from OLD to NEW; with one LIBRARY, from the one in force to it."""
    before = choose(old if new else None)
    after = choose(new or old)
    changes = difference.compare(before, after)
    if shared.out.as_json:
        shared.out.object(
            "pen.library.diff/1",
            {
                "old": before.sha256,
                "new": after.sha256,
                "changes": [change._asdict() for change in changes],
            },
        )
        return
    library_view.print_changes(shared.out, before, after, changes)


@pen_command("schema", hidden=OF_A_PEN)
def schema(shared: PenContext) -> None:
    """Print the JSON Schema of library files, for your editor."""
    shared.out.line(json_schema.text().rstrip("\n"))


for row in (list_, show, new, validate, diff, review, approve, release, retire, push, schema):
    group.add_command(row)
