"""The zones of the plan beside the live values, as a list or on the map; a click asks the pen.

What is marked as chosen is the pen's zone. Between the click and the pen's word the asked one says
that it is asked for; when the pen does not follow, that is said too. Owns what was asked.
"""

import time
from collections.abc import Awaitable, Callable

from nicegui import events, ui

from host_controller.body_map.drawing import Mark, body_map, part_for
from host_controller.planning.plan import Plan, PlanZone
from host_controller.ui.catalogue import Texts
from host_controller.ui.plan_map import legend, mark_zones
from host_controller.ui.zone_choice import NOT_FOLLOWED, ZoneChoice

Enter = Callable[[PlanZone], Awaitable[object]]


class ZonePanel:
    """List and map; `refresh` shows the pen's zone."""

    def __init__(self, say: Texts, enter: Enter | None) -> None:
        self._say = say
        self._enter = enter  # None where this window may only look on
        self._choice = ZoneChoice()
        self._drawn: object = None
        self._plan: Plan | None = None  # that the buttons are of
        self._buttons: dict[int, tuple[ui.button, ui.html]] = {}  # by zone number
        with ui.element("div").classes("pen-card pen-zones"):
            self._turn = ui.toggle(
                {"list": say("live.list"), "map": say("live.map")}, value="list"
            ).props("no-caps unelevated spread")
            self._told = ui.label().classes("pen-amber").props("role=alert")
            self._list = ui.element("div").classes("pen-zone-list")
            self._map = ui.element("div").classes("pen-zone-map")
            with self._map:
                self._drawing = ui.html(sanitize=False).classes("pen-map w-full")
                self._drawing.on("zone", self._clicked, ["detail"])
                legend(say)
        self._list.bind_visibility_from(self._turn, "value", value="list")
        self._map.bind_visibility_from(self._turn, "value", value="map")
        self._told.set_visibility(False)

    async def _clicked(self, event: events.GenericEventArguments) -> None:
        """On the map: the zone's name."""
        rows = self._plan.zones if self._plan else ()
        for row in rows:
            if row.name == event.args["detail"]:
                await self._ask(row)

    async def _ask(self, row: PlanZone) -> None:
        if self._enter is not None:
            self._choice.ask(row.zone, time.monotonic())
            await self._enter(row)

    def refresh(self, plan: Plan, pen_zone: int, done: frozenset[int]) -> None:
        """Called often; draws when something has changed."""
        state = self._choice.state(pen_zone, time.monotonic())
        drawn = (plan, pen_zone, done, state, self._choice.asked)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        if plan is not self._plan:
            self._build(plan)
        self._told.set_visibility(state == NOT_FOLLOWED)
        if state == NOT_FOLLOWED:
            asked, has = plan.row(self._choice.asked), plan.row(pen_zone)
            self._told.set_text(
                self._say(
                    "live.not_followed",
                    asked=self._say.zone(asked.name) if asked else "?",
                    zone=self._say.zone(has.name) if has else "–",
                )
            )
        for row in plan.zones:
            self._mark(row, pen_zone, row.zone in done, state)
        self._draw_map(plan, pen_zone)

    def _build(self, plan: Plan) -> None:
        """A button for each zone, made once: a click must not meet one that is just made anew."""
        self._plan = plan
        self._buttons.clear()
        self._list.clear()
        with self._list:
            for row in plan.zones:
                made = ui.button(color=None, on_click=lambda row=row: self._ask(row))
                made.props(f'no-caps unelevated data-testid="zone-{row.name}"').classes("pen-zone")
                made.mark(f"zone-{row.name}")
                made.set_enabled(self._enter is not None)
                with made, ui.element("span").classes("pen-zone-inner"):
                    ui.html(f"<span>{self._say.zone(row.name)}</span>", tag="span", sanitize=False)
                    ui.html(self._say.mm(row.depth_um), tag="b", sanitize=False)
                    status = ui.html("", tag="small", sanitize=False)
                self._buttons[row.zone] = (made, status)

    def _mark(self, row: PlanZone, pen_zone: int, done: bool, state: str) -> None:
        say, here = self._say, row.zone == pen_zone
        told = ""
        if here:
            told = say("live.here") + (f" · {say('treat.zone_done')}" if done else "")
        elif row.zone == self._choice.asked and state not in ("none", "followed"):
            told = say("live.asked")
        elif done:
            told = say("treat.zone_done")
        made, status = self._buttons[row.zone]
        made.classes(add="pen-here" if here else "", remove="" if here else "pen-here")
        made.props(f"aria-pressed={'true' if here else 'false'}")
        status.set_content(f"{'✓ ' if done and told else ''}{told}")
        status.set_visibility(bool(told))

    def _draw_map(self, plan: Plan, pen_zone: int) -> None:
        say, names = self._say, [row.name for row in plan.zones]
        marks = {
            row.name: Mark(row.depth_um, say.figures(f"{row.depth_um / 1000:.2f}"))
            for row in plan.zones
        }
        drawing = body_map(marks, say("live.map_of_plan"), part_for(names))
        self._drawing.set_content(drawing)
        spoken = {row.name: f"{say.zone(row.name)} {say.mm(row.depth_um)}" for row in plan.zones}
        if self._enter is not None:
            here = [row.name for row in plan.zones if row.zone == pen_zone]
            mark_zones(self._drawing, spoken, here, "")
