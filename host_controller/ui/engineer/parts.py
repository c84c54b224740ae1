"""Small parts of the engineer's page: buttons, tables, safe HTML. Own nothing."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from html import escape

from nicegui import ui

from host_controller.ui import look
from host_controller.ui.catalogue import Texts


class Hands:
    """Whether this window controls, and what only a window that does may press. Owns the list."""

    def __init__(self, holds: Callable[[], bool]) -> None:
        self._holds = holds
        self._guarded: list[ui.button | ui.input] = []
        self._held = holds()

    @property
    def held(self) -> bool:
        """Whether this window controls now."""
        return self._holds()

    def guard(self, element: ui.button | ui.input) -> None:
        """Keep it enabled as long as this window controls."""
        self._guarded.append(element)
        element.set_enabled(self._held)

    def refresh(self) -> None:
        """Follow a change of control; called often."""
        held = self._holds()
        if held == self._held:
            return
        self._held = held
        self._guarded = [element for element in self._guarded if not element.is_deleted]
        for element in self._guarded:
            element.set_enabled(held)


def small(
    text: str,
    on_click: Callable[[], object],
    *,
    main: bool = False,
    hands: Hands | None = None,
) -> ui.button:
    """A button of 44 px; with `hands` it works in the window that controls alone."""

    def click() -> object:
        return on_click() if hands is None or hands.held else None

    made = look.button(text, click, plain=True)
    made.classes("eng-button eng-main" if main else "eng-button", remove="pen-plain pen-button")
    if hands is not None:
        hands.guard(made)
    return made


class Choice:
    """A row of buttons of which one is pressed."""

    def __init__(
        self, label: str, options: dict[int, str], value: int, chosen: Callable[[int], object]
    ) -> None:
        self.value = value
        self._chosen = chosen
        self._made: dict[int, ui.button] = {}
        with ui.element("div").classes("eng-group").props(f'role="group" aria-label="{label}"'):
            for option, text in options.items():
                self._made[option] = small(text, partial(self._take, option))
        self._show()

    def _take(self, option: int) -> None:
        self.value = option
        self._show()
        self._chosen(option)

    def _show(self) -> None:
        for option, made in self._made.items():
            made.props(f'aria-pressed="{"true" if option == self.value else "false"}"')


def table(header: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """A table as HTML; cells are given as HTML (`cell` makes it of text)."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in header)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<table class="eng-table" aria-label="{escape(caption)}">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def cell(text: object, kind: str = "") -> str:
    """Text as HTML, with one of our classes."""
    return f'<span class="{kind}">{escape(str(text))}</span>' if kind else escape(str(text))


def html(content: str) -> ui.html:
    """Our own HTML; every text in it has gone through `escape`."""
    return ui.html(content, sanitize=False).classes("w-full")


def fault_words(say: Texts, fault: int, sentence: str, next_step: str) -> tuple[str, str]:
    """Sentence and next step of a fault, in the page's language where it has them."""
    key = f"alarm.f{fault:02d}"
    if say.knows(key) and say.knows(f"{key}_do"):
        return say(key), say(f"{key}_do")
    return sentence, next_step
