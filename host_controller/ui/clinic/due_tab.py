"""Who is due, overdue or resting, and the way from there into a visit. Owns the filter."""

from datetime import date

from nicegui import events, ui

from host_controller import dates
from host_controller.courses import due
from host_controller.courses.following import Due
from host_controller.library import store as libraries
from host_controller.library.library import Library
from host_controller.records import courses_due
from host_controller.records.store import Store
from host_controller.ui import look
from host_controller.ui.clinic import parts
from host_controller.ui.clinic.clinic import Clinic
from host_controller.ui.visit import Expected

MOST = 200  # sessions looked at, nearest to today
SHOWN = 100


def found(
    store: Store, library: Library, today: date, state: str, concern: str, simulated: bool
) -> list[Due]:
    """Rows of the list; raises DatabaseAway."""
    span = due.due_days(state, today)
    treated = due.treated_days(span, library, today)
    sessions = courses_due.last_sessions(
        store,
        courses_due.day_begins(treated.first),
        courses_due.day_begins(treated.end),
        MOST,
        concern=concern,
        simulated=simulated,
    )
    return due.within(sessions, library, today, span)


class DueTab:
    """The list in one window."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self._state = due.DUE
        self._concern = ""
        self._library = libraries.in_force()
        say = clinic.say
        self._titles = parts.concerns(say, self._library)
        with look.card(say("clinic.due_heading")):
            with ui.row().classes("items-center gap-4"):
                states = {state: say(f"clinic.state_{state}") for state in due.STATES}
                parts.choice(say("clinic.due_state"), states, self._state, self._take_state)
                concerns = {"": say("clinic.every_concern"), **self._titles}
                ui.select(
                    concerns, value="", label=say("clinic.concern"), on_change=self._take_concern
                ).props("outlined dense").classes("clinic-field")
            self._not_now = ui.label(say("clinic.may_not")).classes("pen-quiet")
            self._list = ui.column().classes("w-full gap-2")
        ui.timer(0, self.load, once=True)

    def _take_state(self, state: str) -> object:
        self._state = state
        return self.load()

    def _take_concern(self, event: events.ValueChangeEventArguments[str]) -> object:
        self._concern = str(event.value or "")
        return self.load()

    def refresh(self) -> None:
        """Say when no visit can begin now."""
        self._not_now.set_visibility(not self.clinic.may_start())

    @parts.shown_in("_list")
    async def load(self) -> None:
        """Ask again and show."""
        clinic, today = self.clinic, dates.today()
        state, concern = self._state, self._concern
        rows = await clinic.archive.ask(
            lambda store: found(store, self._library, today, state, concern, clinic.simulated)
        )
        if (state, concern) != (self._state, self._concern) or self._list.is_deleted:
            return  # something else was chosen meanwhile
        self._list.clear()
        with self._list:
            self._show(rows, today)

    def _show(self, rows: list[Due], today: date) -> None:
        say = self.clinic.say
        if not rows:
            parts.empty(
                say(f"clinic.nobody_{self._state}"),
                say("clinic.nobody_next" if not self._concern else "clinic.nobody_other_concern"),
            )
            return
        header = [say(f"clinic.{key}") for key in ("client", "concern", "last", "next", "when")]
        parts.table(
            say("clinic.due_heading"),
            [*header, say("clinic.visit")],
            (self._row(row, today) for row in rows[:SHOWN]),
            self._do,
        )
        if len(rows) > SHOWN:
            ui.label(say("clinic.more", shown=SHOWN)).classes("pen-quiet")

    def _row(self, row: Due, today: date) -> list[str]:
        say = self.clinic.say
        days = row.overdue_days(today)
        if days > 0:
            when, kind = say("clinic.days_over", days=days), "clinic-late"
        elif days == 0:
            when, kind = say("clinic.today"), "clinic-now"
        else:
            when, kind = say("clinic.days_left", days=-days), ""
        return [
            parts.action(
                row.client, "open", row.client, label=say("clinic.open", client=row.client)
            ),
            parts.cell(self._titles.get(row.concern, row.concern)),
            parts.cell(row.last.isoformat()),
            parts.cell(row.due.isoformat()),
            parts.cell(when, kind),
            parts.action(
                say("clinic.begin"),
                "begin",
                f"{row.client} {row.concern}",
                main=True,
                label=say("clinic.begin_for", client=row.client),
            ),
        ]

    def _do(self, what: str, of: str) -> object:
        if what == "open":
            return self.clinic.open_client(of)
        client, concern = of.split(" ", 1)
        return self.clinic.start(Expected(client, concern))
