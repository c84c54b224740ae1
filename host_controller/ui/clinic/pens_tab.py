"""The pens that the clinic's records tell of: version, library, calibration, needle hours, faults.

Needle hours of a long life take a moment: they come in page by page. Owns nothing.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from nicegui import ui

from host_controller import dates
from host_controller.records import calibration, fleet
from host_controller.records.courses_due import text_of
from host_controller.records.fleet import NeedleTime, PenSeen
from host_controller.records.store import Store
from host_controller.ui import look
from host_controller.ui.clinic import parts
from host_controller.ui.clinic.clinic import Clinic

if TYPE_CHECKING:
    from datetime import datetime

HOUR_MS = 3_600_000


def seen(store: Store, simulated: bool) -> list[PenSeen]:
    """Every pen, the one that was used last first; raises DatabaseAway."""
    pens = [fleet.pen_seen(store, serial) for serial in fleet.serials(store)]
    shown = [pen for pen in pens if simulated or not pen.simulated]
    return sorted(shown, key=lambda pen: (pen.last is None, pen.last and -pen.last.timestamp()))


class PensTab:
    """The table in one window."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        say = clinic.say
        with look.card(say("clinic.pens_heading")):
            self._list = ui.column().classes("w-full gap-2")
            days, hours = calibration.INTERVAL_DAYS, calibration.INTERVAL_MS // HOUR_MS
            ui.label(say("clinic.calibration_rule", days=days, hours=hours)).classes("pen-quiet")
        ui.timer(0, self.load, once=True)

    def refresh(self) -> None:
        """Nothing changes by itself."""

    @parts.shown_in("_list")
    async def load(self) -> None:
        """Ask again and show; needle hours follow."""
        clinic = self.clinic
        pens = await clinic.archive.ask(lambda store: seen(store, clinic.simulated))
        needles = {pen.serial: NeedleTime(pen.serial, _since(pen)) for pen in pens}
        self._show(pens, {})
        done: dict[str, NeedleTime] = {}
        for pen in pens:
            needle_time = needles[pen.serial]
            while await clinic.archive.ask(_page(needle_time)):
                pass
            done[pen.serial] = needle_time
        if pens:
            self._show(pens, done)

    def _show(self, pens: list[PenSeen], needles: dict[str, NeedleTime]) -> None:
        say = self.clinic.say
        if self._list.is_deleted:  # another part was chosen meanwhile
            return
        self._list.clear()
        with self._list:
            if not pens:
                parts.empty(say("clinic.no_pens"), say("clinic.no_pens_next"))
                return
            keys = ("serial", "firmware", "library", "seen", "calibrated", "due_again")
            header = [*(say(f"clinic.{key}") for key in keys), say("clinic.hours")]
            parts.table(
                say("clinic.pens_heading"),
                [*header, say("clinic.faults")],
                (self._row(pen, needles.get(pen.serial)) for pen in pens),
                numbers=(6,),
            )

    def _row(self, pen: PenSeen, needles: NeedleTime | None) -> list[str]:
        say = self.clinic.say
        mark = f" {say('clinic.simulated_mark')}" if pen.simulated else ""
        fault = f" ({say('clinic.last_fault', number=pen.last_fault)})" if pen.last_fault else ""
        done = pen.calibration
        by = f", {done.done_by}" if done else ""
        return [
            parts.cell(pen.serial + mark, "clinic-strong"),
            parts.cell(pen.firmware or "–"),
            parts.cell(pen.library or "–"),
            parts.cell(parts.day(pen.last)),
            parts.cell(parts.day(done.done if done else None) + by),
            self._due(pen, needles),
            parts.cell(
                "…" if needles is None else say.figures(f"{needles.all_ms / HOUR_MS:.1f} h")
            ),
            parts.cell(f"{pen.faults}{fault}"),
        ]

    def _due(self, pen: PenSeen, needles: NeedleTime | None) -> str:
        say = self.clinic.say
        done: datetime | None = pen.calibration.done if pen.calibration else None
        if done is not None and needles is None:
            return parts.cell("…")
        used_ms = needles.since_ms if needles else 0
        found = calibration.due(done.astimezone().date() if done else None, used_ms, dates.today())
        if found.state == calibration.NEVER:
            return parts.cell(say("clinic.calibrate_never"), "clinic-late")
        left_h = max(0, found.left_ms) / HOUR_MS
        text = say(f"clinic.calibrate_{found.state}", day=found.day, hours=f"{left_h:.0f}")
        kinds = {calibration.OVERDUE: "clinic-late", calibration.SOON: "clinic-now"}
        return parts.cell(text, kinds.get(found.state, ""))


def _since(pen: PenSeen) -> str:
    return text_of(pen.calibration.done) if pen.calibration else ""


def _page(needle_time: NeedleTime) -> Callable[[Store], bool]:
    return needle_time.more
