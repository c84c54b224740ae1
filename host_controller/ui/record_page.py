"""After the treatment: that it is recorded, the papers, the grade, the next appointment.

Papers are made when they are asked for. Owns nothing.
"""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta

from nicegui import ui

from host_controller import errors
from host_controller.courses.history import GRADES
from host_controller.records.views import SessionRecord
from host_controller.ui import look
from host_controller.ui.catalogue import Texts
from host_controller.ui.clinic.parts import concerns
from host_controller.ui.problems import tell, words
from host_controller.ui.visit import Visit

CLOSED = ("complete",)  # outcomes that need no second look


def record_page(
    say: Texts,
    visit: Visit,
    needles_in: bool,
    session_of: Callable[[str], SessionRecord],
    again: Callable[[], object],
) -> None:
    """Each part a card; nothing here has to be done before the next client."""
    with ui.element("div").classes("pen-record"):
        zones = _recorded(say, visit, needles_in, session_of)
        with ui.element("div").classes("pen-record-side"):
            following = ui.element("div").classes("w-full")
            _grade(say, visit)
            look.button(say("record.again"), again)

    async def fill() -> None:
        """What the record says; reading it may take a moment."""
        try:
            session = await asyncio.to_thread(session_of, visit.record_id)
        except errors.PenError as problem:
            with zones:
                ui.label(str(words(problem)._replace(cause=""))).classes("pen-amber")
            return
        with zones:
            _zones(say, session)
        with following:
            _next_appointment(say, visit, session)

    ui.timer(0, fill, once=True)


def _recorded(
    say: Texts, visit: Visit, needles_in: bool, session_of: Callable[[str], SessionRecord]
) -> ui.element:
    """That it is recorded, and its papers; returns the place for what was done."""

    async def paper(kind: str) -> None:
        try:
            content = await asyncio.to_thread(_pdf, kind, visit, session_of)
        except errors.PenError as problem:
            tell(problem)
            return
        ui.download.content(content, f"{visit.record_id}-{kind}.pdf")

    with look.card(say("record.heading")):
        ui.label(visit.record_id).classes("pen-quiet")
        known = "record.needles_in" if needles_in else "record.needles_unknown"
        ui.label(say(known)).classes("pen-fine" if needles_in else "pen-amber")
        with ui.row().classes("gap-4"):
            look.button(say("record.report"), lambda: paper("report"))
            look.button(say("record.leaflet"), lambda: paper("aftercare"), plain=True)
        return ui.element("div").classes("pen-done-zones w-full")


def _zones(say: Texts, session: SessionRecord) -> None:
    """What was done, as the record has it: planned beside measured."""
    rows = "".join(
        f"<tr><th scope=row>{say.zone(zone.zone)}</th>"
        f"<td>{say.mm(zone.depth_um_set)}</td><td>{_measured(say, zone.depth_um_mean)}</td>"
        f"<td>{zone.punctures_per_cm2}</td><td>{zone.passes}</td></tr>"
        for zone in session.zones
        if zone.treated
    )
    treated = {zone.zone for zone in session.zones if zone.treated}
    left = dict.fromkeys(zone.zone for zone in session.zones if zone.zone not in treated)
    heads = "".join(
        f"<th scope=col>{say(key)}</th>"
        for key in ("record.zone", "treat.planned", "treat.measured", "treat.dose", "treat.passes")
    )
    outcome = say(f"outcome.{session.outcome.replace(' ', '_')}")
    kind = "pen-fine" if session.outcome in CLOSED else "pen-amber"
    faults = ", ".join(dict.fromkeys(fault.number for fault in session.faults))
    text = f"{say('record.outcome')}: {outcome}" + (f" · {faults}" if faults else "")
    ui.label(text).classes(kind)
    ui.html(
        f"<table class='pen-table'><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>",
        sanitize=False,
    ).classes("w-full pen-wide")
    if left:
        zones = ", ".join(map(say.zone, left))
        ui.label(say("record.untreated", zones=zones)).classes("pen-quiet")


def _measured(say: Texts, depth_um: int | None) -> str:
    return "–" if depth_um is None else say.mm(depth_um)


def due_on(visit: Visit, session: SessionRecord) -> date | None:
    """First day on which every treated zone has had its rest; None when none was treated."""
    treated = {zone.zone for zone in session.zones if zone.treated}
    zones = visit.proposal.zones if visit.proposal else ()
    days = [zone.entry.interval_days for zone in zones if zone.entry.zone in treated]
    return visit.today + timedelta(days=max(days)) if days else None


def _next_appointment(say: Texts, visit: Visit, session: SessionRecord) -> None:
    due = due_on(visit, session)
    with look.card(say("record.next_heading")):
        if due is None:
            ui.label(say("record.no_rest"))
            return
        day = f"{say(f'weekday.{due.weekday()}')}, {due.isoformat()}"
        ui.label(day).classes("pen-small-number")
        ui.label(say("record.next_hint", days=(due - visit.today).days)).classes("pen-quiet")


def _grade(say: Texts, visit: Visit) -> None:
    """The practitioner's grade of today; photos are added on the clinic's page, by their hash."""
    if visit.request is None:
        return
    client, concern = visit.request.client, visit.request.concern
    title = concerns(say, visit.library).get(concern, concern)
    with look.card(say("record.grade_heading", concern=title)):
        options = {grade: f"{grade} {say(f'grade.{grade}')}" for grade in GRADES}
        chosen = ui.toggle(options).props("no-caps unelevated spread").classes("pen-grades")
        ui.label(say("record.photos")).classes("pen-quiet")

        async def keep() -> None:
            if chosen.value is None:
                return
            try:
                await asyncio.to_thread(
                    keep_grade, client, concern, int(chosen.value), visit.operator, visit.record_id
                )
            except errors.PenError as problem:
                tell(problem)
                return
            told.set_text(say("record.grade_kept", grade=chosen.value))

        look.button(say("record.grade_keep"), keep, plain=True)
        told = ui.label().props("role=status")


def keep_grade(client: str, concern: str, grade: int, by: str, record_id: str) -> None:
    """Append the grade to the records; raises PenError."""
    from host_controller import dates
    from host_controller.records import notes
    from host_controller.records.store import Store

    store = Store.open()
    try:
        notes.score(store, client, concern, grade, dates.today(), by, record_id)
    finally:
        store.close()


def _pdf(kind: str, visit: Visit, session_of: Callable[[str], SessionRecord]) -> bytes:
    from host_controller.reports.aftercare import leaflet, read_texts
    from host_controller.reports.treatment_report import treatment_report

    session = session_of(visit.record_id)
    if kind == "report":
        return treatment_report(session)
    return leaflet(session, read_texts(), due_on(visit, session))
