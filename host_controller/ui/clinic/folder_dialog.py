"""Choosing the folder of photos: this computer's folders, one step at a time. Owns the place."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from nicegui import ui

from host_controller.ui.catalogue import Texts
from host_controller.ui.clinic import parts
from host_controller.ui.clinic.photo_folder import PhotoFolder

MOST = 200  # folders listed


def folders_in(path: Path) -> list[Path]:
    """Visible folders, by name; none where it cannot be read."""
    try:
        found = [one for one in path.iterdir() if not one.name.startswith(".") and one.is_dir()]
    except OSError:
        return []
    return sorted(found, key=lambda one: one.name.lower())[:MOST]


class FolderDialog:
    """The dialog; `chosen` is called after a folder was taken."""

    def __init__(
        self,
        say: Texts,
        photos: PhotoFolder,
        place: Path | None,
        chosen: Callable[[], Awaitable[None]],
    ) -> None:
        self._say = say
        self._photos = photos
        self._chosen = chosen
        self._place = place or Path.home()
        with ui.dialog(value=True) as self._dialog, ui.card().classes("pen-card clinic-dialog"):
            ui.html(f"<h2 class='pen-h2'>{say('clinic.choose_folder')}</h2>", sanitize=False)
            self._field = ui.input(say("clinic.folder_path"), value=str(self._place))
            self._field.props("outlined dense").classes("w-full")
            self._field.on("keydown.enter", lambda: self._go(Path(str(self._field.value))))
            self._list = ui.column().classes("clinic-folders w-full gap-1")
            with ui.row().classes("gap-3"):
                parts.small(say("clinic.use_folder"), self._take, main=True)
                parts.small(say("clinic.leave"), self._dialog.close)
        ui.timer(0, lambda: self._go(self._place), once=True)

    async def _go(self, place: Path) -> None:
        names = await asyncio.to_thread(folders_in, place)
        self._place = place
        self._field.set_value(str(place))
        self._list.clear()
        with self._list:
            parts.small(f"↑ {self._say('clinic.folder_up')}", lambda: self._go(place.parent))
            for one in names:
                parts.small(one.name, partial(self._go, one))
            if not names:
                ui.label(self._say("clinic.no_folders")).classes("pen-quiet")

    @parts.telling
    async def _take(self) -> None:
        await asyncio.to_thread(
            self._photos.choose, Path(str(self._field.value or "")).expanduser()
        )
        self._dialog.close()
        await self._chosen()
