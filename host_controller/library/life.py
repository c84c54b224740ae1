"""A library's life: draft, reviewed, approved, released, retired; who may take which step.

Every step names a person, a day and the hash of the content it was taken for, so a later edit
shows. Reviewer and approver are never the author. Pure; the clock is an argument.
"""

import re
from datetime import date
from typing import Any

from host_controller.library import failures
from host_controller.library.library import STATES, Library, LifeStep
from host_controller.planning import fields
from host_controller.planning.problems import Problems

KEYS = ("state", "by", "on", "sha256")
STEPS = STATES[1:]
ALONE = ("released", "retired")  # steps that the author may take as well
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_HASH = re.compile(r"[0-9a-f]{64}")


def read(problems: Problems, rows: Any) -> tuple[LifeStep, ...]:
    """The steps as written; kind and form are judged here, sense by `check`."""
    if not isinstance(rows, list):
        problems.add("life", "The steps of a library's life are tables: [[life]].")
        return ()
    steps = []
    for index, row in enumerate(rows):
        where = f"life[{index}]"
        if not isinstance(row, dict):
            problems.add(where, "A step is a table with state, by, on and sha256.")
            continue
        fields.known_keys(problems, where, row, KEYS)
        state = fields.word(problems, f"{where}.state", row.get("state"), STEPS)
        by, on, sha256 = row.get("by"), row.get("on"), row.get("sha256")
        if not isinstance(by, str) or not CODE.fullmatch(by):
            problems.add(f"{where}.by", "A staff code was expected.", "letters, digits, - and _")
        elif not isinstance(on, date):
            problems.add(f"{where}.on", "A date was expected.", "year-month-day, without quotes")
        elif not isinstance(sha256, str) or not _HASH.fullmatch(sha256):
            problems.add(f"{where}.sha256", "The hash of the content was expected.", "64 digits")
        elif state:
            steps.append(LifeStep(state, by, on, sha256))
    return tuple(steps)


def check(library: Library) -> None:
    """Raise LibraryStepRefused, SamePerson, LibraryDates or LibraryEdited for a life without sense.

    A library is judged by every step it claims to have taken, so a state that was typed into the
    file by hand does not pass either.
    """
    for index, step in enumerate(library.life):
        due = STEPS[index] if index < len(STEPS) else "no further one"
        if step.state != due:
            raise failures.LibraryStepRefused(
                f"{library.name}: step {index + 1} is {step.state!r}, due is {due!r}."
            )
        _another_person(library, step.state, step.by)
        earlier = library.life[index - 1].on if index else step.on
        if step.on < earlier:
            raise failures.LibraryDates(
                f"{library.name} was {step.state} on {step.on}, before the step on {earlier}."
            )
        if step.sha256 != library.sha256:
            raise failures.LibraryEdited(
                f"{library.name} was changed after it was {step.state} by {step.by} on {step.on}."
            )


def _another_person(library: Library, state: str, by: str) -> None:
    if state not in ALONE and by == library.author:
        raise failures.SamePerson(
            f"{library.name} was written by {by}, who cannot be the one to have it {state}."
        )


def next_step(library: Library, state: str, by: str, today: date) -> LifeStep:
    """The step to `state` taken by `by` today; raises what `check` raises, and LibraryExpired."""
    check(library)
    if STATES.index(state) != STATES.index(library.state) + 1:
        raise failures.LibraryStepRefused(f"{library.name} is {library.state}, not to be {state}.")
    _another_person(library, state, by)
    if library.life and today < library.life[-1].on:
        raise failures.LibraryDates(
            f"Today is {today}, and {library.name} was {library.state} on {library.life[-1].on}."
        )
    if state in ("approved", "released"):
        if library.review_by is None:
            raise failures.LibraryExpired(
                f"{library.name} has no review date.",
                cause="Nothing is approved for ever.",
                next_step="Add review_by = YEAR-MONTH-DAY to the file, and have it reviewed again.",
            )
        if library.review_by < today:
            raise failures.LibraryExpired(
                f"{library.name} was to be reviewed by {library.review_by}."
            )
    return LifeStep(state, by, today, library.sha256)


def in_time(library: Library, today: date) -> None:
    """Raise LibraryExpired when today is before its first or after its last day."""
    if today < library.valid_from:
        raise failures.LibraryExpired(
            f"{library.name} is valid from {library.valid_from} on, today is {today}.",
            next_step="Look at the date of this computer, or use the version before.",
        )
    if library.review_by is not None and library.review_by < today:
        raise failures.LibraryExpired(
            f"{library.name} was to be reviewed by {library.review_by}, today is {today}."
        )
