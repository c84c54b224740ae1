"""The map of the plan: zones by click or by key, coloured by depth, each with its number.

Owns the drawing of one page; what is chosen stands in the visit.
"""

import json
from collections.abc import Callable, Iterable, Mapping

from nicegui import events, ui

from host_controller.body_map import shades
from host_controller.body_map.drawing import Mark, body_map, part_for
from host_controller.planning.proposal import ProposedZone
from host_controller.ui.catalogue import Texts
from host_controller.ui.visit import Visit


def zone_marks(say: Texts, visit: Visit) -> dict[str, Mark]:
    """The chosen zones with their depth."""
    zones = visit.proposal.zones if visit.proposal else ()
    return {
        zone.entry.zone: Mark(
            zone.depth_um, say.figures(f"{zone.depth_um / 1000:.2f}"), zone.entry.zone
        )
        for zone in zones
    }


def legend(say: Texts) -> None:
    """What the shades mean, with numbers: the colour alone says nothing."""
    with ui.element("ul").classes("pen-legend"):
        for limit_um, fill, _ in shades.STEPS:
            with ui.element("li"):
                ui.element("span").style(f"background: {fill}").props("aria-hidden=true")
                ui.label(f"≤ {say.mm(limit_um)}")


def mark_zones(
    drawing: ui.html, names: Mapping[str, str], chosen: Iterable[str], focus: str
) -> None:
    """Make the zones of `names` checkboxes for mouse and keys; `focus` gets the focus again."""
    told = json.dumps([drawing.html_id, dict(names), list(chosen), focus])
    ui.run_javascript(f"penMap(...{told})")


class ZoneMap:
    """The drawing; `chosen` is told the zone that was clicked."""

    def __init__(self, say: Texts, visit: Visit, chosen: Callable[[str], None]) -> None:
        self._say = say
        self._visit = visit
        self._possible = visit.possible_zones()
        self._part = part_for(self._possible)
        self._last = ""  # zone that has the focus: the drawing is made anew under it
        self._drawing = ui.html(sanitize=False).classes("pen-map w-full")

        def choose(event: events.GenericEventArguments) -> None:
            self._last = str(event.args["detail"])
            chosen(self._last)

        self._drawing.on("zone", choose, args=["detail"])
        legend(say)
        self.update()

    def update(self) -> None:
        """Draw the choice as it is now."""
        drawing = body_map(zone_marks(self._say, self._visit), self._say("plan.map"), self._part)
        self._drawing.set_content(drawing)
        values = {zone.entry.zone: self._say.mm(zone.depth_um) for zone in self._zones()}
        names = {
            name: f"{self._say.zone(name)} {values.get(name, '')}".strip()
            for name in self._possible
        }
        mark_zones(self._drawing, names, self._visit.zones, self._last)

    def _zones(self) -> tuple[ProposedZone, ...]:
        return self._visit.proposal.zones if self._visit.proposal else ()
