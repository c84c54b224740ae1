"""A month's quality report: kept to the library, reasons, hard stops, early sessions; as a file.

Owns the month that is shown.
"""

import csv
import io
import json
from collections.abc import Iterable
from datetime import date

from nicegui import events, ui

from host_controller import dates
from host_controller.reports.month import month_quality
from host_controller.reports.quality import Quality
from host_controller.ui import look
from host_controller.ui.clinic import parts
from host_controller.ui.clinic.clinic import Clinic

MONTHS = 24  # that can be chosen


def months(today: date, count: int = MONTHS) -> list[str]:
    """This month and those before it, as 2026-11."""
    first = today.year * 12 + today.month - 1
    return [f"{at // 12}-{at % 12 + 1:02d}" for at in range(first, first - count, -1)]


def as_csv(found: Quality) -> str:
    """The report as a table: what, which, how often."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("month", "what", "which", "count"))
    for what, count in (
        ("sessions", found.sessions), ("zones", found.zones), ("in_library", found.in_library),
    ):  # fmt: skip
        writer.writerow((found.month, what, "", count))
    for what in ("outcomes", "overrides", "hard_stops", "faults", "early"):
        counts: dict[str, int] = getattr(found, what)
        writer.writerows((found.month, what, which, count) for which, count in counts.items())
    return stream.getvalue()


class MonthTab:
    """The report in one window."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self._found: Quality | None = None
        say, all_months = clinic.say, months(dates.today())
        self._month = all_months[0]
        with look.card(say("clinic.month_heading")):
            with ui.row().classes("items-center gap-3"):
                parts.small("‹", lambda: self._step(1)).props(
                    f'aria-label="{say("clinic.before")}"'
                )
                self._select = ui.select(
                    all_months, value=self._month, label=say("clinic.month"), on_change=self._take
                )
                self._select.props("outlined dense").classes("clinic-month")
                parts.small("›", lambda: self._step(-1)).props(
                    f'aria-label="{say("clinic.after")}"'
                )
                parts.small(say("clinic.as_csv"), lambda: self._save("csv"))
                parts.small(say("clinic.as_json"), lambda: self._save("json"))
            self._report = ui.column().classes("w-full gap-4")
        ui.timer(0, self.load, once=True)

    def refresh(self) -> None:
        """Nothing changes by itself."""

    def _take(self, event: events.ValueChangeEventArguments[str]) -> object:
        self._month = str(event.value)
        return self.load()

    def _step(self, back: int) -> None:
        options = months(dates.today())
        at = options.index(self._month) + back
        if 0 <= at < len(options):
            self._select.set_value(options[at])

    def _save(self, kind: str) -> None:
        if self._found is None:
            return
        name = f"quality-{self._found.month}.{kind}"
        content = (
            as_csv(self._found) if kind == "csv" else json.dumps(self._found.as_json(), indent=1)
        )
        ui.download.content(content.encode(), name)

    @parts.shown_in("_report")
    async def load(self) -> None:
        """Ask again and show."""
        month, simulated = self._month, self.clinic.simulated
        found = await self.clinic.archive.ask(lambda store: month_quality(store, month, simulated))
        if month != self._month or self._report.is_deleted:
            return
        self._found = found
        self._report.clear()
        with self._report:
            self._show(found)

    def _show(self, found: Quality) -> None:
        say = self.clinic.say
        if not found.sessions:
            parts.empty(say("clinic.no_month", month=found.month), say("clinic.no_month_next"))
            return
        share = found.share_in_library
        with ui.row().classes("gap-8 items-end"):
            with ui.column().classes("gap-0"):
                ui.label(say("clinic.in_library")).classes("pen-quiet")
                ui.label("–" if share is None else f"{share:.0%}").classes("pen-number")
                ui.label(say("clinic.of_zones", count=found.in_library, zones=found.zones)).classes(
                    "pen-quiet"
                )
            self._number(say("clinic.sessions"), found.sessions, self._outcomes(found))
            self._number(say("clinic.early"), sum(found.early.values()), "")
            self._number(say("clinic.hard_stops"), sum(found.hard_stops.values()), "")
            self._number(say("clinic.faults"), sum(found.faults.values()), "")
        with ui.element("div").classes("clinic-columns"):
            self._counts("overrides", self._overrides(found))
            self._counts("hard_stops", self._words("stop_reason", found.hard_stops))
            self._counts("early", self._words("early_reason", found.early))
            self._counts("faults", found.faults.items())

    def _outcomes(self, found: Quality) -> str:
        say = self.clinic.say
        named = ((parts.word(say, "outcome", name), n) for name, n in found.outcomes.items())
        return ", ".join(f"{count} {name}" for name, count in named)

    def _number(self, title: str, count: int, below: str) -> None:
        with ui.column().classes("gap-0"):
            ui.label(title).classes("pen-quiet")
            ui.label(str(count)).classes("pen-small-number")
            ui.label(below or "\u00a0").classes("pen-quiet")

    def _words(self, section: str, counts: dict[str, int]) -> Iterable[tuple[str, int]]:
        return ((parts.word(self.clinic.say, section, name), n) for name, n in counts.items())

    def _overrides(self, found: Quality) -> Iterable[tuple[str, int]]:
        """Each place, value and reason in the page's language."""
        say = self.clinic.say
        for text, count in found.overrides.items():
            place, _, reason = text.partition(": ")
            zone, _, field = place.partition(", ")
            shown = f"{parts.word(say, 'zone', zone)}, {parts.word(say, 'plan', field)}"
            yield f"{shown}: {parts.word(say, 'override_reason', reason)}", count

    def _counts(self, what: str, counts: Iterable[tuple[str, int]]) -> None:
        say, rows = self.clinic.say, list(counts)
        with ui.column().classes("gap-1 clinic-count"):
            parts.heading(say(f"clinic.{what}_list"))
            if not rows:
                ui.label(say("clinic.none")).classes("pen-quiet")
                return
            parts.table(
                say(f"clinic.{what}_list"),
                (say("clinic.which"), say("clinic.times")),
                ((parts.cell(text), parts.cell(count)) for text, count in rows),
                numbers=(1,),
            )
