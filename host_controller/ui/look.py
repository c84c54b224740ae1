"""What every page has: header, the state in large letters, STOP in one place, notices of a loss.

STOP is the same button on every page; it works by a request of its own (`static/pen.js`), so that
it needs neither this program's pages nor control. Shows what the pen says. Owns nothing.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nicegui import ui

from host_controller.library.library import Library
from host_controller.ui.catalogue import Texts
from host_controller.ui.desk import CONNECTED, LOST, Desk, View
from host_controller.ui.problems import words as told
from host_controller.ui.visit import STEPS, TREAT, Visit

REFRESH_S = 0.05
TREATMENT, CLINIC, ENGINEER = AREAS = ("treatment", "clinic", "engineer")


def state_words(say: Texts, view: View) -> str:
    """The pen's state, or that there is none."""
    if view.reading is None or view.link != CONNECTED:
        return say(f"link.{view.link}")  # what it said last is no longer its state
    return say(f"state.{view.reading.state}")


def button(text: str, on_click: object, *, plain: bool = False) -> ui.button:
    """One of our buttons: large enough for a glove."""
    made = ui.button(text, on_click=on_click, color=None)  # type: ignore[arg-type]
    return made.props("no-caps unelevated").classes("pen-plain" if plain else "pen-button")


class Frame:
    """Header and footer of one window; `refresh` brings them up to date."""

    def __init__(self, say: Texts, desk: Desk, go: Callable[[str], None]) -> None:
        self._say = say
        self._desk = desk
        self._shown = ""
        dark = ui.dark_mode(value=None)
        with ui.header(elevated=False).classes("pen-header items-center justify-between") as header:
            self.header = header
            with ui.column().classes("gap-0"):
                with ui.row().classes("items-center gap-3"):
                    ui.html(f"<h1 class='pen-h1'>{say('program.title')}</h1>", sanitize=False)
                    self._mark = ui.label(say("program.simulated")).classes("pen-mark")
                with ui.row().classes("gap-3 pen-quiet"):
                    self._pen = ui.label()
                    self._library = ui.label()
            with ui.row().classes("items-center gap-2 no-wrap") as tools:
                self.tools = tools
                name = f'aria-label="{say("program.areas")}"'
                with ui.element("nav").classes("pen-areas").props(name):
                    self._areas = {area: self._area_button(area, go) for area in AREAS}
                ui.button(icon="contrast", on_click=dark.toggle, color=None).props(
                    f'flat round aria-label="{say("program.light_dark")}"'
                ).classes("pen-tool")
        with ui.footer(elevated=False).classes("pen-footer items-center justify-between no-wrap"):
            with ui.column().classes("gap-0"):
                told = ("pressed", "sent", "taken", "unheard")
                words = "".join(f' data-{word}="{say(f"stop.{word}")}"' for word in told)
                # Side by side: words that made the footer taller would lay the page out anew, and
                # the second word of a STOP would wait for that.
                with ui.element("div").classes("pen-said"):
                    self._state = ui.label().classes("pen-state").props("role=status")
                    ui.html(f'<div id="pen-stop-told" role="alert"{words}></div>', sanitize=False)
                self._hint = ui.label().classes("pen-quiet")
            stop = (
                ui.button(say("stop.button"), color=None)
                .props("no-caps unelevated")
                .classes("pen-stop")
            )
            stop.on("click", js_handler="() => penStop()")
            stop.props(f'aria-label="{say("stop.button")} {say("stop.hint")}"')
        ui.html(f"<div id='pen-gone' role='alert' hidden>{say('link.gone')}</div>", sanitize=False)

    def _area_button(self, area: str, go: Callable[[str], None]) -> ui.button:
        made = ui.button(self._say(f"program.{area}"), on_click=lambda: go(area), color=None)
        return made.props("no-caps flat").classes("pen-area")

    def refresh(self, area: str, library: Library) -> None:
        """Show the pen's state; called often, sends what has changed."""
        words = map(self._say.of_library, (library.state, library.approval))
        self._library.set_text(" · ".join((library.name, *words)))
        for name, made in self._areas.items():
            made.props(
                "aria-current=page" if name == area else "",
                remove="" if name == area else "aria-current",
            )
        view = self._desk.view
        self._state.set_text(state_words(self._say, view))
        self._mark.set_visibility(bool(view.simulated))
        running = view.moving and view.link == CONNECTED
        self._state.classes(
            add="pen-running" if running else "", remove="" if running else "pen-running"
        )
        if view.identity is not None:
            self._pen.set_text(f"{view.identity.serial} · {view.identity.firmware}")
        self._hint.set_text(self._hint_text(view))

    def _hint_text(self, view: View) -> str:
        if view.link == LOST:
            seconds = int(time.monotonic() - view.heard_s)
            return self._say("link.old", seconds=seconds)
        if view.problem is not None:
            return str(told(view.problem)._replace(cause=""))
        return self._say("program.notice")


def steps(say: Texts, visit: Visit, back: Callable[[str], None]) -> None:
    """Where the visit stands; a step that is behind it can be gone back to until the treatment."""
    here = STEPS.index(visit.step)
    with ui.element("ol").classes("pen-steps").style("padding: 0; margin: 0"):
        for number, step in enumerate(STEPS):
            current = "aria-current=step" if number == here else ""
            with ui.element("li").props(current):
                if number < here < STEPS.index(TREAT):
                    made = ui.button(say(f"step.{step}"), color=None)
                    made.props("no-caps flat dense").classes("pen-back")
                    made.on_click(lambda step=step: back(step))
                else:
                    ui.label(say(f"step.{step}"))


@contextmanager
def card(heading: str) -> Iterator[None]:
    """A part of a page with its heading."""
    with ui.column().classes("pen-card w-full gap-3"):
        ui.html(f"<h2 class='pen-h2'>{heading}</h2>", sanitize=False)
        yield
