"""One client: the course of each concern, sessions with their reports, grades, photos.

Owns the search for photos of the client that is shown.
"""

from datetime import date
from functools import partial

from nicegui import ui

from host_controller import errors, words
from host_controller.courses import dose, following
from host_controller.courses.history import History, SessionSummary
from host_controller.library import store as libraries
from host_controller.records import queries
from host_controller.records.pseudonyms import CLIENT, pseudonym
from host_controller.records.store import Store
from host_controller.ui import look
from host_controller.ui.clinic import parts
from host_controller.ui.clinic.clinic import Clinic
from host_controller.ui.clinic.course import concerns_of, course
from host_controller.ui.clinic.grades import Grades
from host_controller.ui.clinic.photo_pair import PhotoPair
from host_controller.ui.visit import Expected

MOST = 200  # sessions of a client that are looked at
RECENT = 12


def recent(store: Store, simulated: bool) -> list[str]:
    """Clients of the newest sessions; raises DatabaseAway."""
    rows = queries.ask(store, queries.newest(4 * RECENT))
    clients = [row.client for row in rows if row.client and (simulated or not row.simulated)]
    return list(dict.fromkeys(clients))[:RECENT]


def history_of(store: Store, client: str, simulated: bool) -> History:
    """What a client had; raises UsageError for a number that is known spelled otherwise."""
    history = queries.history(store, client, MOST, simulated=simulated)
    queries.must_be_spelled_as_before(store, history)
    return history


class ClientTab:
    """A client in one window."""

    def __init__(self, clinic: Clinic, client: str = "") -> None:
        self.clinic = clinic
        self._library = libraries.in_force()
        self._photos: PhotoPair | None = None
        say = clinic.say
        self._titles = parts.concerns(say, self._library)
        with look.card(say("clinic.client_heading")):
            with ui.row().classes("items-center gap-3"):
                self._field = ui.input(say("clinic.client_number"), value=client)
                self._field.props("outlined dense").classes("clinic-field")
                self._field.on("keydown.enter", self.load)
                parts.small(say("clinic.show"), self.load, main=True)
            self._content = ui.column().classes("w-full gap-4")
        ui.timer(0, self.load, once=True)

    def refresh(self) -> None:
        """Tell how far the search for photos is."""
        if self._photos is not None:
            self._photos.refresh()

    @parts.shown_in("_content")
    async def load(self) -> None:
        """Ask again and show; without a number, who came last."""
        clinic, text = self.clinic, str(self._field.value or "").strip().upper()
        self._photos = None
        if not text:
            names = await clinic.archive.ask(lambda store: recent(store, clinic.simulated))
            if not self._content.is_deleted:  # else another part was chosen meanwhile
                self._content.clear()
                with self._content:
                    self._show_recent(names)
            return
        client = pseudonym(text, CLIENT)
        self._field.set_value(client)
        history = await clinic.archive.ask(
            lambda store: history_of(store, client, clinic.simulated)
        )
        if self._content.is_deleted:
            return
        self._content.clear()
        with self._content:
            self._show(history)

    def _show_recent(self, names: list[str]) -> None:
        say = self.clinic.say
        if not names:
            parts.empty(say("clinic.no_clients"), say("clinic.no_clients_next"))
            return
        ui.label(say("clinic.recent")).classes("pen-quiet")
        with ui.row().classes("gap-2"):
            for name in names:
                parts.small(name, partial(self.clinic.open_client, name))

    def _show(self, history: History) -> None:
        say = self.clinic.say
        with ui.row().classes("w-full items-center justify-between"):
            ui.html(f"<h3 class='clinic-name'>{history.client}</h3>", sanitize=False)
            with ui.row().classes("gap-2"):
                if any(s.concern and s.treated_zones for s in history.sessions):
                    parts.small(say("clinic.repeat"), lambda: self._repeat(history))
                parts.small(
                    say("clinic.begin"),
                    lambda: self.clinic.start(Expected(history.client)),
                    main=True,
                )
        if not history.sessions and not history.scores:
            parts.empty(
                say("clinic.nothing_yet", client=history.client), say("clinic.nothing_yet_next")
            )
        for concern in concerns_of(history):
            course(self.clinic.say, self._library, history, concern)
        if history.sessions:
            self._sessions(history)
            self._dose(history)
        Grades(self.clinic, self._library, history, self.load)
        if history.scores:
            self._photos = PhotoPair(self.clinic, history)

    # --- tables ---------------------------------------------------------------------------------

    def _sessions(self, history: History) -> None:
        say = self.clinic.say
        parts.heading(say("clinic.sessions"))
        keys = ("day", "concern", "zones", "pins", "outcome", "operator")
        parts.table(
            say("clinic.sessions"),
            [*(say(f"clinic.{key}") for key in keys), say("clinic.report")],
            (self._session(session) for session in history.sessions),
            self._do,
        )

    def _session(self, session: SessionSummary) -> list[str]:
        say = self.clinic.say
        zones = "; ".join(
            parts.cell(
                f"{say.zone(zone.zone)} {say.mm(zone.depth_um)}, {zone.punctures_per_cm2}/cm²",
                "clinic-nowrap",
            )
            for zone in session.treated_zones
        )
        outcome = parts.word(say, "outcome", session.outcome)
        early = parts.word(say, "early_reason", session.early_reason)
        outcome += f" ({say('clinic.was_early', reason=early)})" if session.early_reason else ""
        cartridge = f"{words.pins(session.pins)}, {say.mm(session.needle_um)}"
        return [
            parts.cell(parts.day(session.begun), "clinic-strong"),
            parts.cell(self._titles.get(session.concern, session.concern or "–")),
            zones or "–",
            parts.cell(cartridge if session.needle_um else "–", "clinic-nowrap"),
            parts.cell(outcome, "" if session.outcome == "complete" else "clinic-now"),
            parts.cell(session.operator or "–"),
            parts.action(
                "PDF", "pdf", session.record_id,
                label=say("clinic.report_of", day=parts.day(session.begun)),
            ),
        ]  # fmt: skip

    def _dose(self, history: History) -> None:
        say = self.clinic.say
        parts.heading(say("clinic.dose_so_far"))
        keys = ("zone", "session_count", "punctures", "deepest", "first", "last")
        parts.table(
            say("clinic.dose_so_far"),
            [say(f"clinic.{key}") for key in keys],
            (
                [
                    parts.cell(say.zone(row.zone)),
                    parts.cell(row.sessions),
                    parts.cell(f"{row.punctures_per_cm2}/cm²"),
                    parts.cell(say.mm(row.deepest_um)),
                    parts.cell(_iso(row.first)),
                    parts.cell(_iso(row.last)),
                ]
                for row in dose.so_far(history)
            ),
            numbers=(1, 2, 3),
        )

    # --- what is pressed ------------------------------------------------------------------------

    @parts.telling
    async def _do(self, what: str, of: str) -> None:
        from host_controller.reports.treatment_report import treatment_report

        content = await self.clinic.archive.ask(lambda store: treatment_report(store.session(of)))
        ui.download.content(content, f"{of}-report.pdf")

    @parts.telling
    async def _repeat(self, history: History) -> None:
        """The values of the last session that treated; today's library decides about them."""
        last = max(
            (s for s in history.sessions if s.concern and s.treated_zones),
            key=lambda session: session.begun,
        )
        begin = await self.clinic.archive.ask(
            lambda store: queries.beginning(store, last.record_id)
        )
        if last.concern not in self._library.indications:
            raise errors.UsageError(
                f"{self._library.name} no longer treats {last.concern}.",
                cause="The library has changed since that session.",
                next_step="Plan anew with another concern.",
            )
        skin = str((begin.get("planning") or {}).get("fitzpatrick") or "")
        request = following.repeat(history.client, last, fitzpatrick=skin)
        self.clinic.start(Expected(history.client, last.concern, skin, request))


def _iso(day: date) -> str:
    return day.isoformat()
