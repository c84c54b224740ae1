"""The plan on the map of face and body: zones by click or key, values by steppers.

A stepper ends at the hard limit; outside the soft range the row turns amber and asks why. What is
shown is a proposal until the pen has it. Owns nothing.
"""

from collections.abc import Callable

from nicegui import events, ui

from host_controller import errors, words
from host_controller.body_map.drawing import Mark, body_map
from host_controller.library.quantities import range_text
from host_controller.library.starter import load as device
from host_controller.planning.basis import EARLY_REASONS
from host_controller.planning.plan import pins_text
from host_controller.planning.proposal import ProposedZone
from host_controller.ui import look
from host_controller.ui.catalogue import Texts
from host_controller.ui.first_pages import tell
from host_controller.ui.visit import STEP, Visit

_SHOWN: dict[str, Callable[[int], str]] = {
    "depth": words.mm,
    "rate": lambda value: words.hz(value, 0),
    "passes": str,
    "dose": str,
}


def zone_marks(visit: Visit) -> dict[str, Mark]:
    """The chosen zones with their depth."""
    zones = visit.proposal.zones if visit.proposal else ()
    return {
        zone.entry.zone: Mark(zone.depth_um, f"{zone.depth_um / 1000:.2f}", zone.entry.zone)
        for zone in zones
    }


def plan_page(say: Texts, visit: Visit, send: Callable[[], object]) -> None:
    """Map and rows; `send` takes the plan to the pen."""
    assert visit.request is not None

    @ui.refreshable
    def content() -> None:
        with ui.row().classes("w-full no-wrap gap-4 items-start"):
            with ui.column().classes("w-1/4").style("position: sticky; top: 4.5rem"):
                _map(say, visit, content.refresh)
            with ui.column().classes("w-3/4 gap-3"):
                assert visit.proposal is not None
                for zone in visit.proposal.zones:
                    _row(say, visit, zone, content.refresh)
                _early(say, visit, content.refresh)
                _sums(say, visit)
                ready = look.button(say("plan.next"), send)
                ready.set_enabled(visit.ready)
                ui.label(say("plan.not_on_pen")).classes("pen-amber")

    heading = say(
        "plan.heading", client=visit.request.client, concern=visit.request.concern.replace("-", " ")
    )
    with look.card(heading):
        content()


def _map(say: Texts, visit: Visit, again: Callable[[], object]) -> None:
    possible = visit.possible_zones()

    def toggle(event: events.GenericEventArguments) -> None:
        zone = str(event.args)
        if zone in possible:
            try:
                visit.toggle(zone)
            except errors.PenError as problem:
                tell(problem)
            again()

    drawing = ui.html(body_map(zone_marks(visit), say("plan.map")), sanitize=False)
    drawing.classes("pen-map w-full")
    drawing.on("zone", toggle, args=None)
    names = {name: say.zone(name) for name in possible}
    ui.run_javascript(f"penMap('{drawing.html_id}', {names!r}, {list(visit.zones)!r})")


def _row(say: Texts, visit: Visit, zone: ProposedZone, again: Callable[[], object]) -> None:
    name = zone.entry.zone
    with ui.column().classes("w-full gap-1").style("border-bottom: 1px solid var(--line)"):
        ui.label(say.zone(name)).classes("text-xl font-bold")
        with ui.row().classes("items-center justify-between w-full no-wrap"):
            for quantity in ("depth", "rate", "passes", "dose"):
                _stepper(say, visit, name, quantity, again)
        if zone.needs_reason:
            _reason(say, visit, zone, again)


def _stepper(
    say: Texts, visit: Visit, name: str, quantity: str, again: Callable[[], object]
) -> None:
    value = visit.value(name, quantity)
    what = say(f"plan.{quantity}")

    def to(other: int) -> None:
        if visit.change(name, quantity, other):
            again()

    with ui.column().classes("gap-0 items-center"):
        ui.label(what).classes("pen-quiet")
        with ui.row().classes("items-center gap-1 no-wrap"):
            for sign, text, key in ((-1, "−", "plan.less"), (1, "+", "plan.more")):
                if sign > 0:
                    ui.label(_SHOWN[quantity](value)).classes("pen-small-number")
                other = value + sign * STEP[quantity]
                step = look.button(text, lambda other=other: to(other), plain=True)
                step.classes("pen-step").set_enabled(visit.may_be(name, quantity, other))
                step.props(f'aria-label="{say.zone(name)}: {say(key, what=what)}"')


def _reason(say: Texts, visit: Visit, zone: ProposedZone, again: Callable[[], object]) -> None:
    name = zone.entry.zone
    with ui.row().classes("pen-amber items-center w-full gap-3"):
        for quantity in zone.needs_reason:
            soft = range_text(quantity, zone.entry.guardrail(quantity).soft)
            ui.label(f"{say(f'plan.{quantity}')} {say('plan.soft', range=soft)}")
        if zone.reason is not None:
            ui.label(f"{zone.reason.word}, {zone.reason.approved_by}")
            return
        word = ui.select(list(device().override_reasons), label=say("plan.reason")).classes("w-48")
        by = ui.input(say("plan.approved_by"))

        def keep() -> None:
            try:
                if word.value:
                    visit.give_reason(name, str(word.value), str(by.value or "").strip())
                    again()
            except errors.PenError as problem:
                tell(problem)

        look.button(say("plan.keep_reason"), keep, plain=True)


def _early(say: Texts, visit: Visit, again: Callable[[], object]) -> None:
    rests = visit.resting()
    if not rests:
        return
    with ui.column().classes("pen-amber w-full"):
        for rest in rests:
            ui.label(
                say("plan.early", zone=say.zone(rest.zone), last=rest.last, days=rest.interval_days)
            )

        def choose(event: events.ValueChangeEventArguments[str]) -> None:
            visit.come_early(str(event.value))
            again()

        ui.select(list(EARLY_REASONS), label=say("plan.early_reason"), on_change=choose).classes(
            "w-72"
        )


def _sums(say: Texts, visit: Visit) -> None:
    assert visit.proposal is not None
    needle_um = max(zone.depth_um for zone in visit.proposal.zones)
    cartridge = say(
        "plan.cartridge", pins=pins_text(visit.proposal.pins), length=words.mm(needle_um)
    )
    minutes = max(1, round(visit.proposal.needles_s / 60))
    ui.label(f"{cartridge}. {say('plan.time', minutes=minutes)}.")
    for note in visit.proposal.notes:
        ui.label(note).classes("pen-quiet")
