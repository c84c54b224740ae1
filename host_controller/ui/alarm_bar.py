"""The alarms in a window: the most urgent in full, the others by their number, the log on demand.

Colour, a mark (***, **, *), the word and the number say the same. Owns what it has drawn.
"""

from collections.abc import Awaitable, Callable

from nicegui import ui

from host_controller.ui import alarms
from host_controller.ui.alarm_log import AlarmLog, can_be_seen
from host_controller.ui.catalogue import Texts
from protocol.texts import PRIORITY_HIGH, PRIORITY_LOW, PRIORITY_MEDIUM

MARKS = {PRIORITY_HIGH: "***", PRIORITY_MEDIUM: "**", PRIORITY_LOW: "*"}


class AlarmBar:
    """The bar is made in `header`, its small buttons in `tools`; `refresh` brings it up to date."""

    def __init__(
        self,
        say: Texts,
        log: AlarmLog,
        acknowledge: Callable[[], Awaitable[object]],
        header: ui.element,
        tools: ui.element,
    ) -> None:
        self._say = say
        self._log = log
        self._acknowledge = acknowledge
        self._drawn: tuple[int, bool, bool] = (-1, False, False)
        self._tone: str | None = None
        with tools:
            self._mute = ui.button(icon="volume_up", on_click=self._turn, color=None)
            self._mute.props("flat round").classes("pen-tool")
            self._count = ui.button(on_click=self._open, color=None, icon="notifications")
            self._count.props("flat no-caps aria-expanded=false").classes("pen-tool")
        with header:
            self._bar = ui.element("div").classes("pen-alarm")
        # In the page and not over it: a dialog's backdrop would take the click on STOP.
        with header, ui.element("section").classes("pen-alarm-log") as self._panel:
            self._panel.props(f'aria-label="{say("alarms.log")}"')
            self._rows = ui.element("div").classes("w-full")
        self._panel.set_visibility(False)

    def refresh(self, controls: bool, sounds: bool) -> None:
        """`controls`: this window may acknowledge; `sounds`: it is the one that gives the tones."""
        tone = self._log.tone if sounds else ""
        if tone != self._tone:
            self._tone = tone
            ui.run_javascript(f"penTone('{tone}')")
        drawn = (self._log.version, controls, sounds)
        if drawn != self._drawn:
            self._drawn = drawn
            self._draw(controls)

    def _draw(self, controls: bool) -> None:
        say, log = self._say, self._log
        key = "alarms.unmute" if log.muted else "alarms.mute"
        self._mute.set_icon("volume_off" if log.muted else "volume_up")
        self._mute.props(f'aria-label="{say(key)}" aria-pressed={"true" if log.muted else "false"}')
        count = str(len(log.rows)) if log.rows else ""
        self._count.set_text(count)
        self._count.props(f'aria-label="{say("alarms.log")} {count}"')
        self._bar.clear()
        first = next(iter(log.current), None)
        self._bar.set_visibility(first is not None)
        self._bar.props(f"role={'alert' if first else 'none'}")
        for priority in MARKS:
            here = first is not None and first.priority == priority
            self._bar.classes(
                add=f"pen-{priority}" if here else "", remove="" if here else f"pen-{priority}"
            )
        if first is not None:
            with self._bar:
                self._draw_first(first, controls)
        self._draw_log()

    def _draw_first(self, alarm: alarms.Alarm, controls: bool) -> None:
        say = self._say
        sentence, next_step = alarms.words(say, alarm)
        with ui.element("div").classes("pen-alarm-mark"):
            ui.label(MARKS[alarm.priority]).classes("pen-alarm-stars").props("aria-hidden=true")
            ui.label(f"{say(f'alarms.{alarm.priority}')} {alarm.number}")
        with ui.element("div").classes("pen-alarm-text"):
            ui.label(sentence).classes("pen-alarm-sentence")
            ui.label(next_step)
            others = self._log.current[1:]
            if others:
                numbers = ", ".join(f"{MARKS[o.priority]} {o.number}" for o in others)
                ui.label(f"{say('alarms.more', count=len(others))}: {numbers}")
            if self._log.muted:
                ui.label(say("alarms.muted"))
            ui.label(say("alarms.silent")).classes("pen-no-sound")
        if controls and alarm.number[0] == "F":
            self._button("alarms.acknowledge", self._acknowledge)
        elif can_be_seen(alarm):
            self._button("alarms.seen", lambda: self._log.see(alarm.number))

    def _button(self, key: str, on_click: Callable[[], object]) -> None:
        made = ui.button(self._say(key), on_click=on_click, color=None)
        made.props("no-caps unelevated").classes("pen-plain pen-alarm-button")

    def _draw_log(self) -> None:
        say = self._say
        self._rows.clear()
        with self._rows:
            if not self._log.rows:
                ui.label(say("alarms.none")).classes("pen-quiet")
            for row in reversed(self._log.rows):
                sentence, next_step = alarms.words(say, row.alarm)
                until = f"{row.until:%H:%M:%S}" if row.until else say("alarms.now")
                with ui.element("div").classes(f"pen-log pen-log-{row.alarm.priority}"):
                    ui.label(
                        f"{MARKS[row.alarm.priority]} {say(f'alarms.{row.alarm.priority}')} "
                        f"{row.alarm.number} · {say('alarms.from')} {row.since:%H:%M:%S} "
                        f"{say('alarms.until')} {until}"
                    ).classes("font-bold")
                    ui.label(sentence)
                    ui.label(next_step).classes("pen-quiet")

    def _turn(self) -> None:
        self._log.mute(not self._log.muted)

    def _open(self) -> None:
        self._panel.set_visibility(not self._panel.visible)
        self._count.props(f"aria-expanded={'true' if self._panel.visible else 'false'}")
