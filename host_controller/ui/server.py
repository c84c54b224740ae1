"""The program: one desk, one visit, any number of windows; everything on 127.0.0.1.

The first window controls, the others look on; all can stop. Ends with its last word to the pen:
the desk is closed, which stops it. Owns desk, control and visit.
"""

import asyncio
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from secrets import randbits
from typing import TYPE_CHECKING

from nicegui import Client, app, ui
from nicegui.server import Server
from starlette.middleware import Middleware

from host_controller import errors
from host_controller.courses.history import History
from host_controller.library import store as libraries
from host_controller.library.library import Library
from host_controller.simulated.hand import Hand
from host_controller.ui import first_pages, look, place, problems, treatment_jobs
from host_controller.ui.alarm_bar import AlarmBar
from host_controller.ui.alarm_log import AlarmLog
from host_controller.ui.alarms import Pressed
from host_controller.ui.catalogue import Texts
from host_controller.ui.clinic import photo_pair
from host_controller.ui.clinic.archive import Archive
from host_controller.ui.clinic.photo_folder import PhotoFolder
from host_controller.ui.control import Control
from host_controller.ui.desk import Desk
from host_controller.ui.doorkeeper import STOP_PATH, Doorkeeper
from host_controller.ui.engineer.workshop import Workshop
from host_controller.ui.isolation import Isolation
from host_controller.ui.lifeline import LINE_PATH, Lifeline
from host_controller.ui.lock import LOCK_AFTER_S, Lock
from host_controller.ui.lock_page import lock_panel
from host_controller.ui.plan_page import plan_page
from host_controller.ui.record_page import record_page
from host_controller.ui.trace_line import TRACE_PATH, TraceLine
from host_controller.ui.treat_page import TreatPage, on_desk
from host_controller.ui.visit import CHECKLIST, CLIENT, PLAN, RECORD, TREAT, Expected, Visit

if TYPE_CHECKING:
    from host_controller.treatment.session import TreatmentSession
    from host_controller.ui.clinic.page import ClinicPage
    from host_controller.ui.engineer.page import EngineerPage

STATIC = Path(__file__).with_name("static")
HOST = "127.0.0.1"
LOOK_S = 0.1  # how often alarms and the lock are looked at
REST_AFTER_S = 2.0  # the first page is there by then
BEAT_S = 0.02  # how often the loop tells the desk that it lives
# Python's threads hand on after so long, not after 5 ms: the pen's word must reach the pages' loop.
SWITCH_S = 0.001
_SCRIPTS = """
<link rel="stylesheet" href="/pen-static/uplot/uPlot.min.css">
<link rel="stylesheet" href="/pen-static/pen.css">
<link rel="stylesheet" href="/pen-static/engineer.css">
<link rel="stylesheet" href="/pen-static/clinic.css">
<script defer src="/pen-static/uplot/uPlot.iife.min.js"></script>
<script src="/pen-static/lifeline.js"></script>
<script src="/pen-static/pen.js"></script>
<script src="/pen-static/tones.js"></script>
"""


def _load_rest() -> None:
    """What the first page can do without: the records, the other areas."""
    import host_controller.records.opening
    import host_controller.records.recorder
    import host_controller.ui.clinic.page
    import host_controller.ui.engineer.page  # noqa: F401


def _in_force_today() -> tuple[Library, date]:
    return libraries.in_force(), datetime.now().astimezone().date()


class Program:
    """Everything the windows share."""

    def __init__(
        self,
        desk: Desk,
        language: str,
        hand: Hand | None,
        history_of: Callable[[str], History],
        lock_after_s: float = LOCK_AFTER_S,
    ) -> None:
        self.desk = desk
        self.say = Texts(language)
        problems.speak(self.say)
        self.control = Control()
        self.lifeline = Lifeline(desk, self.control)
        self.traces = TraceLine(desk)
        self.hand = hand
        self.workshop = Workshop(desk, hand)
        self._history_of = history_of
        self.archive = Archive()
        self.photos = PhotoFolder()
        self.alarms = AlarmLog()
        self.lock = Lock(lock_after_s)
        self._session: TreatmentSession | None = None  # the last one: its record may have problems
        self._looked_s = 0.0
        self.visit = self.new_visit()

    def new_visit(self, operator: str = "") -> Visit:
        """A visit with the library in force today; its log of alarms begins anew."""
        self.alarms.begin_visit()
        self._session = None
        return Visit(*_in_force_today(), operator, renew=_in_force_today)

    async def history_of(self, client: str) -> History:
        """What a client had before; the pages' loop goes on meanwhile. Raises PenError."""
        return await asyncio.to_thread(self._history_of, client)

    async def beat(self) -> None:
        """Tell the desk, as long as the loop lives, that it does."""
        while True:
            self.desk.beat(self.control.lively)
            await self.lifeline.look()
            self._look(time.monotonic())
            await asyncio.sleep(BEAT_S)

    def _look(self, now_s: float) -> None:
        """Alarms and the lock, several times a second."""
        if now_s - self._looked_s < LOOK_S:
            return
        self._looked_s = now_s
        desk = self.desk
        view = desk.view
        self._session = desk.session or self._session
        problems = self._session.record_errors if self._session else ()
        now = datetime.now().astimezone()
        pressed = Pressed(desk.stop_pressed_s, desk.left_alone_s)
        self.alarms.take(view, pressed, tuple(problems), now_s, now)
        self.lock.take(view.moving or view.armed, now_s)


class Window:
    """One window's page."""

    def __init__(self, program: Program, client: Client, area: str) -> None:
        self._program = program
        self._client = client
        self._area = area
        self._live: TreatPage | ClinicPage | EngineerPage | None = None
        self._content_of: str | None = None  # "" builds it anew
        say = program.say
        self._frame = look.Frame(say, program.desk, self._go)
        self._alarms = AlarmBar(
            say, program.alarms, self._acknowledge, self._frame.header, self._frame.tools
        )
        self._viewer = ui.row().classes("pen-amber w-full items-center justify-between")
        with self._viewer:
            ui.label(say("link.viewer"))
            look.button(say("link.take"), self._take, plain=True)
        self._content = ui.column().classes("pen-content w-full gap-3 px-4 py-0")
        ui.on("pen-touch", lambda: program.lock.touch(time.monotonic()))
        self._show()  # now, and not when the window has connected: it is there 0.2 s sooner
        ui.timer(look.REFRESH_S, self._refresh)

    async def _acknowledge(self) -> None:
        await on_desk(self._program.desk, treatment_jobs.acknowledge)

    def _go(self, area: str) -> None:
        self._area = area
        if area == look.TREATMENT:  # the others say which part is open
            place.show(area)

    def _holds(self) -> bool:
        return self._program.control.holds(self._client.id)

    def _take(self) -> None:
        self._program.control.take(self._client.id)
        self._content_of = ""

    def _refresh(self) -> None:
        program = self._program
        self._show()
        self._frame.refresh(self._area, program.visit.library)
        controls = self._holds()
        sounds = controls or not program.control.holder
        self._alarms.refresh(controls and not program.lock.locked, sounds)
        if self._live is not None:
            self._live.refresh()

    def _show(self) -> None:
        """Build the content, when it is not that of the step and of who controls."""
        program = self._program
        if program.visit.step == TREAT and program.desk.session is None:
            program.visit.treated()  # the pen was lost; the record is closed and says so
        controls = self._holds()
        shown = f"{self._area} {program.visit.step} {controls}"
        if self._area != look.TREATMENT:  # what is looked at there stays, whoever controls
            shown = self._area
        shown += " locked" if program.lock.locked else ""
        self._viewer.set_visibility(not controls)
        if shown == self._content_of:
            return
        if self._content_of is not None:
            ui.run_javascript("window.scrollTo(0, 0)")
        self._content_of = shown
        self._build(controls)

    def _back(self, step: str) -> None:
        if self._program.control.holds(self._client.id):
            self._program.visit.step = step

    def _again(self) -> None:
        self._content_of = ""

    def _build(self, controls: bool) -> None:
        program = self._program
        say, visit = program.say, program.visit
        self._live = None
        self._content.clear()
        with self._content:
            if program.lock.locked:
                lock_panel(say, program.lock, visit.operator)
                if visit.step == TREAT:
                    self._live = TreatPage(say, program.desk, None, self._finished, acts=False)
                return
            if self._area == look.CLINIC:
                from host_controller.ui.clinic.page import ClinicPage

                self._live = ClinicPage(
                    say,
                    program.archive,
                    program.photos,
                    program.desk,
                    visit.operator,
                    self._holds,
                    self._visit_for,
                )
                return
            if self._area == look.ENGINEER:
                from host_controller.ui.engineer.page import EngineerPage

                self._live = EngineerPage(say, program.workshop, self._holds)
                return
            if visit.step != TREAT:  # there the height belongs to the pen
                look.steps(say, visit, self._back)
            if visit.step == TREAT:
                client = visit.request.client if visit.request else ""
                self._live = TreatPage(
                    say, program.desk, program.hand, self._finished, client, acts=controls
                )
            elif not controls:
                pass
            elif visit.step == CLIENT:
                first_pages.client_page(say, visit, program.history_of, self._again)
            elif visit.step == CHECKLIST:
                first_pages.checklist_page(say, visit, self._again)
            elif visit.step == PLAN:
                plan_page(say, visit, self._send)
            elif visit.step == RECORD:
                reading = program.desk.view.reading
                needles_in = reading is not None and reading.needles_in
                from host_controller.records.opening import stored

                record_page(say, visit, needles_in, stored, self._next_client)

    async def _send(self) -> None:
        program = self._program
        visit = program.visit
        try:
            plan = visit.plan()
        except errors.PenError as problem:
            problems.tell(problem)
            return
        screen = visit.screening().as_record()

        def begin(desk: Desk) -> None:
            visit.record_id = treatment_jobs.begin(desk, plan, randbits(31), visit.operator, screen)

        if await on_desk(program.desk, begin):
            visit.step = TREAT
            if program.hand is not None:
                await asyncio.to_thread(program.hand.go_to, plan.zones[0])

    def _finished(self) -> None:
        self._program.visit.treated()

    def _visit_for(self, expected: Expected) -> None:
        """A visit for somebody who was chosen on the clinic's page."""
        program = self._program
        program.visit = program.new_visit(program.visit.operator)
        program.visit.expected = expected
        self._go(look.TREATMENT)
        self._again()

    def _next_client(self) -> None:
        program = self._program
        program.visit = program.new_visit(program.visit.operator)
        self._again()


def pages(program: Program) -> None:
    """Every page and line of the program; begins with the server, and ends with it."""
    app.add_static_files("/pen-static", STATIC)
    photo_pair.serve(program.photos)
    app.add_api_route(STOP_PATH, program.lifeline.stop_by_request, methods=["POST"])
    app.add_api_websocket_route(LINE_PATH, program.lifeline.line)
    app.add_api_websocket_route(TRACE_PATH, program.traces.line)

    def window(client: Client, area: str, part: str = "") -> None:
        ui.add_head_html(_SCRIPTS)
        place.arrive(area, part)
        program.control.arrive(client.id)
        Window(program, client, area)

    @ui.page("/")
    def treatment(client: Client) -> None:
        window(client, look.TREATMENT)

    @ui.page("/clinic")
    def clinic(client: Client, part: str = "") -> None:
        window(client, look.CLINIC, part)

    @ui.page("/engineer")
    def engineer(client: Client, part: str = "") -> None:
        window(client, look.ENGINEER, part)

    tasks: set[asyncio.Task[None]] = set()

    async def load_rest() -> None:
        await asyncio.sleep(REST_AFTER_S)
        await asyncio.to_thread(_load_rest)

    def begin() -> None:
        program.desk.start()
        loop = asyncio.get_running_loop()
        tasks.update((loop.create_task(program.beat()), loop.create_task(load_rest())))

    app.on_startup(begin)
    app.on_shutdown(program.desk.close)
    app.on_shutdown(program.archive.close)


def serve(program: Program, port: int, key: str, opened: Callable[[], object]) -> None:
    """Serve until the program is ended; closes the desk, which stops the pen.

    `opened` is called once the pages can be asked for.
    """
    sys.setswitchinterval(SWITCH_S)
    hosts = frozenset(f"{name}:{port}" for name in (HOST, "localhost"))
    app.user_middleware.append(Middleware(Doorkeeper, hosts=hosts, key=key))
    app.user_middleware.append(Middleware(Isolation))
    pages(program)
    telling: set[asyncio.Task[None]] = set()

    async def tell_when_open() -> None:
        while not Server.instance.started:  # startup is over before the port is bound
            await asyncio.sleep(BEAT_S)
        await asyncio.to_thread(opened)

    app.on_startup(lambda: telling.add(asyncio.get_running_loop().create_task(tell_when_open())))
    ui.run(
        host=HOST,
        port=port,
        title=program.say("program.title"),
        language="de" if program.say.language == "de" else "en-US",
        show=False,
        reload=False,
        show_welcome_message=False,
        tailwind=True,
        gzip_middleware_factory=None,  # nothing leaves this computer: 0.1 s of the first page
    )
