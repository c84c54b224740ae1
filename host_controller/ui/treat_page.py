"""The live page: zone, planned beside measured, dose, time; what the pen says and nothing else.

Values are greyed and dated while the pen is not heard. Arming is a click that names zone and depth
as the pen has them; STOP is in the frame. Owns what this window has drawn so far.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from nicegui import run, ui

from host_controller import errors
from host_controller.planning.plan import PlanZone
from host_controller.replies import Reading
from host_controller.simulated.hand import Hand
from host_controller.treatment.session import TreatmentSession
from host_controller.ui import advice, live_values, look, treatment_jobs
from host_controller.ui.catalogue import Texts
from host_controller.ui.desk import CONNECTED, Desk, View
from host_controller.ui.problems import tell
from host_controller.ui.traces import Traces
from host_controller.ui.zone_panel import ZonePanel
from protocol import codes

HAND_S = 0.3  # the simulated hand lifts and moves on by itself
VALUES_S = 0.2  # a number that changes more often cannot be read
OLD_S = 0.5  # without a word of the pen for so long its values are old
LARGE = ("depth", "rate", "dose")
SMALL = ("contact", "needles", "passes", "time", "cartridge", "battery", "temperature")


async def on_desk(desk: Desk, job: Callable[[Desk], Any]) -> bool:
    """Let the desk do a job; False after telling why it could not, or when STOP went first."""
    try:
        await asyncio.wrap_future(desk.submit(job))
    except errors.Interrupted:
        return False  # STOP went first; the frame and the alarms say what became of it
    except errors.PenError as problem:
        tell(problem)
        return False
    return True


def is_old(view: View, now_s: float) -> bool:
    """Whether what is in view may no longer be so."""
    return view.link != CONNECTED or now_s - view.heard_s > OLD_S


class TreatPage:
    """One window's live view; `refresh` brings it up to date. `acts`: it may do more than look."""

    def __init__(
        self,
        say: Texts,
        desk: Desk,
        hand: Hand | None,
        finished: Callable[[], object],
        client: str = "",
        *,
        acts: bool = True,
    ) -> None:
        self._say = say
        self._desk = desk
        self._hand = hand
        self._finished = finished
        self._acts = acts
        self._values_s = 0.0
        self._old: bool | None = None  # None: not drawn yet
        self._marked: dict[str, bool] = {}
        self._near_eye = False  # asked before arming there, and answered
        self._labels: dict[str, ui.label] = {}
        self._cells: dict[str, ui.element] = {}
        with ui.element("div").classes("pen-live"):
            self._zones = ZonePanel(say, self._enter if acts else None)
            with ui.element("div").classes("pen-live-main"):
                with ui.element("div").classes("pen-live-head"):
                    self._zone = ui.label().classes("pen-zone-now")
                    with ui.element("div"):
                        self._next = ui.label().classes("pen-next").props("role=status")
                        self._labels["hint"] = ui.label().classes("pen-hint")
                    ui.label(client).classes("pen-chip").set_visibility(bool(client))
                self._dated = ui.label().classes("pen-dated").props("role=alert")
                self._numbers()
                self._buttons()
                Traces(say).classes("pen-card")
        if hand is not None and acts:
            ui.timer(HAND_S, self._move_hand)

    # --- parts ----------------------------------------------------------------------------------

    def _numbers(self) -> None:
        say = self._say
        with ui.element("div").classes("pen-large"):
            for key in LARGE:
                with ui.element("div").classes(f"pen-card pen-value pen-value-{key}") as cell:
                    ui.label(say(f"treat.{key}")).classes("pen-label")
                    self._labels[key] = ui.label("–").classes("pen-number")
                    self._labels[f"{key}_set"] = ui.label().classes("pen-planned")
                    if key == "dose":
                        self._bar = ui.element("div").classes("pen-bar").props("aria-hidden=true")
                self._cells[key] = cell
        with ui.element("div").classes("pen-card pen-small"):
            for key in SMALL:
                with ui.element("div") as cell:
                    ui.label(say(f"treat.{key}")).classes("pen-label")
                    self._labels[key] = ui.label("–").classes("pen-small-number")
                self._cells[key] = cell

    def _buttons(self) -> None:
        say = self._say
        with ui.element("div").classes("pen-actions") as row:
            self._arm = look.button("", self._ask_to_arm)
            self._arm.classes("pen-arm").props("data-testid=arm")
            self._go_on = look.button(
                say("treat.go_on"), self._do(treatment_jobs.go_on), plain=True
            )
            look.button(say("treat.finish"), self._finish, plain=True)
            if self._hand is not None:
                with ui.element("div").classes("pen-hand"):
                    ui.label(say("treat.hand")).classes("pen-label")
                    self._thumb = look.button(say("treat.press"), self._press, plain=True)
                    look.button(say("treat.lift"), self._lift, plain=True)
        row.set_visibility(self._acts)

    # --- what a click does ----------------------------------------------------------------------

    def _do(self, job: Callable[[Desk], Any]) -> Callable[[], Awaitable[bool]]:
        return lambda: on_desk(self._desk, job)

    async def _ask_to_arm(self) -> None:
        """Arm the zone that the button named; near the eye it asks once more, on itself."""
        reading = self._desk.view.reading
        row = self._row(reading)
        if reading is None or row is None:
            return
        if row.name == advice.NEAR_EYE and not self._near_eye:
            self._near_eye = True
            return
        self._near_eye = False
        await on_desk(self._desk, lambda desk: treatment_jobs.arm(desk, row.zone))

    async def _finish(self) -> None:
        if await on_desk(self._desk, treatment_jobs.finish):
            self._finished()

    async def _press(self) -> None:
        assert self._hand is not None
        await run.io_bound(self._hand.toggle_button)

    async def _move_hand(self) -> None:
        """As long as its thumb is down: lift now and then, let go once the needles have stopped."""
        reading = self._desk.view.reading
        if self._hand is not None and self._hand.pressed and reading is not None:
            await run.io_bound(self._hand.glide, reading)

    async def _lift(self) -> None:
        assert self._hand is not None
        await run.io_bound(self._hand.toggle_skin)

    async def _enter(self, row: PlanZone) -> None:
        self._near_eye = False
        entered = await on_desk(self._desk, lambda desk: treatment_jobs.enter(desk, row.zone))
        if entered and self._hand is not None:
            await run.io_bound(self._hand.go_to, row)

    # --- what is shown --------------------------------------------------------------------------

    def _row(self, reading: Reading | None) -> PlanZone | None:
        session = self._desk.session
        return session.plan.row(reading.zone) if reading is not None and session else None

    def refresh(self) -> None:
        """Show the newest reading; what has not changed is not sent again."""
        view, session, now_s = self._desk.view, self._desk.session, time.monotonic()
        reading = view.reading
        if reading is None or session is None:
            return
        row = self._row(reading)
        self._show_age(view, now_s)
        self._show_actions(session, reading, row)
        done = {figures.row.zone for figures in session.done if figures.punctures}
        if session.zone_complete:
            done.add(reading.zone)
        self._zones.refresh(session.plan, reading.zone, frozenset(done))
        if now_s - self._values_s >= VALUES_S:
            self._values_s = now_s
            self._show_values(reading, row)
        if self._hand is not None:
            key = "release" if self._hand.pressed else "press"
            self._thumb.set_text(self._say(f"treat.{key}"))

    def _show_age(self, view: View, now_s: float) -> None:
        old = is_old(view, now_s)
        if old != self._old:
            self._old = old
            self._dated.set_visibility(old)
            for cell in self._cells.values():
                cell.classes(add="pen-old" if old else "", remove="" if old else "pen-old")
        if old:
            ago_s = now_s - view.heard_s
            at = datetime.now().astimezone() - timedelta(seconds=ago_s)
            self._dated.set_text(self._say("live.dated", at=f"{at:%H:%M:%S}", ago=int(ago_s)))

    def _show_values(self, reading: Reading, row: PlanZone | None) -> None:
        for key, text in live_values.values(self._say, reading, row).items():
            self._labels[key].set_text(text)
        found_marked = live_values.marked(reading, row)
        for key, marked in found_marked.items():
            if marked != self._marked.get(key, False):
                self._cells[key].classes(
                    add="pen-look" if marked else "", remove="" if marked else "pen-look"
                )
        self._marked = found_marked
        if row is not None:
            found = live_values.coverage(
                reading.punctures_per_cm2, row.dose_limit_per_cm2, row.passes
            )
            self._bar.style(f"--share: {found.zone_pct}%; --passes: {row.passes}")

    def _show_actions(
        self, session: TreatmentSession, reading: Reading, row: PlanZone | None
    ) -> None:
        if row is None:
            self._next.set_text(self._say("live.no_zone"))
            self._zone.set_text("–")
            self._arm.set_enabled(False)
            return
        say, more = self._say, session.more_to_come
        self._zone.set_text(say.zone(row.name))
        self._next.set_text(
            advice.next_step(
                say, reading, session.plan, row, complete=session.zone_complete, more=more
            )
        )
        key = "treat.arm_eye" if self._near_eye else "treat.arm"
        self._arm.set_text(say(key, zone=say.zone(row.name), depth=say.mm(row.depth_um)))
        self._arm.set_enabled(reading.state == codes.STATE_CONFIGURED and not session.zone_complete)
        self._go_on.set_visibility(more and not self._desk.view.moving)
