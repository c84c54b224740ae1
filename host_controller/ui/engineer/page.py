"""The engineer page: telemetry, faults, calibration, versions, one at a time.

Only the part that is shown is made and brought up to date. Owns which one that is.
"""

from collections.abc import Callable
from typing import Protocol

from nicegui import ui

from host_controller.ui import place
from host_controller.ui.catalogue import Texts
from host_controller.ui.engineer.calibration_tab import CalibrationTab
from host_controller.ui.engineer.fault_tab import FaultTab
from host_controller.ui.engineer.parts import Hands
from host_controller.ui.engineer.telemetry_tab import TelemetryTab
from host_controller.ui.engineer.versions_tab import VersionsTab
from host_controller.ui.engineer.workshop import Workshop


class Tab(Protocol):
    """A part of the page."""

    def refresh(self) -> None:
        """Bring it up to date; called often."""


AREA = "engineer"
TABS: dict[str, Callable[[Texts, Workshop, Hands], Tab]] = {
    "telemetry": TelemetryTab,
    "faults": FaultTab,
    "calibration": CalibrationTab,
    "versions": VersionsTab,
}


class EngineerPage:
    """The page in one window; `holds` says whether that window controls now."""

    def __init__(self, say: Texts, workshop: Workshop, holds: Callable[[], bool]) -> None:
        self._say = say
        self._workshop = workshop
        self._hands = Hands(holds)
        self._tab: Tab | None = None
        self._buttons: dict[str, ui.button] = {}
        navigation = ui.element("nav").classes("eng-tabs")
        with navigation.props(f'aria-label="{say("engineer.parts")}"'):
            for name in TABS:
                made = ui.button(
                    say(f"engineer.tab_{name}"),
                    on_click=lambda name=name: self._open(name),
                    color=None,
                )
                self._buttons[name] = made.props("no-caps flat").classes("eng-tab")
        self._content = ui.column().classes("eng-page w-full gap-2")
        self._open(place.part_of(AREA, TABS))

    def _open(self, name: str) -> None:
        for other, made in self._buttons.items():
            if other == name:
                made.props("aria-current=page")
            else:
                made.props(remove="aria-current")
        place.show(AREA, name)
        self._content.clear()
        with self._content:
            self._tab = TABS[name](self._say, self._workshop, self._hands)

    def refresh(self) -> None:
        """Called often; sends what has changed."""
        self._hands.refresh()
        if self._tab is not None:
            with self._content:
                self._tab.refresh()
