"""The clinic page: who is due, a client, a month, the pens, the records; one at a time.

Needs no pen and disturbs no treatment: every question goes to the records' own thread. Owns which
part is shown.
"""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from nicegui import ui

from host_controller.ui import place
from host_controller.ui.catalogue import Texts
from host_controller.ui.clinic import parts
from host_controller.ui.clinic.archive import Archive
from host_controller.ui.clinic.client_tab import ClientTab
from host_controller.ui.clinic.clinic import Clinic
from host_controller.ui.clinic.due_tab import DueTab
from host_controller.ui.clinic.month_tab import MonthTab
from host_controller.ui.clinic.pens_tab import PensTab
from host_controller.ui.clinic.photo_folder import PhotoFolder
from host_controller.ui.clinic.records_tab import RecordsTab
from host_controller.ui.desk import Desk
from host_controller.ui.visit import Expected

AREA = "clinic"
DUE, CLIENT, MONTH, PENS, RECORDS = "due", "client", "month", "pens", "records"


class Tab(Protocol):
    """A part of the page."""

    def refresh(self) -> None:
        """Bring it up to date; called often."""


TABS: dict[str, Callable[[Clinic], Tab]] = {
    DUE: DueTab,
    CLIENT: ClientTab,
    MONTH: MonthTab,
    PENS: PensTab,
    RECORDS: RecordsTab,
}


class ClinicPage:
    """The page in one window; `controls` tells whether it controls, `start` begins a visit."""

    def __init__(
        self,
        say: Texts,
        archive: Archive,
        photos: PhotoFolder,
        desk: Desk,
        operator: str,
        controls: Callable[[], bool],
        start: Callable[[Expected], object],
    ) -> None:
        self._say = say
        self._desk = desk
        self._controls = controls
        self._start = start
        self._tab: Tab | None = None
        self._name = DUE
        self._clinic = Clinic(
            say,
            archive,
            photos,
            operator,
            treating=lambda: desk.session is not None,
            may_start=lambda: controls() and desk.session is None,
            start=self._begin,
            open_client=self._open_client,
            simulated=bool(desk.view.simulated),
        )
        self._buttons: dict[str, ui.button] = {}
        with ui.row().classes("w-full items-center justify-between clinic-head"):
            with (
                ui.element("nav")
                .classes("clinic-tabs")
                .props(f'aria-label="{say("clinic.parts")}"')
            ):
                for name in TABS:
                    made = ui.button(
                        say(f"clinic.tab_{name}"),
                        on_click=partial(self._open, name),
                        color=None,
                    )
                    self._buttons[name] = made.props("no-caps flat").classes("clinic-tab")
            ui.checkbox(
                say("clinic.with_simulated"),
                value=self._clinic.simulated,
                on_change=lambda event: self._count_simulated(bool(event.value)),
            ).classes("pen-quiet")
        self._content = ui.column().classes("clinic-page w-full gap-3")
        self._open(place.part_of(AREA, TABS))

    def refresh(self) -> None:
        """Called often; sends what has changed."""
        if self._tab is not None:
            self._tab.refresh()

    def _open(self, name: str, client: str = "") -> None:
        self._name = name
        place.show(AREA, name)
        for other, made in self._buttons.items():
            if other == name:
                made.props("aria-current=page")
            else:
                made.props(remove="aria-current")
        self._content.clear()
        with self._content:
            self._tab = ClientTab(self._clinic, client) if client else TABS[name](self._clinic)

    def _open_client(self, client: str) -> None:
        self._open(CLIENT, client)

    def _count_simulated(self, simulated: bool) -> None:
        self._clinic.simulated = simulated
        self._open(self._name)

    def _begin(self, expected: Expected) -> None:
        """A visit for somebody; tells why when it cannot begin now."""
        say = self._say
        if self._desk.session is not None:
            parts.notice(say("clinic.treating"))
        elif not self._controls():
            parts.notice(say("clinic.looks_on"))
        else:
            self._start(expected)
