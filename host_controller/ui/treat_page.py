"""The live page: zone, planned beside measured, dose, time; what the pen says and nothing else.

Values are struck through while the pen is not heard. Arming is a click that confirms; STOP is in
the frame. Owns what this window has drawn so far.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import run, ui

from host_controller import errors, refusals, words
from host_controller.body_map.drawing import Mark, body_map
from host_controller.planning.plan import PlanZone
from host_controller.simulated.hand import Hand
from host_controller.treatment import guidance
from host_controller.treatment.session import TreatmentSession
from host_controller.ui import look, treatment_jobs
from host_controller.ui.catalogue import Texts
from host_controller.ui.desk import CONNECTED, Desk
from host_controller.ui.first_pages import tell
from host_controller.ui.traces import Traces
from protocol import codes

Do = Callable[[Callable[[Desk], Any]], Awaitable[bool]]


async def on_desk(desk: Desk, job: Callable[[Desk], Any]) -> bool:
    """Let the desk do a job; False after telling why it could not."""
    try:
        await asyncio.wrap_future(desk.submit(job))
    except errors.PenError as problem:
        tell(problem)
        return False
    return True


class TreatPage:
    """One window's live view; `refresh` brings it up to date."""

    def __init__(
        self, say: Texts, desk: Desk, hand: Hand | None, finished: Callable[[], object]
    ) -> None:
        self._say = say
        self._desk = desk
        self._hand = hand
        self._finished = finished
        self._drawn = desk.taken
        self._shown_zone = -1
        self._values: dict[str, ui.label] = {}
        with ui.row().classes("w-full no-wrap gap-4 items-start"):
            with ui.column().classes("w-1/4 gap-2"):
                self._zones = ui.column().classes("pen-card w-full gap-2")
                self._map = ui.html("", sanitize=False).classes("pen-map w-full")
            with ui.column().classes("w-3/4 gap-2"):
                self._next = ui.label().classes("pen-h1").props("role=status")
                self._warnings = ui.label().classes("pen-amber")
                self._numbers()
                self._buttons()
                self._traces = Traces(say).classes("pen-card w-full")

    def _numbers(self) -> None:
        say = self._say
        with ui.row().classes("w-full gap-2 no-wrap"):
            for key in ("depth", "rate", "dose"):
                with ui.column().classes("pen-card gap-1 grow"):
                    ui.label(say(f"treat.{key}")).classes("pen-quiet")
                    self._values[key] = ui.label("–").classes("pen-number")
                    self._values[f"{key}_set"] = ui.label().classes("pen-quiet text-lg")
        with ui.row().classes("pen-card w-full gap-2 no-wrap justify-between"):
            for key in ("time", "contact", "passes", "battery", "temperature"):
                with ui.column().classes("gap-0"):
                    ui.label(say(f"treat.{key}")).classes("pen-quiet")
                    self._values[key] = ui.label("–").classes("pen-small-number")

    def _buttons(self) -> None:
        say = self._say
        with ui.row().classes("items-center gap-4"):
            self._arm = look.button(say("treat.arm"), self._do(treatment_jobs.arm))
            self._arm.tooltip(say("treat.arm_hint"))
            self._acknowledge = look.button(
                say("treat.acknowledge"), self._do(treatment_jobs.acknowledge), plain=True
            )
            self._go_on = look.button(
                say("treat.go_on"), self._do(treatment_jobs.go_on), plain=True
            )
            look.button(say("treat.finish"), self._finish, plain=True)
        if self._hand is not None:
            with ui.row().classes("items-center gap-4"):
                ui.label(say("treat.hand")).classes("pen-mark")
                self._thumb = look.button(say("treat.press"), self._press, plain=True)
                look.button(say("treat.lift"), self._lift, plain=True)

    def _do(self, job: Callable[[Desk], Any]) -> Callable[[], Awaitable[bool]]:
        return lambda: on_desk(self._desk, job)

    async def _finish(self) -> None:
        if await on_desk(self._desk, lambda desk: treatment_jobs.finish(desk, "complete")):
            self._finished()

    async def _press(self) -> None:
        assert self._hand is not None
        await run.io_bound(self._hand.toggle_button)

    async def _lift(self) -> None:
        assert self._hand is not None
        await run.io_bound(self._hand.toggle_skin)

    async def _enter(self, row: PlanZone) -> None:
        entered = await on_desk(self._desk, lambda desk: treatment_jobs.enter(desk, row.zone))
        if entered and self._hand is not None:
            await run.io_bound(self._hand.go_to, row)

    # --- what is shown --------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the newest reading; new samples go to the traces."""
        desk = self._desk
        view, session = desk.view, desk.session
        new = min(desk.taken - self._drawn, len(desk.readings))
        self._drawn = desk.taken
        if new > 0:
            self._traces.push(list(desk.readings)[-new:])
        reading = view.reading
        if reading is None or session is None:
            return
        row = session.plan.row(reading.zone)
        old = "" if view.link == CONNECTED else "pen-old"
        for label in self._values.values():
            label.classes(add=old, remove="" if old else "pen-old")
        values = {
            "depth": f"{reading.depth_um / 1000:.2f} mm",
            "rate": f"{reading.rate_chz / 100:.0f} Hz",
            "dose": str(reading.punctures_per_cm2),
            "time": words.minutes(reading.zone_ms),
            "contact": words.minutes(reading.contact_ms),
            "passes": str(reading.pass_number),
            "battery": f"{reading.battery_pct} %",
            "temperature": words.celsius(reading.temperature_cdeg),
        }
        if row is not None:
            planned = self._say("treat.planned")
            values |= {
                "depth_set": f"{planned} {words.mm(row.depth_um)}",
                "rate_set": f"{planned} {words.hz(row.rate_chz, 0)}",
                "dose_set": self._say("treat.of", limit=row.dose_limit_per_cm2),
                "passes": f"{reading.pass_number}/{row.passes}",
            }
        for key, text in values.items():
            self._values[key].set_text(text)
        self._show_guidance(session, row)
        if reading.zone != self._shown_zone:
            self._shown_zone = reading.zone
            self._show_zones(session)
        if self._hand is not None:
            key = "release" if self._hand.pressed else "press"
            self._thumb.set_text(self._say(f"treat.{key}"))

    def _show_guidance(self, session: TreatmentSession, row: PlanZone | None) -> None:
        reading = session.reading
        warnings: list[str] = []
        if row is not None:
            self._next.set_text(guidance.next_step(session, row, self._say("treat.arm")))
            warnings = guidance.warnings(reading, row)
        if reading.fault:
            warnings.insert(0, refusals.fault_sentence(reading.fault))
        self._warnings.set_text(" ".join(warnings))
        self._warnings.set_visibility(bool(warnings))
        self._arm.set_enabled(reading.state == codes.STATE_CONFIGURED and not session.zone_complete)
        self._acknowledge.set_visibility(bool(reading.fault))
        self._go_on.set_visibility(session.more_to_come and not self._desk.view.moving)

    def _show_zones(self, session: TreatmentSession) -> None:
        done = {figures.row.zone for figures in session.done if figures.punctures}
        self._zones.clear()
        with self._zones:
            for row in session.plan.zones:
                here = row.zone == session.reading.zone
                text = f"{self._say.zone(row.name)} · {words.mm(row.depth_um)}"
                text += f" · {self._say('treat.zone_done')}" if row.zone in done else ""
                made = look.button(text, lambda row=row: self._enter(row), plain=not here)
                made.classes("w-full").props(f'aria-pressed="{"true" if here else "false"}"')
        marks = {
            row.name: Mark(row.depth_um, f"{row.depth_um / 1000:.2f}") for row in session.plan.zones
        }
        self._map.set_content(body_map(marks, self._say("treat.on_pen")))
