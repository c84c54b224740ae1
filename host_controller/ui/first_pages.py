"""The steps before the plan: who and what for, then the questions. Own nothing."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from host_controller import errors
from host_controller.courses.history import History
from host_controller.planning.basis import FITZPATRICK
from host_controller.planning.screening import NO, QUESTIONS, REASONS, YES, Answer
from host_controller.records.pseudonyms import is_pseudonym
from host_controller.ui import look
from host_controller.ui.catalogue import Texts
from host_controller.ui.clinic.parts import concerns
from host_controller.ui.problems import tell
from host_controller.ui.visit import PLAN, Visit

Next = Callable[[], None]


def client_page(
    say: Texts, visit: Visit, history_of: Callable[[str], Awaitable[History]], turn: Next
) -> None:
    """Number, concern, skin type, staff code."""
    with look.card(say("client.heading")):
        ui.label(say("client.library", name=visit.library.name)).classes("pen-quiet")
        expected = visit.expected
        number = ui.input(say("client.number"), value=expected.client).classes("w-full")
        number.props("outlined autofocus")
        titles = concerns(say, visit.library, short=True)
        concern = ui.select(
            titles,
            value=expected.concern if expected.concern in titles else None,
            label=say("client.concern"),
        ).props("outlined")
        skin = ui.select(
            list(FITZPATRICK), value=expected.fitzpatrick or None, label=say("client.fitzpatrick")
        ).props("outlined")
        operator = ui.input(say("client.operator"), value=visit.operator).props("outlined")
        for field in (concern, skin, operator):
            field.classes("w-full")
        if expected.again is not None:
            zones = ", ".join(say.zone(zone) for zone in expected.again.zones)
            ui.label(say("client.again", client=expected.client, zones=zones)).classes("pen-quiet")

        async def begin() -> None:
            client = str(number.value or "").strip()
            try:
                history = await history_of(client) if is_pseudonym(client) else History(client)
                visit.begin(
                    client,
                    str(concern.value or ""),
                    str(skin.value or ""),
                    str(operator.value or "").strip(),
                    history,
                )
            except errors.PenError as problem:
                tell(problem)
                return
            if not history.known:
                ui.notify(say("client.records_away"), type="warning", position="top", timeout=0,
                          close_button="OK")  # fmt: skip
            turn()

        look.button(say("client.next"), begin)


def checklist_page(say: Texts, visit: Visit, turn: Next) -> None:
    """Every question; none has an answer before it is given."""
    assert visit.request is not None
    with look.card(say("checklist.heading", client=visit.request.client)):
        left = ui.label().classes("pen-quiet")
        rows: dict[str, ui.toggle] = {}
        reasons: dict[str, tuple[ui.select, ui.input]] = {}
        for key in QUESTIONS:
            question = say(f"question.{key}")
            with ui.row().classes("w-full items-center justify-between"):
                ui.label(question).classes("text-lg")
                rows[key] = ui.toggle({NO: say("checklist.no"), YES: say("checklist.yes")}).props(
                    f'no-caps size=lg aria-label="{question}"'
                )
            with ui.row().classes("w-full items-center") as decision:
                why = ui.select(
                    {word: say(f"decision.{word}") for word in REASONS},
                    label=say("checklist.decided"),
                ).classes("w-96")
                by = ui.input(say("checklist.by"))
            decision.bind_visibility_from(rows[key], "value", value=YES)
            reasons[key] = (why, by)

        def take() -> None:
            for key, row in rows.items():
                why, by = reasons[key]
                who = str(by.value or "").strip()
                if row.value == NO:
                    visit.answers[key] = Answer(yes=False)
                elif row.value == YES and why.value and is_pseudonym(who):
                    visit.answers[key] = Answer(True, str(why.value), who)
                else:
                    visit.answers.pop(key, None)
            missing = len(visit.unanswered())
            left.set_text(say("checklist.missing", count=missing) if missing else "")

        def go() -> None:
            take()
            if not visit.unanswered():
                visit.step = PLAN
                turn()

        def nothing_found() -> None:
            for row in rows.values():
                row.set_value(NO)

        with ui.row().classes("gap-4"):
            look.button(say("checklist.all_no"), nothing_found, plain=True)
            look.button(say("checklist.next"), go)
        take()
