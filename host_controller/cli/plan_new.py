"""`pen plan new` and `screen`: an example to start from, or a plan for one client.

A plan for a client is proposed from the library in force, held against the client's history, and
written to a file that is checked like any other before it counts.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from host_controller import dates, errors
from host_controller.cli import proposal_view
from host_controller.cli.context import OF_A_PEN, PenContext
from host_controller.cli.context import command as pen_command
from host_controller.cli.plan_wishes import (
    ask_reasons,
    changes_of,
    must_have_reasons,
    reasons_of,
)
from host_controller.courses import following, interval
from host_controller.courses.history import History
from host_controller.library import life, store
from host_controller.library.library import QUANTITIES, SKINS, USUAL
from host_controller.planning import plan_file, plan_source, plan_writer, screening
from host_controller.planning.basis import EARLY_REASONS, FITZPATRICK
from host_controller.planning.coverage import GLIDE_MAX_UM_S, GLIDE_MIN_UM_S, HEAD_UM
from host_controller.planning.proposal import NANO, Request, propose
from host_controller.records.pseudonyms import pseudonym

EXAMPLES = Path(plan_file.__file__).with_name("examples")
HEAD_MM = (1, 50)


def write_new(file: str, text: str) -> None:
    """Write a file that is not there yet; raises UsageError or PenError."""
    try:
        with Path(file).open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise errors.UsageError(
            f"{file} is there already; it was not touched.", next_step="Choose another name."
        ) from error
    except OSError as error:
        raise errors.PenError(
            f"{file} cannot be written.",
            cause=f"The system says: {error}.",
            next_step="Choose another folder.",
        ) from error


def history_of(shared: PenContext, client: str) -> History:
    """What the records of this clinic say about a client; not known while they cannot be asked."""
    from host_controller.cli.records_desk import opened
    from host_controller.records import queries
    from host_controller.records.failures import DatabaseAway

    try:
        with opened(shared.out.message) as records:
            history = queries.history(records, client)
            queries.must_be_spelled_as_before(records, history)
            return history
    except DatabaseAway as problem:
        shared.out.message(f"{problem.number} {problem.sentence} {problem.cause}")
        return History(client, known=False)


def repeated(history: History, concern: str) -> Request:
    """The last session again; raises UsageError where there was none."""
    concerns = [s.concern for s in history.sessions if s.concern and s.treated_zones]
    last = following.last_of(history, concern or (concerns[0] if concerns else ""))
    if not history.known:
        raise errors.UsageError(
            f"The last session of {history.client} cannot be looked up.",
            cause="The database of records cannot be reached now.",
            next_step="Name --concern and --zones, or try again later.",
        )
    if last is None:
        raise errors.UsageError(
            f"There is no session of {history.client} to repeat.",
            cause="Nothing was treated yet, or for no concern that a plan named.",
            next_step="Name --concern and --zones.",
        )
    return following.repeat(history.client, last)


def for_client(shared: PenContext, file: str | None, asked: dict[str, Any]) -> None:
    """Propose, check, write and show a plan for one client."""
    from dataclasses import replace

    client, day = pseudonym(asked["client"], "a client number"), dates.today()
    library = store.in_force()
    life.in_time(library, day)
    history = history_of(shared, client)
    if asked["repeat"]:
        request = repeated(history, asked["concern"] or "")
    elif not asked["concern"]:
        raise errors.UsageError(
            "The concern is missing.",
            cause=f"Those of {library.name}: {', '.join(library.indications)}.",
            next_step="Add --concern NAME, or --repeat for the last session again.",
        )
    else:
        request = Request(client, asked["concern"], ())
    zones = tuple(zone.strip() for zone in (asked["zones"] or "").split(",") if zone.strip())
    pins = asked["pins"]
    approved_by = asked["approved_by"]
    if approved_by:
        pseudonym(approved_by, "a staff code")
    request = replace(
        request,
        zones=zones or request.zones,
        fitzpatrick=asked["fitzpatrick"] or "",
        skin=asked["skin"],
        role=asked["role"],
        pins=request.pins if pins is None else NANO if pins == "nano" else int(pins),
        ramp=not asked["no_ramp"],
        early_reason=asked["early"] or "",
        planned_at=datetime.now(UTC).replace(microsecond=0),
        glide_um_s=(asked["glide"] or 0) * 1000,
        head_um=asked["head"] * 1000 if asked["head"] else HEAD_UM,
        changes=(*request.changes, *changes_of(asked["changes"])),
        reasons=reasons_of(asked["reasons"], approved_by),
    )
    if request.role and request.role not in library.roles:
        from host_controller.cli.library_view import known_role

        known_role(library, request.role)
    proposal = propose(library, request)
    asked_again = ask_reasons(request, proposal, approved_by)
    if asked_again is not request:
        proposal = propose(library, asked_again)
    must_have_reasons(proposal)
    intervals = {zone.entry.zone: zone.entry.interval_days for zone in proposal.zones}
    interval.must_have_rested(history, intervals, request.early_reason, day, request.planned_at)
    target = file or f"{client}-{day:%Y%m%d}.toml"
    text = plan_writer.text(proposal)
    plan = plan_file.check(plan_source.parse(target, text.encode()), lambda _: library)
    if not asked["dry_run"]:
        write_new(target, text)
    if shared.out.as_json:
        fields = proposal_view.as_object(proposal)
        written = None if asked["dry_run"] else target
        shared.out.object(
            "pen.plan.proposal/1", {"file": written, **fields, "plan": plan.as_dict()}
        )
        return
    proposal_view.show(shared.out, proposal)
    shared.out.line()
    if asked["dry_run"]:
        shared.out.line("dry run: nothing was written")
    else:
        shared.out.line(f"written: {target}; next: pen treat {target} --operator CODE")


def example_of(shared: PenContext, file: str, example: str) -> None:
    """Write an example."""
    source = next(path for path in EXAMPLES.iterdir() if path.stem == example)
    target = Path(file)
    if target.suffix in (".json", ".toml") and target.suffix != source.suffix:
        raise errors.UsageError(
            f"The example {example} is written in {source.suffix[1:].upper()}.",
            cause=f"{file} ends in {target.suffix}.",
            next_step=f"Name the file {target.with_suffix(source.suffix)}.",
        )
    write_new(file, source.read_text(encoding="utf-8"))
    if shared.out.as_json:
        shared.out.object("pen.plan.new/1", {"file": file, "example": example})
    else:
        shared.out.line(f"written: {file}; edit it, then run `pen plan check {file}`")


@pen_command("new", hidden=OF_A_PEN)
@click.argument("file", type=click.Path(dir_okay=False), required=False)
@click.option(
    "--example",
    type=click.Choice(sorted(path.stem for path in EXAMPLES.iterdir())),
    default="three_zones",
    show_default=True,
    help="What to write where no client is named.",
)
@click.option("--client", help="Client number, never a name: propose a plan from the library.")
@click.option("--concern", help="What is to be treated, for instance acne-scars.")
@click.option("--zones", metavar="A,B", help="Which zones; default: all of the concern.")
@click.option("--fitzpatrick", type=click.Choice(FITZPATRICK), help="Skin type.")
@click.option("--skin", type=click.Choice(SKINS), default=USUAL, show_default=True)
@click.option("--role", default="", help="Narrowed for this role of the library.")
@click.option("--pins", type=click.Choice(["12", "24", "36", "nano"]), help="Another cartridge.")
@click.option(
    "changes", "--set", metavar="ZONE.WHAT=VALUE", multiple=True,
    help=f"Another value; WHAT is {', '.join(QUANTITIES)} or area.",
)  # fmt: skip
@click.option(
    "reasons", "--reason", metavar="ZONE=WORD", multiple=True,
    help="Why a zone leaves the soft limits.",
)  # fmt: skip
@click.option("--approved-by", default="", metavar="CODE", help="Who allows it.")
@click.option("--early", type=click.Choice(EARLY_REASONS), help="Why before the interval is over.")
@click.option("--repeat", is_flag=True, help="The client's last session again.")
@click.option("--no-ramp", is_flag=True, help="The first pass as deep as the others.")
@click.option(
    "--glide", metavar="MM/S", help="Speed of the hand, for the figures.",
    type=click.IntRange(GLIDE_MIN_UM_S // 1000, GLIDE_MAX_UM_S // 1000),
)  # fmt: skip
@click.option("--head", type=click.IntRange(*HEAD_MM), metavar="MM", help="Width of the head.")
@click.option("--dry-run", is_flag=True, help="Show the proposal, write nothing.")
def new(shared: PenContext, file: str | None, example: str, **asked: Any) -> None:
    """Propose a plan for a client, or write an example, to FILE.

    With --client it is made from the library in force and checked against the client's history;
    without, FILE is an example to edit.
    """
    if asked["client"]:
        for_client(shared, file, asked)
        return
    stray = [name for name, value in asked.items() if value and name != "skin"]
    if stray or file is None:
        raise errors.UsageError(
            "For whom is the plan?" if stray else "The file to write is missing.",
            cause="A proposal needs a client, an example needs a file.",
            next_step="Add --client NUMBER and --concern NAME, or name a FILE.",
        )
    example_of(shared, file, example)


@pen_command("screen", hidden=OF_A_PEN)
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--client", required=True, help="Client number, never a name.")
def screen(shared: PenContext, file: str, client: str) -> None:
    """Write the questions about contraindications to FILE, for `pen treat --screen`."""
    pseudonym(client, "a client number")
    write_new(file, screening.template(client, dates.today()))
    if shared.out.as_json:
        shared.out.object(
            "pen.plan.screen/1", {"file": file, "client": client, "questions": screening.QUESTIONS}
        )
    else:
        shared.out.line(f"written: {file}; answer all, then `pen treat PLAN --screen {file}`")
