"""The course of one concern: its sessions and grades drawn, when the next is due. Owns no state."""

from nicegui import ui

from host_controller import dates
from host_controller.courses import following, interval, progress
from host_controller.courses.history import History
from host_controller.library.library import Library
from host_controller.ui.catalogue import Texts
from host_controller.ui.clinic import parts
from host_controller.ui.clinic.course_chart import Point, Words, course_chart


def concerns_of(history: History) -> list[str]:
    """Concerns of sessions and grades, the newest first."""
    found = [session.concern for session in history.sessions if session.concern]
    found += [score.concern for score in reversed(history.scores)]
    return list(dict.fromkeys(found))


def points_of(history: History, concern: str) -> list[Point]:
    """The treated sessions of a concern, oldest first."""
    treated = [s for s in history.sessions if s.concern == concern and s.treated_zones]
    return [
        Point(
            interval.day_of(session),
            {zone.zone: zone.depth_um for zone in session.treated_zones},
            {zone.zone: zone.punctures_per_cm2 for zone in session.treated_zones},
        )
        for session in sorted(treated, key=lambda session: session.begun)
    ]


def course(say: Texts, library: Library, history: History, concern: str) -> None:
    """The course of one concern, drawn, with what has to be said about it."""
    nxt = following.following(history, library, concern)
    points, graded = points_of(history, concern), progress.of(history, concern)
    name = parts.concerns(say, library).get(concern, concern)
    with ui.column().classes("w-full gap-1 clinic-course"):
        parts.heading(name)
        if nxt is not None:
            ui.label(_facts(say, nxt)).classes("text-base")
        for text in _remarks(say, history, concern):
            ui.label(text).classes("pen-amber")
        grades = [(score.on, score.grade) for score in graded.scores]
        if points or grades:
            zones = {zone: say.zone(zone) for point in points for zone in point.depths_um}
            texts = Words(
                title=say("clinic.chart", concern=name, client=history.client),
                depth=say("clinic.chart_depth"),
                dose=say("clinic.chart_dose"),
                grade=say("clinic.chart_grade"),
                due=say("clinic.chart_due", day=nxt.due) if nxt else "",
                zones=zones,
            )
            drawing = course_chart(points, grades, nxt.due if nxt else None, texts)
            ui.html(drawing, sanitize=False).classes("w-full")


def _facts(say: Texts, nxt: following.Following) -> str:
    days = (nxt.due - dates.today()).days
    when = say("clinic.today") if days == 0 else (
        say("clinic.days_left", days=days) if days > 0 else say("clinic.days_over", days=-days)
    )  # fmt: skip
    key = "clinic.course_begun" if nxt.sessions == 1 else "clinic.course_facts"
    return say(key, count=nxt.sessions, last=nxt.last, due=nxt.due, when=when)


def _remarks(say: Texts, history: History, concern: str) -> list[str]:
    last = following.last_of(history, concern)
    graded, found = progress.of(history, concern), []
    if last is not None and last.outcome != "complete":
        outcome = parts.word(say, "outcome", last.outcome)
        found.append(say("clinic.unfinished", outcome=outcome))
    if graded.change is not None and graded.change < 0:
        found.append(say("clinic.worse"))
    elif graded.unchanged >= 3:
        found.append(say("clinic.unchanged", count=graded.unchanged))
    return found
