"""Photos of a client side by side: two references to choose, shown where the file is found.

A photo is a file that stays where the clinic keeps it; the record holds its SHA-256. Shown is only
a file with that very hash. Owns the two that are chosen.
"""

import asyncio
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from nicegui import app, ui
from starlette.responses import Response

from host_controller.courses.history import History
from host_controller.ui.clinic import parts
from host_controller.ui.clinic.clinic import Clinic
from host_controller.ui.clinic.folder_dialog import FolderDialog
from host_controller.ui.clinic.photo_folder import PhotoFolder

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = "/clinic-photo"


class Reference(NamedTuple):
    """A photo as the record names it."""

    sha256: str
    text: str


def references(clinic: Clinic, history: History) -> list[Reference]:
    """Every photo of a client, oldest first, each once."""
    say = clinic.say
    found: dict[str, Reference] = {}
    for score in history.scores:
        for when, hashes in (("before", score.before_sha256), ("after", score.after_sha256)):
            for number, sha256 in enumerate(hashes, 1):
                text = f"{score.on} {say(f'clinic.{when}_photo')}"
                text += f" {number}" if len(hashes) > 1 else ""
                found.setdefault(
                    sha256, Reference(sha256, f"{text} ({say('clinic.grade')} {score.grade})")
                )
    return list(found.values())


def serve(photos: PhotoFolder) -> None:
    """Answer for the pictures, behind the door as everything else; kept in no cache."""

    async def photo(sha256: str) -> Response:
        found = await asyncio.to_thread(photos.read, sha256)
        if found is None:
            return Response(status_code=404)
        return Response(found.content, media_type=found.kind, headers={"cache-control": "no-store"})

    app.add_api_route(f"{ADDRESS}/{{sha256}}", photo, methods=["GET"])


class PhotoPair:
    """The pair in one window."""

    def __init__(self, clinic: Clinic, history: History) -> None:
        self._clinic = clinic
        self._references = references(clinic, history)
        self._found: dict[str, Path] = {}
        self._looking = False
        self._place: Path | None = None  # the folder, asked for on a thread: it may be far away
        say = clinic.say
        parts.heading(say("clinic.photos"))
        if not self._references:
            ui.label(say("clinic.no_photos")).classes("pen-quiet")
            self._progress = ui.label().classes("pen-quiet")
            return
        with ui.row().classes("items-center gap-3"):
            self._folder = ui.label().classes("pen-quiet clinic-path")
            parts.small(say("clinic.choose_folder"), self._choose)
            self._progress = ui.label().classes("pen-quiet").props("role=status")
        options = {reference.sha256: reference.text for reference in self._references}
        self._selects: list[ui.select] = []
        self._frames: list[ui.column] = []
        with ui.element("div").classes("clinic-pair"):
            for place, value in (("left", self._references[0]), ("right", self._references[-1])):
                with ui.column().classes("gap-1 w-full"):
                    select = ui.select(
                        options,
                        value=value.sha256,
                        label=say(f"clinic.photo_{place}"),
                        on_change=self._show,
                    )
                    self._selects.append(select.props("outlined dense").classes("w-full"))
                    self._frames.append(ui.column().classes("w-full gap-1"))
        ui.timer(0, self.look, once=True)

    def refresh(self) -> None:
        """Say how far the search is."""
        count = self._clinic.photos.looked_at
        looking = self._clinic.say("clinic.looked_at", count=count) if self._looking else ""
        self._progress.set_text(looking)

    async def look(self) -> None:
        """Search the folder for the references, then show them."""
        say = self._clinic.say
        self._place = folder = await asyncio.to_thread(lambda: self._clinic.photos.path)
        text = say("clinic.folder", path=folder) if folder else say("clinic.no_folder")
        self._folder.set_text(text)
        self._show()
        if folder is None:
            return
        self._looking = True
        wanted = [reference.sha256 for reference in self._references]
        self._found = await asyncio.to_thread(self._clinic.photos.find, wanted)
        self._looking = False
        self._show()

    def _choose(self) -> None:
        FolderDialog(self._clinic.say, self._clinic.photos, self._place, self.look)

    def _show(self) -> None:
        if self._folder.is_deleted:  # another client was chosen meanwhile
            return
        for select, frame in zip(self._selects, self._frames, strict=True):
            frame.clear()
            with frame:
                self._photo(str(select.value))

    def _photo(self, sha256: str) -> None:
        say = self._clinic.say
        text = next(r.text for r in self._references if r.sha256 == sha256)
        path = self._found.get(sha256)
        if path is None:
            with ui.column().classes("clinic-no-photo items-center justify-center"):
                searched = self._place is not None and not self._looking
                ui.label(say("clinic.not_found" if searched else "clinic.not_looked"))
                ui.label(f"SHA-256 {sha256[:16]}…").classes("pen-quiet clinic-mono")
            return
        ui.html(
            f"<img class='clinic-photo' src='{ADDRESS}/{sha256}'"
            f" alt='{escape(say('clinic.photo_of', what=text), quote=True)}'>",
            sanitize=False,
        ).classes("w-full")
        ui.label(say("clinic.hash_right", name=path.name)).classes("pen-quiet")
