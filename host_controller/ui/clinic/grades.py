"""Grades of a client: what was given, and the form for one more.

A grade that was wrong is corrected by another one of the same day; the first one stays and is
shown as replaced. Owns the form.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nicegui import ui

from host_controller import dates
from host_controller.courses.history import GRADES, History, Score
from host_controller.courses.interval import day_of
from host_controller.library.library import Library
from host_controller.records import notes
from host_controller.records.pseudonyms import pseudonym
from host_controller.ui.clinic import parts
from host_controller.ui.clinic.clinic import Clinic

if TYPE_CHECKING:
    from datetime import date

NEWEST = 40  # photos to choose from


def replaced(history: History) -> set[int]:
    """Places in `history.scores` of grades that a later one of the same day replaces."""
    last: dict[tuple[str, date], int] = {}
    gone = set()
    for at, score in enumerate(history.scores):
        key = (score.concern, score.on)
        if key in last:
            gone.add(last[key])
        last[key] = at
    return gone


class Grades:
    """Table and form in one window; `written` is called after a grade was appended."""

    def __init__(
        self,
        clinic: Clinic,
        library: Library,
        history: History,
        written: Callable[[], Awaitable[None]],
    ) -> None:
        self._clinic = clinic
        self._titles = parts.concerns(clinic.say, library)
        self._history = history
        self._written = written
        say = clinic.say
        parts.heading(say("clinic.grades"))
        if history.scores:
            self._table()
        else:
            ui.label(say("clinic.no_grades")).classes("pen-quiet")
        self._form = ui.column().classes("w-full")
        with self._form:
            parts.small(say("clinic.grade_now"), lambda: self._open(None))

    def _table(self) -> None:
        say, gone = self._clinic.say, replaced(self._history)
        keys = ("day", "concern", "grade", "by", "photos")
        rows = reversed(list(enumerate(self._history.scores)))
        parts.table(
            say("clinic.grades"),
            [*(say(f"clinic.{key}") for key in keys), say("clinic.correct_heading")],
            (self._row(at, score, at in gone) for at, score in rows),
            lambda _, of: self._open(self._history.scores[int(of)]),
        )

    def _row(self, at: int, score: Score, gone: bool) -> list[str]:
        say = self._clinic.say
        kind = "clinic-replaced" if gone else "clinic-strong"
        grade = f"{score.grade} {say(f'grade.{score.grade}')}"
        photos = len(score.before_sha256) + len(score.after_sha256)
        last = parts.cell(say("clinic.replaced")) if gone else parts.action(
            say("clinic.correct"), "correct", str(at),
            label=say("clinic.correct_of", day=score.on),
        )  # fmt: skip
        return [
            parts.cell(score.on.isoformat()),
            parts.cell(self._titles.get(score.concern, score.concern)),
            parts.cell(grade, kind),
            parts.cell(score.by or "–"),
            parts.cell(photos or "–"),
            last,
        ]

    # --- the form -------------------------------------------------------------------------------

    async def _open(self, wrong: Score | None) -> None:
        """The form, empty or for the day and concern of a grade that is corrected."""
        newest = await asyncio.to_thread(self._clinic.photos.newest, NEWEST)
        self._form.clear()
        with self._form:
            self._fields(wrong, newest)

    def _fields(self, wrong: Score | None, newest: list[Path]) -> None:
        say = self._clinic.say
        concerns = self._titles
        known = next((s.concern for s in self._history.sessions if s.concern in concerns), None)
        names = {str(path): path.name for path in newest}
        with ui.column().classes("clinic-form gap-3"):
            if wrong is not None:
                ui.label(say("clinic.correcting", day=wrong.on, grade=wrong.grade)).classes(
                    "pen-amber"
                )
            with ui.row().classes("items-center gap-3"):
                concern = ui.select(
                    concerns, value=wrong.concern if wrong else known, label=say("clinic.concern")
                )
                by = ui.input(say("clinic.by_code"), value=self._clinic.operator)
                sessions = {"": say("clinic.between_sessions")} | {
                    s.record_id: parts.day(s.begun) for s in self._history.sessions[:20]
                }
                today = dates.today()
                now = next((s.record_id for s in self._history.sessions if day_of(s) == today), "")
                session = ui.select(
                    sessions, value=wrong.record_id if wrong else now, label=say("clinic.session")
                )
                for field in (concern, by, session):
                    field.props("outlined dense").classes("clinic-field")
                concern.set_enabled(wrong is None)
            ui.label(say("clinic.grade")).classes("pen-quiet")
            chosen: list[int] = []
            texts = {str(grade): f"{grade} {say(f'grade.{grade}')}" for grade in GRADES}
            parts.choice(say("clinic.grade"), texts, "", lambda text: chosen.append(int(text)))
            if newest:
                with ui.row().classes("gap-3"):
                    before, after = (
                        ui.select(names, multiple=True, label=say(f"clinic.photos_{when}"))
                        for when in ("before", "after")
                    )
                    for field in (before, after):
                        field.props("outlined dense use-chips").classes("clinic-field-wide")
            else:
                ui.label(say("clinic.no_photos_to_choose")).classes("pen-quiet")

            @parts.telling
            async def keep() -> None:
                photos: list[list[str]] = [[], []]
                if newest:
                    photos = [list(before.value or []), list(after.value or [])]
                elif wrong is not None:
                    photos = []
                await self._keep(
                    str(concern.value or ""), chosen[-1:], str(by.value or "").strip(),
                    str(session.value or ""), photos, wrong,
                )  # fmt: skip

            with ui.row().classes("gap-3"):
                parts.small(say("clinic.keep_grade"), keep, main=True)
                parts.small(say("clinic.leave"), self._close)

    def _close(self) -> None:
        self._form.clear()
        with self._form:
            parts.small(self._clinic.say("clinic.grade_now"), lambda: self._open(None))

    async def _keep(
        self,
        concern: str,
        grade: list[int],
        by: str,
        record_id: str,
        photos: list[list[str]],
        wrong: Score | None,
    ) -> None:
        if not concern or not grade:
            parts.notice(self._clinic.say("clinic.grade_incomplete"))
            return
        pseudonym(by, "a staff code")
        hashes = [
            [await asyncio.to_thread(self._clinic.photos.hash_of, Path(path)) for path in paths]
            for paths in photos
        ]
        if not any(hashes) and wrong is not None:  # the photos were not what was wrong
            hashes = [list(wrong.before_sha256), list(wrong.after_sha256)]
        client, on = self._history.client, wrong.on if wrong else dates.today()
        await self._clinic.archive.ask(
            lambda store: notes.score(store, client, concern, grade[0], on, by, record_id, *hashes)
        )
        self._clinic.operator = by
        await self._written()
