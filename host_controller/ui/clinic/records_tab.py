"""Records: found by number, client, pen or day; the proof of their chains; as files.

Owns what was searched for.
"""

import json
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from nicegui import ui

from host_controller import dates
from host_controller.records import export, search
from host_controller.records.store import Store
from host_controller.records.verify import Report, verify
from host_controller.records.views import SessionRecord
from host_controller.ui import look
from host_controller.ui.clinic import parts
from host_controller.ui.clinic.clinic import Clinic

SHOWN_BREAKS = 5
EXPORT_DAYS = 31
NEWEST = 8  # shown before anything is searched for: proof and files stay near


def between(store: Store, first: date, last: date, redact: bool) -> list[SessionRecord]:
    """Records of some days, all of them read whole; raises DatabaseAway, RecordBroken."""
    begin = datetime.combine(first, datetime.min.time()).astimezone()
    end = datetime.combine(last + timedelta(1), datetime.min.time()).astimezone()
    found = list(store.sessions(begin.astimezone(UTC), end.astimezone(UTC)))
    return [export.redacted(record) for record in found] if redact else found


class RecordsTab:
    """Search, proof and files in one window."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        say = clinic.say
        with look.card(say("clinic.records_heading")):
            with ui.row().classes("items-center gap-3"):
                self._field = ui.input(say("clinic.search"))
                self._field.props("outlined dense clearable").classes("clinic-field-wide")
                self._field.on("keydown.enter", self.load)
                parts.small(say("clinic.show"), self.load, main=True)
            self._list = ui.column().classes("w-full gap-2")
        with look.card(say("clinic.proof_heading")):
            ui.label(say("clinic.proof_text")).classes("pen-quiet")
            with ui.row().classes("items-center gap-3"):
                self._verify = parts.small(say("clinic.verify"), self._prove)
                self._busy = ui.label().classes("pen-quiet").props("role=status")
            self._proof = ui.column().classes("w-full gap-1")
        with look.card(say("clinic.export_heading")), ui.row().classes("items-center gap-3"):
            today = dates.today()
            first = (today - timedelta(EXPORT_DAYS)).isoformat()
            self._first = ui.input(say("clinic.from_day"), value=first)
            self._last = ui.input(say("clinic.to_day"), value=today.isoformat())
            for field in (self._first, self._last):
                field.props("outlined dense type=date").classes("clinic-field")
            self._redact = ui.checkbox(say("clinic.redact"), value=True)
            self._exports = [
                parts.small(say(f"clinic.as_{kind}"), partial(self._export, kind))
                for kind in ("csv", "json")
            ]
        ui.timer(0, self.load, once=True)

    def refresh(self) -> None:
        """What takes the computer's whole attention waits for the end of a treatment."""
        treating = self.clinic.treating()
        for made in (self._verify, *self._exports):
            made.set_enabled(not treating and not self._busy.text)

    @parts.shown_in("_list")
    async def load(self) -> None:
        """Search and show; the newest ones without a word."""
        clinic, text = self.clinic, str(self._field.value or "").strip()
        rows = await clinic.archive.ask(lambda store: search.search(store, text, clinic.simulated))
        if self._list.is_deleted:  # another part was chosen meanwhile
            return
        self._list.clear()
        with self._list:
            self._show(rows, text)

    def _show(self, rows: list[Any], text: str) -> None:
        say = self.clinic.say
        if not rows:
            key = "clinic.no_match" if text else "clinic.no_records"
            parts.empty(say(key, text=text), say(f"{key}_next"))
            return
        keys = ("record", "begun", "client", "operator", "pen", "zones_planned", "outcome")
        parts.table(
            say("clinic.records_heading"),
            [*(say(f"clinic.{key}") for key in keys), say("clinic.report")],
            (self._row(row) for row in rows[: search.MOST if text else NEWEST]),
            self._do,
        )
        if text and len(rows) == search.MOST:
            ui.label(say("clinic.more", shown=search.MOST)).classes("pen-quiet")
        elif not text:
            ui.label(say("clinic.newest")).classes("pen-quiet")

    def _row(self, row: Any) -> list[str]:
        say = self.clinic.say
        outcome = parts.word(say, "outcome", row.outcome)
        mark = f" {say('clinic.simulated_mark')}" if row.simulated else ""
        client = parts.action(
            row.client, "open", row.client, label=say("clinic.open", client=row.client)
        )
        zones = ", ".join(parts.word(say, "zone", zone) for zone in row.zones.split(", "))
        begun = datetime.fromisoformat(row.begun).astimezone()
        return [
            parts.cell(row.record_id, "clinic-mono"),
            parts.cell(f"{begun:%Y-%m-%d %H:%M}"),
            client if row.client else parts.cell("–"),
            parts.cell(row.operator or "–"),
            parts.cell(row.pen + mark),
            parts.cell(zones),
            parts.cell(outcome, "" if row.outcome == "complete" else "clinic-now"),
            parts.action(
                "PDF", "pdf", row.record_id,
                label=say("clinic.report_of", day=row.record_id),
            ),
        ]  # fmt: skip

    @parts.telling
    async def _do(self, what: str, of: str) -> None:
        if what == "open":
            self.clinic.open_client(of)
            return
        from host_controller.reports.treatment_report import treatment_report

        content = await self.clinic.archive.ask(lambda store: treatment_report(store.session(of)))
        ui.download.content(content, f"{of}-report.pdf")

    # --- proof and files ------------------------------------------------------------------------

    @parts.telling
    async def _prove(self) -> None:
        say = self.clinic.say
        self._busy.set_text(say("clinic.verifying"))
        try:
            report = await self.clinic.archive.ask(verify)
        finally:
            self._busy.set_text("")
        if self._proof.is_deleted:
            return
        self._proof.clear()
        with self._proof:
            self._result(report)

    def _result(self, report: Report) -> None:
        say = self.clinic.say
        now = datetime.now().astimezone()
        if report.whole:
            text = say("clinic.whole", entries=report.entries, chains=len(report.heads))
            ui.label(f"✓ {text}").classes("clinic-good text-lg font-bold").props("role=status")
        else:
            text = say("clinic.broken", count=len(report.breaks))
            ui.label(f"✗ {text}").classes("pen-amber text-lg").props("role=alert")
            for found in report.breaks[:SHOWN_BREAKS]:
                ui.label(f"{found.place}: {found.reason}").classes("clinic-mono")
            ui.label(say("clinic.broken_next")).classes("font-bold")
        if report.waiting:
            ui.label(say("clinic.waiting", count=report.waiting)).classes("pen-quiet")
        for head in report.heads:
            ui.label(f"{head.writer}  {head.number}  {head.hash}").classes("clinic-mono pen-quiet")
        ui.label(say("clinic.verified_at", moment=f"{now:%Y-%m-%d %H:%M}")).classes("pen-quiet")

    @parts.telling
    async def _export(self, kind: str) -> None:
        try:
            first, last = (date.fromisoformat(str(f.value)) for f in (self._first, self._last))
        except ValueError:
            first, last = date.max, date.min
        if last < first:
            parts.notice(self.clinic.say("clinic.bad_days"))
            return
        redact = bool(self._redact.value)
        found = await self.clinic.archive.ask(lambda store: between(store, first, last, redact))
        if kind == "csv":
            content = export.as_csv(found)
        else:
            lines = ({"schema": export.SCHEMA, **export.as_object(one)} for one in found)
            content = "".join(json.dumps(line) + "\n" for line in lines)
        ui.download.content(content.encode(), f"records-{first}-{last}.{kind}")
        ui.notify(self.clinic.say("clinic.exported", count=len(found)), position="top")
