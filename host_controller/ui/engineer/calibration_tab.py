"""The calibration wizard: home, three depths, the rate, the write. May be left and taken up again.

What is done stands in the workshop and on the disk; a window only shows it. Owns what it has drawn.
"""

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import background_tasks, ui

from host_controller import errors
from host_controller.calibration import trim
from host_controller.calibration.depth_check import DEPTHS_UM
from host_controller.calibration.progress import DEPTH, HOME, RATE, WRITE, Progress
from host_controller.ui import look
from host_controller.ui.catalogue import Texts
from host_controller.ui.engineer import calibration_jobs as jobs
from host_controller.ui.engineer import calibration_words as shown
from host_controller.ui.engineer.calibration_bench import CalibrationBench
from host_controller.ui.engineer.calibration_run import RunPanel
from host_controller.ui.engineer.parts import Hands, cell, html, small, table
from host_controller.ui.engineer.workshop import Workshop
from host_controller.ui.problems import tell, words

Step = Callable[[], Awaitable[None]]
_SHOW = "document.querySelector('.%s')?.scrollIntoView({block: 'nearest'})"


class CalibrationTab:
    """One window's wizard."""

    def __init__(self, say: Texts, workshop: Workshop, hands: Hands) -> None:
        self._say = say
        self._workshop = workshop
        self._hands = hands
        self._drawn: object = None
        self._busy = False
        self._panel: RunPanel | None = None
        self._bench = CalibrationBench(say, workshop, hands) if workshop.hand else None
        self._content = ui.column().classes("w-full gap-2")

    def refresh(self) -> None:
        """Take up the connected pen, feed the samples, draw what has changed."""
        workshop = self._workshop
        serial = workshop.serial
        if serial and workshop.loaded_for != serial:
            workshop.loaded_for = serial
            background_tasks.create(jobs.take_up(workshop))
        run, reading = workshop.run, workshop.desk.view.reading
        if run is not None:
            run.samples.take(run.tail.take())
        written = workshop.written
        waits = written is not None and not written.get("in_use")
        written_ms = int(written["t_ms"]) if written and waits else 0
        if reading and reading.t_ms < written_ms and not self._busy:
            background_tasks.create(self._note_restart(reading.t_ms))
        key = (serial, workshop.calibration, run, waits, str(written))
        if key != self._drawn:
            self._drawn = key
            self._draw()
        if self._panel is not None:
            self._panel.refresh()
        if self._bench is not None:
            self._bench.refresh()

    async def _note_restart(self, t_ms: int) -> None:
        self._busy = True
        try:
            await jobs.note_restart(self._workshop, t_ms)
        finally:
            self._busy = False

    def _do(self, step: Step) -> Callable[[], Awaitable[None]]:
        """A button's work: one at a time; what goes wrong is told where it can be read."""

        async def work() -> None:
            if self._busy:
                return
            self._busy = True
            try:
                await step()
            except errors.PenError as problem:
                with self._content:
                    tell(problem)
            finally:
                self._busy = False

        return work

    # --- what is shown ----------------------------------------------------------------------------

    def _draw(self) -> None:
        workshop = self._workshop
        self._panel = None
        self._content.clear()
        with self._content:
            if not workshop.serial:
                with look.card(self._say("engineer.tab_calibration")):
                    ui.label(self._say("engineer.no_pen"))
                return
            if workshop.calibration is None:
                self._draw_beginning()
            else:
                self._draw_steps(workshop.calibration)
                ui.run_javascript(_SHOW % "eng-here")

    def _draw_beginning(self) -> None:
        say, workshop = self._say, self._workshop
        with look.card(say("engineer.tab_calibration")):
            written = workshop.written
            html(shown.last(say, written))
            if written is not None and not written.get("in_use"):
                with ui.row().classes("pen-amber w-full"):
                    ui.label(say("engineer.restart"))
                return
            ui.label(say("engineer.what_it_takes"))
            with ui.row().classes("items-end gap-3"):
                who = ui.input(say("client.operator")).props("outlined").classes("w-72")
                begin = self._do(lambda: jobs.begin(workshop, str(who.value or "")))
                small(say("engineer.begin"), begin, main=True, hands=self._hands)

    def _draw_steps(self, made: Progress) -> None:
        say, workshop = self._say, self._workshop
        with ui.element("div").classes("eng-bar pen-card"):
            html(
                f"<h2 class='pen-h2'>{cell(say('engineer.tab_calibration'))}</h2>"
                f"<div class='eng-fact'>{cell(shown.begun(say, made))}</div>"
                f"<div class='eng-fact'>{cell(say('engineer.leave_and_return'))}</div>"
            ).classes(remove="w-full")
            throw = small(say("engineer.throw_away"), self._ask_to_throw_away, hands=self._hands)
            throw.classes("ml-auto")
            self._parting = ui.column().classes("w-full")
        with ui.element("div").classes("eng-steps"):
            self._step(made, HOME, bool(made.homed), self._home)
            self._step(made, DEPTH, not made.next_depth_um, self._depths)
            self._step(made, RATE, made.rate is not None, self._rate)
            self._step(made, WRITE, False, self._write)
        if workshop.written is not None:
            html(shown.last(say, workshop.written))

    def _step(
        self, made: Progress, step: str, done: bool, draw: Callable[[Progress, bool], None]
    ) -> None:
        here = made.step == step
        with ui.element("section").classes("eng-step eng-here" if here else "eng-step"):
            number = (HOME, DEPTH, RATE, WRITE).index(step) + 1
            title = cell(
                f"{number}  {self._say(f'engineer.step_{step}')}", "eng-good" if done else ""
            )
            html(f"<h3{' aria-current=step' if here else ''}>{title}</h3>")
            draw(made, here)

    def _home(self, made: Progress, here: bool) -> None:
        if here:
            ui.label(self._say("engineer.home_text"))
            home = self._do(lambda: jobs.home(self._workshop))
            small(self._say("engineer.home_do"), home, main=True, hands=self._hands)
        elif made.homed:
            html(cell(self._say("engineer.home_done", when=made.homed[11:19]), "eng-fact"))

    def _depths(self, made: Progress, here: bool) -> None:
        say, workshop = self._say, self._workshop
        if made.points:
            keys = ("asked", "pen_sets", "pen_measured", "gauge", "difference")
            rows = [
                (
                    cell(shown.mm(say, point.depth_um)),
                    cell(shown.mm(say, point.set_um)),
                    cell(
                        f"{shown.mm(say, point.measured_um)} "
                        f"(n {point.samples}, ↕ {point.spread_um} µm)"
                    ),
                    cell(shown.mm(say, point.gauge_um)),
                    cell(shown.signed_mm(say, point.gauge_um - point.measured_um)),
                )
                for point in made.points
            ]
            html(table([say(f"engineer.{key}") for key in keys], rows, say("engineer.step_depth")))
            with ui.element("div").classes("eng-bar"):
                for point in made.points:
                    depth_um = point.depth_um
                    small(
                        say("engineer.again", what=say.mm(depth_um)),
                        self._do(partial(jobs.again, workshop, depth_um)),
                        hands=self._hands,
                    )
        if made.result is not None:
            html(shown.judgement(say, made.result))
        if here:
            number = DEPTHS_UM.index(made.next_depth_um) + 1
            ui.label(
                say(
                    "engineer.depth_text",
                    number=number,
                    count=len(DEPTHS_UM),
                    depth=say.figures(f"{made.next_depth_um / 1000:.2f}"),
                )
            )
            self._panel = RunPanel(say, workshop, made.next_depth_um, self._hands, self._do)

    def _rate(self, made: Progress, here: bool) -> None:
        if made.rate is not None:
            html(shown.rate(self._say, made.rate))
            again = self._do(lambda: jobs.again(self._workshop, 0))
            small(
                self._say("engineer.again", what=self._say("engineer.rate")),
                again,
                hands=self._hands,
            )
        if here:
            ui.label(self._say("engineer.rate_text"))
            self._panel = RunPanel(self._say, self._workshop, 0, self._hands, self._do)

    def _write(self, made: Progress, here: bool) -> None:
        say = self._say
        if not here:
            return
        problems = trim.reasons(made)
        if problems:
            html(f"<p>{cell(say('engineer.refused_whole'), 'eng-bad')}</p>")
            for problem in problems:
                ui.label(problem)
            return
        try:
            wanted = trim.asked(made)
        except errors.PenError as problem:
            told = words(problem)
            html(f"<p>{cell(f'{told.number} {told.sentence}', 'eng-bad')}</p>")
            return
        html(shown.changes(say, wanted))
        ui.label(say("engineer.write_text"))
        ask = partial(self._ask_to_write, made)
        small(say("engineer.write"), ask, main=True, hands=self._hands)
        self._asking = ui.column().classes("eng-asking w-full")

    # --- what is confirmed: in the page, a dialog would lie over STOP -----------------------------

    def _ask_to_write(self, made: Progress) -> None:
        say = self._say
        self._asking.clear()
        with self._asking, ui.column().classes("pen-amber w-full gap-2"):
            seen = ui.checkbox(say("engineer.confirm", pen=made.serial))
            with ui.row().classes("gap-3"):
                write = self._do(lambda: jobs.write(self._workshop, made.serial))
                go = small(say("engineer.write_now"), write, main=True)
                go.bind_enabled_from(seen, "value")
                small(say("engineer.cancel"), self._asking.clear)
        ui.run_javascript(_SHOW % "eng-asking")

    def _ask_to_throw_away(self) -> None:
        say = self._say
        self._parting.clear()
        with self._parting, ui.column().classes("pen-amber w-full gap-2"):
            ui.label(say("engineer.throw_away_text"))
            with ui.row().classes("gap-3"):
                throw = self._do(lambda: jobs.throw_away(self._workshop))
                small(say("engineer.throw_away_now"), throw, main=True)
                small(say("engineer.cancel"), self._parting.clear)
