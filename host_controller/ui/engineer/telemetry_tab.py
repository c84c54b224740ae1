"""Telemetry: plots, pause, span, export, record and replay. Owns what this window looks at."""

import asyncio
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from nicegui import ui

from host_controller import errors, telemetry_csv, words
from host_controller.ui.catalogue import Texts
from host_controller.ui.desk import CONNECTED
from host_controller.ui.engineer import replay
from host_controller.ui.engineer.link_facts import LinkFacts
from host_controller.ui.engineer.parts import Choice, Hands, cell, html, small
from host_controller.ui.engineer.plots import Plots
from host_controller.ui.engineer.recording import Recording, kept
from host_controller.ui.engineer.replay import Replay
from host_controller.ui.engineer.tail import Tail
from host_controller.ui.engineer.workshop import Workshop
from host_controller.ui.problems import tell

if TYPE_CHECKING:
    from host_controller.replies import Reading

SPANS_S = (10, 30, 60, 120)
PUSH_S = 0.1  # ten times a second is smooth enough to read, and half the work of twenty
KEPT = 250_000  # an hour and more of a replay
CHUNK = 3000  # readings of a replay at once; more would hold up the pages


class TelemetryTab:
    """One window's telemetry."""

    def __init__(self, say: Texts, workshop: Workshop, hands: Hands) -> None:
        self._say = say
        self._workshop = workshop
        self._hands = hands
        self._tail = Tail(workshop.desk.readings, from_start=True)
        self._link = LinkFacts()
        self._replay: Replay | None = None
        self._held: list[Reading] | None = None  # what was known when the plots were paused
        self._shown = False
        self._ready = False
        self._pushed_s = 0.0
        self._backlog: deque[Reading] = deque()
        self._pushed: deque[Reading] = deque(
            maxlen=KEPT
        )  # what the browser has got, for the export
        self._bar()
        self._choosing = ui.column().classes("w-full")
        self._banner = ui.row().classes("pen-amber eng-replay-banner items-center justify-between")
        self._banner.set_visibility(False)
        with ui.row().classes("eng-status"):  # on the first line of the plots
            self._recording = ui.label().classes("eng-rec").props("role=status")
            self._facts = ui.label().classes("eng-fact")
            self._facts.tooltip(say("engineer.link_hint"))
        self._plots = Plots(say)
        self._plots.on("ready", self._on_ready, args=[])
        self._plots.on("shown", lambda event: self._on_shown(bool(event.args["visible"])))
        self._plots.on("paused", lambda event: self._on_paused(bool(event.args["paused"])))
        ui.label(say("engineer.plot_hint")).classes("eng-fact")

    def _bar(self) -> None:
        say, hands = self._say, self._hands
        with ui.element("div").classes("eng-bar"):
            self._pause = small(say("engineer.pause"), self._toggle_pause)
            self._pause.props('aria-pressed="false"')
            spans = {seconds: f"{seconds} s" for seconds in SPANS_S} | {0: say("engineer.all")}
            Choice(say("engineer.span"), spans, 30, self._set_span)
            small(say("engineer.export"), self._export)
            self._record = small(say("engineer.record"), self._toggle_record, hands=hands)
            self._open = small(say("engineer.replay"), self._choose_replay, hands=hands)

    # --- what the browser tells -------------------------------------------------------------------

    def _on_ready(self) -> None:
        self._plots.greet()
        if not self._ready:
            self._ready = self._shown = True

    def _on_shown(self, visible: bool) -> None:
        self._shown = visible

    def _on_paused(self, paused: bool) -> None:
        self._held = list(self._pushed) if paused else None
        self._pause.props(f'aria-pressed="{"true" if paused else "false"}"')
        self._pause.set_text(self._say("engineer.go_on" if paused else "engineer.pause"))

    # --- buttons ----------------------------------------------------------------------------------

    def _set_span(self, seconds: int) -> None:
        self._plots.set_span(seconds)

    def _toggle_pause(self) -> None:
        self._plots.hold(self._held is None)

    async def _export(self) -> None:
        """What is on the screen, as the pen sent it."""
        count, after = await self._plots.extent()
        readings = self._held if self._held is not None else list(self._pushed)
        chosen = readings[: len(readings) - after][-count:] if count else []
        if not chosen:
            ui.notify(self._say("engineer.nothing"), position="top")
            return
        text = await asyncio.to_thread(telemetry_csv.text, chosen)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        name = self._replay.name.removesuffix(".csv") + "-part" if self._replay else "telemetry"
        ui.download(text.encode("ascii"), f"{name}-{stamp}.csv", "text/csv")

    async def _toggle_record(self) -> None:
        workshop = self._workshop
        try:
            if workshop.recording is None:
                readings, serial = workshop.desk.readings, workshop.serial or "pen"
                workshop.recording = await asyncio.to_thread(Recording, readings, serial)
                return
            recording, workshop.recording = workshop.recording, None
            await asyncio.to_thread(recording.end)
        except errors.PenError as problem:
            tell(problem)
            return
        ui.notify(self._say("engineer.recorded", path=recording.path), position="top", timeout=8000)

    async def _choose_replay(self) -> None:
        """Which one: in the page, a dialog would lie over STOP."""
        say = self._say
        names = {str(path): path.name for path in await asyncio.to_thread(kept)}
        self._choosing.clear()
        with self._choosing, ui.row().classes("pen-card w-full items-center gap-3"):
            if not names:
                ui.label(say("engineer.no_recordings"))
            else:
                field = ui.select(names, label=say("engineer.recording"), value=next(iter(names)))
                field.classes("w-96").props("outlined")
                small(say("engineer.play"), lambda: self.play(Path(str(field.value))), main=True)
            small(say("engineer.cancel"), self._choosing.clear)

    async def play(self, path: Path) -> None:
        """Replay a file in this window."""
        try:
            readings = await asyncio.to_thread(replay.load, path)
        except errors.PenError as problem:
            tell(problem)
            return
        self._choosing.clear()
        self._replay = Replay(path.name, readings, time.monotonic())
        self._begin_anew(path.name)
        self._show_banner()

    def _back(self) -> None:
        self._replay = None
        self._tail = Tail(self._workshop.desk.readings, from_start=True)
        self._begin_anew("")
        self._banner.set_visibility(False)

    def _begin_anew(self, name: str) -> None:
        self._backlog.clear()
        self._pushed.clear()
        self._held = None
        self._plots.set_replay(name)

    def _show_banner(self) -> None:
        say, player = self._say, self._replay
        assert player is not None
        self._banner.clear()
        self._banner.set_visibility(True)
        with self._banner:
            with ui.column().classes("gap-0 grow"):
                html(f"<b>REPLAY</b> {cell(player.name, 'eng-mono')}")
                ui.label(say("engineer.replay_of")).classes("text-sm")
            self._where = ui.label().classes("eng-mono")
            with ui.element("div").classes("eng-bar").style("width: auto"):
                speeds = {speed: f"{speed}×" for speed in replay.SPEEDS if speed}
                Choice(
                    say("engineer.speed"),
                    speeds | {0: say("engineer.at_once")},
                    player.speed,
                    lambda speed: player.set_speed(speed, time.monotonic()),
                )
                small(say("engineer.live"), self._back, main=True)

    # --- what is shown ----------------------------------------------------------------------------

    def refresh(self) -> None:
        """New samples to the plots, a few words beside them; nothing while nobody looks."""
        now_s = time.monotonic()
        self._show_recording(now_s)
        if not self._shown or now_s - self._pushed_s < PUSH_S:
            return
        self._pushed_s = now_s
        if self._replay is not None:
            if self._held is None:
                self._backlog.extend(self._replay.due(now_s))
            self._replay.wait(now_s)
            self._where.set_text(
                f"{words.minutes(self._replay.played_ms)} / {words.minutes(self._replay.length_ms)}"
            )
            self._link.take(self._tail.take(), now_s)  # the pen goes on meanwhile
        else:
            fresh = self._tail.take()
            self._link.take(fresh, now_s)
            self._backlog.extend(fresh)
        count = min(CHUNK, len(self._backlog))
        chunk = [self._backlog.popleft() for _ in range(count)]
        self._pushed.extend(chunk)
        self._plots.push(chunk)
        self._facts.set_text(self._fact_words(now_s))

    def _fact_words(self, now_s: float) -> str:
        desk = self._workshop.desk
        if desk.view.link != CONNECTED:
            return self._say("engineer.no_pen")
        facts, reading = self._link.facts(now_s), desk.view.reading
        if reading is None:
            return ""
        return self._say(
            "engineer.link",
            hz=f"{facts.rate_hz:.0f}",
            lost=facts.lost,
            bad=reading.frames_bad,
            late=reading.ticks_late,
        )

    def _show_recording(self, now_s: float) -> None:
        recording = self._workshop.recording
        self._record.set_text(self._say("engineer.record_end" if recording else "engineer.record"))
        self._record.props(f'aria-pressed="{"true" if recording else "false"}"')
        text = ""
        if recording is not None:
            took = words.minutes(round((now_s - recording.began_s) * 1000))
            state = "recording_now" if recording.running else "recording_broken"
            text = self._say(f"engineer.{state}", time=took, rows=recording.rows)
        self._recording.set_text(text)
