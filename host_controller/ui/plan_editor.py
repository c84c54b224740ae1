"""One zone of the plan, opened: steppers, typed entry, the scale with its limits, the reason.

A stepper ends at the hard limit; what is typed is read only where it can mean one thing, and told
back in words; a refused entry stays in its field with the reason, the plan keeps its value.
Owns the fields of one zone and what was refused in them.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from nicegui import ui

from host_controller import errors
from host_controller.library.guardrail import Guardrail
from host_controller.library.library import QUANTITIES
from host_controller.library.quantities import mechanical
from host_controller.library.starter import load as device
from host_controller.ui import look, typed
from host_controller.ui.catalogue import Texts
from host_controller.ui.clinic.parts import word
from host_controller.ui.problems import tell, words
from host_controller.ui.visit import STEP, Visit

if TYPE_CHECKING:
    from host_controller.planning.proposal import Reason

UNITS = {"depth": "mm", "rate": "Hz", "passes": "", "dose": "/cm²"}


def reasons(say: Texts) -> dict[str, str]:
    """The reasons that a library may be left for, in words."""
    return {name: word(say, "override_reason", name) for name in device().override_reasons}


class ZoneEditor:
    """Fields of one zone; `changed` is called after each change of the plan."""

    def __init__(self, say: Texts, visit: Visit, zone: str, changed: Callable[[], None]) -> None:
        self._say = say
        self._visit = visit
        self._zone = zone
        self._changed = changed
        self.refused: dict[str, errors.PenError] = {}
        self._fields: dict[str, ui.input] = {}
        self._steps: dict[tuple[str, int], ui.button] = {}
        self._told: dict[str, ui.label] = {}
        self._usual: dict[str, ui.label] = {}
        with ui.element("div").classes("pen-editor"):
            for quantity in QUANTITIES:
                self._quantity(quantity)
        self._reason = ui.element("div").classes("w-full")
        self._reason_of: tuple[tuple[str, ...], Reason | None] | None = None
        self.update()

    # --- fields ---------------------------------------------------------------------------------

    def _quantity(self, quantity: str) -> None:
        say, what = self._say, self._say(f"plan.{quantity}")
        with ui.element("div").classes(f"pen-quantity pen-quantity-{quantity}"):
            ui.label(what).classes("pen-label")
            with ui.element("div").classes("pen-stepper"):
                self._stepper(quantity, -1, "−", say("plan.less", what=what))
                field = ui.input().props(
                    f'outlined input-class="pen-typed" inputmode=decimal suffix="{UNITS[quantity]}"'
                    f' aria-label="{say.zone(self._zone)}: {what}"'
                    f' data-testid="{quantity}-{self._zone}"'
                )
                field.mark(f"{quantity}-{self._zone}")
                field.on("blur", lambda: self._typed(quantity))
                field.on("keydown.enter", lambda: self._typed(quantity))
                self._fields[quantity] = field
                self._stepper(quantity, 1, "+", say("plan.more", what=what))
            if quantity == "depth":
                self._scale = ui.html(sanitize=False).classes("pen-scale")
                self._spoken = ui.label().classes("pen-spoken")
            self._usual[quantity] = ui.label().classes("pen-quiet")
            self._told[quantity] = ui.label().classes("pen-refused").props("role=alert")

    def _stepper(self, quantity: str, sign: int, text: str, name: str) -> None:
        made = look.button(text, lambda: self._step(quantity, sign), plain=True)
        made.classes("pen-step").props(f'aria-label="{self._say.zone(self._zone)}: {name}"')
        self._steps[quantity, sign] = made

    def _step(self, quantity: str, sign: int) -> None:
        self.refused.pop(quantity, None)
        value = self._visit.value(self._zone, quantity) + sign * STEP[quantity]
        if self._visit.change(self._zone, quantity, value):
            self._changed()

    def _typed(self, quantity: str) -> None:
        visit, text = self._visit, str(self._fields[quantity].value or "")
        now = visit.value(self._zone, quantity)
        self.refused.pop(quantity, None)
        if text != self._say.figures(typed.typed(quantity, now)):
            zone = visit.zone(self._zone)
            assert zone is not None
            try:
                value = typed.read(text, quantity, zone.entry.guardrail(quantity).hard)
                visit.change(self._zone, quantity, value)
            except errors.PenError as problem:
                self.refused[quantity] = problem
        self._changed()

    # --- what is shown --------------------------------------------------------------------------

    def update(self) -> None:
        """Show the plan's values; a refused entry keeps its text."""
        zone, say = self._visit.zone(self._zone), self._say
        assert zone is not None
        for quantity in QUANTITIES:
            value = self._visit.value(self._zone, quantity)
            rail = zone.entry.guardrail(quantity)
            problem = self.refused.get(quantity)
            if problem is None:
                self._fields[quantity].set_value(self._say.figures(typed.typed(quantity, value)))
            for sign in (-1, 1):
                may = self._visit.may_be(self._zone, quantity, value + sign * STEP[quantity])
                self._steps[quantity, sign].set_enabled(may)
            self._told[quantity].set_text(self._refusal(quantity, value, problem))
            self._told[quantity].set_visibility(problem is not None)
            usual = say("plan.usual", range=say.figures(typed.between(quantity, rail.soft)))
            if value != rail.default:
                default = say.figures(typed.with_unit(quantity, rail.default))
                changed = say("plan.changed_from", value=default)
                usual = f"{usual} · {changed}"
            self._usual[quantity].set_text(usual)
        depth_um = zone.depth_um
        spoken = typed.spoken(depth_um, say("plan.digits"), say("plan.point"))
        self._spoken.set_text(say("plan.spoken", words=spoken))
        self._scale.set_content(scale(say, depth_um, zone.entry.depth))
        self._show_reason()

    def _refusal(self, quantity: str, value: int, problem: errors.PenError | None) -> str:
        if problem is None:
            return ""
        now = self._say.figures(typed.with_unit(quantity, value))
        still = self._say("plan.still", value=now)
        return f"{words(problem)._replace(cause='')} {still}"

    def _show_reason(self) -> None:
        zone, say = self._visit.zone(self._zone), self._say
        assert zone is not None
        shown = (zone.needs_reason, zone.reason)
        if self._reason_of == shown:
            return
        self._reason_of = shown
        self._reason.clear()
        if not zone.needs_reason:
            return
        with self._reason, ui.element("div").classes("pen-amber pen-reason"):
            for quantity in zone.needs_reason:
                soft = say.figures(typed.between(quantity, zone.entry.guardrail(quantity).soft))
                ui.label(f"{say(f'plan.{quantity}')} {say('plan.soft', range=soft)}")
            if zone.reason is not None:
                ui.label(f"{reasons(say)[zone.reason.word]}, {zone.reason.approved_by}")
                return
            with ui.row().classes("items-center gap-3"):
                word = ui.select(reasons(say), label=say("plan.reason"))
                word.props("outlined").classes("w-56")
                by = ui.input(say("plan.approved_by")).props("outlined").classes("w-56")
                look.button(
                    say("plan.keep_reason"),
                    lambda: self._give_reason(str(word.value or ""), str(by.value or "")),
                    plain=True,
                )

    def _give_reason(self, word: str, by: str) -> None:
        try:
            if word:
                self._visit.give_reason(self._zone, word, by.strip())
                self._changed()
        except errors.PenError as problem:
            tell(problem)


def scale(say: Texts, depth_um: int, rail: Guardrail) -> str:
    """Where a depth stands: grey beyond the hard limits, a band for the usual range, a needle."""
    whole = mechanical("depth").high

    def at(value_um: int) -> str:
        return f"{100 * value_um / whole:.1f}%"

    ticks = "".join(
        f"<i style='left:{at(value)}'></i>"
        f"<span style='left:{at(value)}'>{say.figures(f'{value / 1000:.1f}')}</span>"
        for value in range(0, whole + 1, 500)
    )
    return (
        f"<div role='img' aria-label='{say('plan.scale')} {say.mm(depth_um)}'>"
        f"<b class='hard' style='left:{at(rail.hard.low)};right:calc(100% - {at(rail.hard.high)})'>"
        f"</b><b class='soft' style='left:{at(rail.soft.low)};"
        f"right:calc(100% - {at(rail.soft.high)})'></b>{ticks}"
        f"<em style='left:{at(depth_um)}'></em></div>"
    )
