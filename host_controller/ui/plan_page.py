"""The plan on the map of face and body: zones by click or key, one of them open to be changed.

What is shown is a proposal until the pen has it, and says so. Owns which zone is open.
"""

from collections.abc import Callable
from itertools import combinations

from nicegui import events, ui

from host_controller import errors
from host_controller.library.library import QUANTITIES
from host_controller.library.skin import share_skin
from host_controller.planning.basis import DARKER, EARLY_REASONS
from host_controller.planning.proposal import Proposal, ProposedZone
from host_controller.ui import look, typed
from host_controller.ui.catalogue import Texts
from host_controller.ui.clinic.parts import concerns, word
from host_controller.ui.plan_editor import ZoneEditor
from host_controller.ui.plan_map import ZoneMap
from host_controller.ui.problems import tell
from host_controller.ui.visit import Visit


def plan_page(say: Texts, visit: Visit, send: Callable[[], object]) -> None:
    """Map and rows; `send` takes the plan to the pen."""
    PlanPage(say, visit, send)


def notes(say: Texts, proposal: Proposal) -> list[str]:
    """What to know before the needles run, each once: of the library, of the skin, of the zones."""
    told = [say.of_library(text) for zone in proposal.zones for text in zone.entry.warnings]
    skin = proposal.request.fitzpatrick
    if skin in DARKER:
        told.append(say("plan.dark_marks", skin=skin))
    names = [zone.entry.zone for zone in proposal.zones]
    told += [
        say("plan.share_skin", one=say.zone(one), other=say.zone(other))
        for one, other in combinations(names, 2)
        if share_skin(one, other)
    ]
    return list(dict.fromkeys(told))


class PlanPage:
    """The page in one window."""

    def __init__(self, say: Texts, visit: Visit, send: Callable[[], object]) -> None:
        assert visit.request is not None
        self._say = say
        self._visit = visit
        self._open = visit.zones[0] if visit.zones else ""
        self._editor: ZoneEditor | None = None
        self._summaries: dict[str, tuple[ui.label, ui.label]] = {}
        titles = concerns(say, visit.library)
        concern = titles.get(visit.request.concern, visit.request.concern)
        heading = say("plan.heading", client=visit.request.client, concern=concern)
        with ui.element("div").classes("pen-card pen-plan-head"):
            with ui.element("div"):
                ui.html(f"<h2 class='pen-h2'>{heading}</h2>", sanitize=False)
                self._sums = ui.label().classes("pen-quiet")
            ui.label(say("plan.not_on_pen")).classes("pen-chip")
            self._ready = look.button(say("plan.next"), send)
        with ui.element("div").classes("pen-plan"):
            with ui.element("div").classes("pen-card pen-plan-map"):
                self._map = ZoneMap(say, visit, self._choose)
            with ui.element("div").classes("pen-plan-rows"):
                self._rest = ui.element("div").classes("w-full")
                self._rows = ui.element("div").classes("pen-card pen-rows")
                self._notes = ui.element("div").classes("w-full")
        self._draw_rest()
        self._draw_rows()

    # --- what a click does ----------------------------------------------------------------------

    def _choose(self, zone: str) -> None:
        """On the map: in or out of the plan."""
        if zone not in self._visit.possible_zones():
            return
        try:
            self._visit.toggle(zone)
        except errors.PenError as problem:
            tell(problem)
        inside = zone in self._visit.zones
        if inside or self._open not in self._visit.zones:
            self._open = zone if inside else self._visit.zones[0]
        self._draw_rest()
        self._draw_rows()

    def _turn(self, zone: str) -> None:
        """Open a row, or close it."""
        if self._editor is not None and self._editor.refused:
            return  # what was refused has to be settled first; its reason stands beside it
        self._open = "" if self._open == zone else zone
        self._draw_rows()

    # --- what is shown --------------------------------------------------------------------------

    def _draw_rows(self) -> None:
        assert self._visit.proposal is not None
        self._rows.clear()
        self._summaries.clear()
        self._editor = None
        with self._rows:
            for zone in self._visit.proposal.zones:
                self._row(zone)
        self._update()

    def _row(self, zone: ProposedZone) -> None:
        name, opened = zone.entry.zone, zone.entry.zone == self._open
        with ui.element("div").classes("pen-row"):
            head = (
                ui.element("button")
                .classes("pen-row-head")
                .props(f"type=button aria-expanded={'true' if opened else 'false'}")
            )
            head.on("click", lambda: self._turn(name))
            with head:
                ui.label(self._say.zone(name)).classes("pen-row-name")
                values, marks = ui.label().classes("pen-row-values"), ui.label()
                self._summaries[name] = (values, marks.classes("pen-row-marks"))
                ui.icon("expand_less" if opened else "expand_more").props("aria-hidden=true")
            if opened:
                self._editor = ZoneEditor(self._say, self._visit, name, self._update)

    def _update(self) -> None:
        """After a change: only texts, so that the focus stays where the hand is."""
        visit, say = self._visit, self._say
        assert visit.proposal is not None
        for zone in visit.proposal.zones:
            values, marks = self._summaries[zone.entry.zone]
            values.set_text(
                " · ".join(
                    (
                        say.mm(zone.depth_um),
                        say.hz(zone.rate_chz, 0),
                        f"{zone.passes} ×",
                        typed.with_unit("dose", zone.dose_per_cm2),
                    )
                )
            )
            text, missing = self._marks(zone)
            marks.set_text(text)
            (add, remove) = ("pen-missing", "") if missing else ("", "pen-missing")
            marks.classes(add=add, remove=remove)
        if self._editor is not None:
            self._editor.update()
        self._map.update()
        self._draw_sums()
        refused = self._editor is not None and bool(self._editor.refused)
        self._ready.set_enabled(visit.ready and not refused)

    def _marks(self, zone: ProposedZone) -> tuple[str, bool]:
        """What is remarkable about a row in words; whether something is missing."""
        if zone.needs_reason and zone.reason is None:
            return f"⚠ {self._say('plan.say_why')}", True
        changed = any(
            self._visit.value(zone.entry.zone, quantity) != zone.entry.guardrail(quantity).default
            for quantity in QUANTITIES
        )
        return (self._say("plan.changed") if changed else "", False)

    def _draw_sums(self) -> None:
        proposal, say = self._visit.proposal, self._say
        assert proposal is not None
        needle_um = max(zone.depth_um for zone in proposal.zones)
        pins = say("plan.pins", count=proposal.pins) if proposal.pins else "nano"
        cartridge = say("plan.cartridge", pins=pins, length=say.mm(needle_um))
        minutes = max(1, round(proposal.needles_s / 60))
        self._sums.set_text(f"{cartridge} · {say('plan.time', minutes=minutes)}")
        self._notes.clear()
        with self._notes:
            for note in notes(say, proposal):
                ui.label(note).classes("pen-quiet")

    def _draw_rest(self) -> None:
        """Zones that have not had their rest, and the question why today."""
        rests, say = self._visit.resting(), self._say
        unknown = self._visit.rest_unknown  # the records cannot be asked now
        self._rest.clear()
        if not rests and not unknown:
            return

        def choose(event: events.ValueChangeEventArguments[str]) -> None:
            self._visit.come_early(str(event.value))
            self._update()
            self._draw_rest()  # last: it takes away the list that was chosen from

        with self._rest, ui.element("div").classes("pen-amber"):
            if unknown:
                ui.label(say("clinic.unknown_rest"))
            for rest in rests:
                ui.label(
                    say(
                        "plan.early",
                        zone=say.zone(rest.zone),
                        last=rest.last,
                        days=rest.interval_days,
                    )
                )
            ui.select(
                {reason: word(say, "early_reason", reason) for reason in EARLY_REASONS},
                label=say("plan.early_reason"),
                on_change=choose,
            ).props("outlined").classes("w-72")
