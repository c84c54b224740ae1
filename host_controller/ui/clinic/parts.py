"""Small parts of the clinic's page: tables with buttons in them, words of short lists. Own nothing.

A table is one element with one listener, not a thousand: a list of a hundred rows costs the loop
no more than its text.
"""

import functools
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from datetime import date, datetime
from html import escape
from typing import Any, ParamSpec

from nicegui import events, ui

from host_controller import errors
from host_controller.library.library import Library
from host_controller.ui import look
from host_controller.ui.catalogue import Texts
from host_controller.ui.problems import tell, words

P = ParamSpec("P")
Load = Callable[[Any], Coroutine[Any, Any, None]]
LIBRARIES_SPEAK = "en"

_PRESSED = """(event) => {
  const pressed = event.target.closest('[data-do]');
  if (pressed) emit(pressed.dataset.do, pressed.dataset.of);
}"""


def action(text: str, do: str, of: str, *, main: bool = False, label: str = "") -> str:
    """A button for a cell of `table`: pressed, it tells what to do, and with what."""
    kind = "clinic-row-button clinic-main" if main else "clinic-row-button"
    return (
        f"<button type='button' class='{kind}' data-do='{escape(do, quote=True)}'"
        f" data-of='{escape(of, quote=True)}' aria-label='{escape(label or text, quote=True)}'>"
        f"{escape(text)}</button>"
    )


def cell(text: object, kind: str = "") -> str:
    """Text for a cell of `table`, with one of our classes."""
    return f"<span class='{kind}'>{escape(str(text))}</span>" if kind else escape(str(text))


def table(
    caption: str,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    on_action: Callable[[str, str], object] | None = None,
    numbers: Sequence[int] = (),
) -> ui.html:
    """A table; cells are HTML made by `cell` and `action`, columns `numbers` stand right."""
    kinds = [" class='clinic-num'" if at in numbers else "" for at in range(len(header))]
    head = "".join(
        f"<th scope='col'{kind}>{escape(name)}</th>"
        for name, kind in zip(header, kinds, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{kind}>{text}</td>" for text, kind in zip(row, kinds, strict=True))
        + "</tr>"
        for row in rows
    )
    made = ui.html(
        f"<table class='clinic-table'><caption class='clinic-unseen'>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>",
        sanitize=False,
    ).classes("clinic-scroll w-full")
    made.props(f'tabindex=0 role=region aria-label="{escape(caption, quote=True)}"')
    if on_action is not None:

        def pressed(event: events.GenericEventArguments) -> object:
            do, of = (str(value) for value in event.args)
            return on_action(do, of)

        made.on("click", pressed, js_handler=_PRESSED)
    return made


def heading(text: str) -> None:
    """The heading of a part of a card."""
    ui.html(f"<h3 class='clinic-h3'>{escape(text)}</h3>", sanitize=False)


def empty(text: str, next_step: str) -> None:
    """What is shown where there is nothing yet, and what to do about it."""
    with ui.column().classes("clinic-empty gap-1"):
        ui.label(text).classes("text-lg font-bold")
        ui.label(next_step).classes("pen-quiet")


def choice(
    label: str, options: dict[str, str], value: str, chosen: Callable[[str], object]
) -> ui.element:
    """A row of buttons of which one is pressed."""
    row = ui.element("div").classes("clinic-choice")
    row.props(f'role=group aria-label="{escape(label, quote=True)}"')
    made: dict[str, ui.button] = {}

    def take(option: str) -> object:
        for other, one in made.items():
            one.props(f"aria-pressed={'true' if other == option else 'false'}")
        return chosen(option)

    with row:
        for option, text in options.items():
            made[option] = small(text, functools.partial(take, option))
            made[option].props(f"aria-pressed={'true' if option == value else 'false'}")
    return row


def small(text: str, on_click: Callable[[], object], *, main: bool = False) -> ui.button:
    """A button of 44 px."""
    made = look.button(text, on_click, plain=not main)
    return made.classes("clinic-button clinic-main" if main else "clinic-button")


def notice(text: str) -> None:
    """A word about what was asked for; never over STOP."""
    ui.notify(text, type="warning", position="top", timeout=8000, close_button="OK")


def telling(job: Callable[P, Awaitable[Any]]) -> Callable[P, Awaitable[None]]:
    """`job`, whose PenError becomes a notice that stays."""

    @functools.wraps(job)
    async def told(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            await job(*args, **kwargs)
        except errors.PenError as problem:
            tell(problem)

    return told


def shown_in(place: str) -> Callable[[Load], Load]:
    """A tab's `load`, whose PenError stands in `place` with a way to ask again."""

    def wrapped(load: Load) -> Load:
        @functools.wraps(load)
        async def shown(tab: Any) -> None:
            try:
                await load(tab)
            except errors.PenError as problem:
                column: ui.column = getattr(tab, place)
                if column.is_deleted:
                    return
                column.clear()
                with column:
                    told = words(problem)
                    empty(
                        f"{told.number} {told.sentence}", f"{told.cause} {told.next_step}".strip()
                    )
                    small(tab.clinic.say("clinic.try_again"), functools.partial(shown, tab))

        return shown

    return wrapped


def day(moment: datetime | date | None) -> str:
    """A day where this computer is, or a dash."""
    if moment is None:
        return "–"
    local = moment.astimezone().date() if isinstance(moment, datetime) else moment
    return local.isoformat()


def concerns(say: Texts, library: Library, *, short: bool = False) -> dict[str, str]:
    """Concerns in words: the library's own, in another language those the catalogue knows.

    `short`: for a list to choose from, by their names.
    """
    titles = library.indications
    if say.language == LIBRARIES_SPEAK:
        return {name: name.replace("-", " ") for name in titles} if short else dict(titles)
    keys = {name: f"concern.{name.replace('-', '_')}" for name in titles}
    return {name: say(key) if say.knows(key) else titles[name] for name, key in keys.items()}


def word(say: Texts, section: str, name: str) -> str:
    """A word of a short list in the page's language, else as it is."""
    for key in (f"{section}.{name}", f"{section}.{name.replace(' ', '_').replace('-', '_')}"):
        if say.knows(key):
            return say(key)
    return name
