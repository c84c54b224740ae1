"""`pen course`: what a client had and when the next session is due; grades; who is due."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from host_controller import dates, errors, words
from host_controller.cli.context import OF_A_PEN, PenContext, shared_options
from host_controller.cli.context import command as pen_command
from host_controller.cli.records_desk import opened, writable
from host_controller.courses import dose, following, progress
from host_controller.courses.due import LOOK_BACK_DAYS
from host_controller.courses.history import GRADES, History
from host_controller.library import store
from host_controller.library.library import Library
from host_controller.records import courses_due, notes, queries
from host_controller.records.pseudonyms import pseudonym


@click.group("course")
@shared_options
def group() -> None:
    """Courses: sessions weeks apart, grades, who is due."""


def _concerns(history: History) -> list[str]:
    """Concerns of sessions and scores, the newest first."""
    found = [session.concern for session in history.sessions if session.concern]
    found += [score.concern for score in reversed(history.scores)]
    return list(dict.fromkeys(found))


def _days(count: int) -> str:
    if count == 0:
        return "today"
    plural = "" if abs(count) == 1 else "s"
    return f"in {count} day{plural}" if count > 0 else f"{-count} day{plural} ago"


def _fields(history: History, library: Library) -> dict[str, Any]:
    courses = []
    for concern in _concerns(history):
        nxt = following.following(history, library, concern)
        graded = progress.of(history, concern)
        courses.append(
            {
                "concern": concern,
                "sessions": nxt.sessions if nxt else 0,
                "last": nxt.last.isoformat() if nxt else None,
                "due": nxt.due.isoformat() if nxt else None,
                "zones": [
                    {"zone": zone.zone, "depth_um": zone.depth_um} for zone in nxt.zones
                ] if nxt else [],
                "remark": nxt.remark if nxt else "",
                "grades": [
                    {"on": score.on.isoformat(), "grade": score.grade} for score in graded.scores
                ],
            }
        )  # fmt: skip
    return {
        "client": history.client,
        "courses": courses,
        "dose": [
            {**row._asdict(), "first": row.first.isoformat(), "last": row.last.isoformat()}
            for row in dose.so_far(history)
        ],
    }


@pen_command("show", hidden=OF_A_PEN)
@click.argument("client")
@click.option("--simulated", is_flag=True, help="With sessions of simulated pens.")
def show(shared: PenContext, client: str, simulated: bool) -> None:
    """What CLIENT had: sessions, dose so far, grades, and when the next session is due."""
    pseudonym(client, "a client number")
    with opened(shared.out.message) as records:
        history = queries.history(records, client, simulated=simulated)
    library = store.in_force()
    if shared.out.as_json:
        shared.out.object("pen.course/1", _fields(history, library))
        return
    out, day = shared.out, dates.today()
    if not history.sessions and not history.scores:
        out.line(f"{client} had nothing yet")
        if not simulated:
            out.line("sessions of simulated pens are shown with --simulated")
        return
    for concern in _concerns(history):
        nxt = following.following(history, library, concern)
        out.line(f"{client}: {library.indications.get(concern, concern)}")
        if nxt is not None:
            due = _days((nxt.due - day).days)
            out.line(f"  sessions {nxt.sessions}, the last on {nxt.last}; due {nxt.due}, {due}")
            zones = ", ".join(f"{zone.zone} {words.mm(zone.depth_um)}" for zone in nxt.zones)
            out.line(f"  last time {zones}")
            if nxt.remark:
                out.line(f"  ! {nxt.remark}")
        graded = progress.of(history, concern)
        if graded.scores:
            grades = ", ".join(f"{score.on} {score.grade}" for score in graded.scores)
            last = progress.GRADE_WORDS[graded.scores[-1].grade]
            out.line(f"  grades {grades} ({last})")
    doses = dose.so_far(history)
    if doses:
        out.line()
        right = ("sessions", "punctures", "deepest", "first", "last")
        rows = [
            (
                row.zone,
                str(row.sessions),
                f"{row.punctures_per_cm2}/cm²",
                words.mm(row.deepest_um),
                row.first.isoformat(),
                row.last.isoformat(),
            )
            for row in doses
        ]
        out.table(("zone", *right), rows, right)
        out.line()
        out.line(f"the last session again: pen plan new --client {client} --repeat")


def photo_hash(path: Path) -> str:
    """SHA-256 of a photo's file; the photo stays where it is. Raises UsageError."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise errors.UsageError(
            f"The photo {path} cannot be read.",
            cause=f"The system says: {error}.",
            next_step="Name the photo's own file.",
        ) from error


_PHOTO = click.Path(dir_okay=False, path_type=Path)


@pen_command("score", hidden=OF_A_PEN)
@click.argument("client")
@click.option("--concern", required=True)
@click.option("--grade", required=True, type=click.IntRange(GRADES[0], GRADES[-1]),
              help="0 clear, 1 almost clear, 2 mild, 3 moderate, 4 severe.")  # fmt: skip
@click.option("--by", help="Staff code of who graded.")
@click.option("--record", "record_id", default="", help="The session it belongs to.")
@click.option("--before", type=_PHOTO, multiple=True, help="A photo from before; its hash is kept.")
@click.option("--after", type=_PHOTO, multiple=True, help="A photo from after.")
def score(
    shared: PenContext,
    client: str,
    concern: str,
    grade: int,
    by: str | None,
    record_id: str,
    before: tuple[Path, ...],
    after: tuple[Path, ...],
) -> None:
    """Grade a concern of CLIENT; photos stay where they are, their hashes are recorded."""
    library = store.in_force()
    if concern not in library.indications:
        raise errors.UsageError(
            f"{concern!r} is no concern of {library.name}.",
            cause=f"Its concerns are: {', '.join(library.indications)}.",
            next_step="Name one of these.",
        )
    photos = [photo_hash(path) for path in before], [photo_hash(path) for path in after]
    who = by or shared.config.operator or ""

    with opened(shared.out.message) as records:
        writable(
            records,
            lambda: notes.score(
                records, client, concern, grade, dates.today(), who, record_id, *photos
            ),
        )
    word = progress.GRADE_WORDS[grade]
    if shared.out.as_json:
        shared.out.object(
            "pen.course.score/1",
            {
                "client": client,
                "concern": concern,
                "grade": grade,
                "before_sha256": photos[0],
                "after_sha256": photos[1],
            },
        )
    else:
        shared.out.line(f"recorded: {client}, {concern}, {grade} ({word})")


@pen_command("due", hidden=OF_A_PEN)
@click.option("--ahead", default=7, show_default=True, type=click.IntRange(0, 365), metavar="DAYS")
def due(shared: PenContext, ahead: int) -> None:
    """Who is due within the next days, the longest overdue first."""
    day = dates.today()
    since = datetime.now(UTC) - timedelta(days=LOOK_BACK_DAYS)
    with opened(shared.out.message) as records:
        sessions = courses_due.last_sessions(records, since)
    found = following.due_list(sessions, store.in_force(), day, ahead)
    if shared.out.as_json:
        rows: list[dict[str, Any]] = [
            {
                "client": row.client,
                "concern": row.concern,
                "last": row.last.isoformat(),
                "due": row.due.isoformat(),
                "overdue_days": row.overdue_days(day),
            }
            for row in found
        ]
        shared.out.object("pen.course.due/1", {"due": rows})
        return
    if not found:
        shared.out.line(f"nobody is due within {ahead} days")
        return
    table = [
        (
            row.client,
            row.concern,
            row.last.isoformat(),
            row.due.isoformat(),
            _days(-row.overdue_days(day)),
        )
        for row in found
    ]
    shared.out.table(("client", "concern", "last", "due", ""), table)


for row in (show, score, due):
    group.add_command(row)
