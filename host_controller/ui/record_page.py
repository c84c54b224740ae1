"""After the treatment: that it is recorded, the report and the leaflet, the next client."""

import asyncio
from collections.abc import Callable

from nicegui import ui

from host_controller import errors
from host_controller.records.store import Store
from host_controller.records.views import SessionRecord
from host_controller.ui import look
from host_controller.ui.catalogue import Texts
from host_controller.ui.first_pages import tell
from host_controller.ui.visit import Visit


def record_page(
    say: Texts,
    visit: Visit,
    needles_in: bool,
    session_of: Callable[[str], SessionRecord],
    again: Callable[[], object],
) -> None:
    """Report and leaflet are made when they are asked for."""
    with look.card(say("record.heading")):
        ui.label(visit.record_id).classes("pen-small-number")
        known = "record.needles_in" if needles_in else "record.needles_unknown"
        ui.label(say(known)).classes("" if needles_in else "pen-amber")

        async def paper(kind: str) -> None:
            try:
                content = await asyncio.to_thread(_pdf, kind, visit, session_of)
            except errors.PenError as problem:
                tell(problem)
                return
            ui.download.content(content, f"{visit.record_id}-{kind}.pdf")

        with ui.row().classes("gap-4"):
            look.button(say("record.report"), lambda: paper("report"))
            look.button(say("record.leaflet"), lambda: paper("aftercare"), plain=True)
            look.button(say("record.again"), again, plain=True)


def _pdf(kind: str, visit: Visit, session_of: Callable[[str], SessionRecord]) -> bytes:
    from datetime import timedelta

    from host_controller.reports.aftercare import leaflet, read_texts
    from host_controller.reports.treatment_report import treatment_report

    session = session_of(visit.record_id)
    if kind == "report":
        return treatment_report(session)
    zones = visit.proposal.zones if visit.proposal else ()
    days = max((zone.entry.interval_days for zone in zones), default=0)
    return leaflet(session, read_texts(), visit.today + timedelta(days=days) if days else None)


def stored(record_id: str) -> SessionRecord:
    """The record as the store has it, what is still spooled included."""
    from host_controller.records.merge import merge

    store = Store.open()
    try:
        merge(store)
        return store.session(record_id)
    finally:
        store.close()
