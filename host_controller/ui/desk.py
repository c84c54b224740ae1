"""The pen's desk: one thread that alone talks with the pen, whatever the pages do.

Pages read `view` (replaced as a whole, never changed), submit jobs, and press STOP. The lease is
renewed only while the pages' loop has answered within BEAT_MS and somebody holds control: when a
window hangs the desk stops the pen, and when the desk hangs the pen stops by itself. Owns the pen
and the treatment.
"""

import contextlib
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from host_controller import errors, timeouts
from host_controller.pen import TELEMETRY_HZ, Pen
from host_controller.replies import EXPOSED, Reading
from host_controller.simulated import announcements
from host_controller.ui.shared_writes import SharedWrites
from protocol import codes
from protocol.hello import PenIdentity

if TYPE_CHECKING:
    from host_controller.treatment.session import TreatmentSession

T = TypeVar("T")

BEAT_MS = 250  # the pages' loop has to answer at least this often
RETRY_MS = 1000  # between two looks for a pen
PASS_S = 0.004  # longest wait of a pass: a job or a STOP is taken up after it
KEPT = TELEMETRY_HZ * 120  # readings for the traces: two minutes

LOOKING, CONNECTED, LOST = "looking", "connected", "lost"


@dataclass(frozen=True)
class View:
    """What is known of the pen now: what it said, and when; nothing the program believes."""

    link: str = LOOKING
    problem: errors.PenError | None = None  # of the last attempt to connect, or of the loss
    identity: PenIdentity | None = None
    simulated: str = ""  # interpreter of a simulated pen, "" for a real one
    reading: Reading | None = None  # the last one, also after a loss
    heard_s: float = 0.0  # time.monotonic() of it
    stop_taken_s: float = 0.0  # when the pen acknowledged the last STOP from here

    @property
    def moving(self) -> bool:
        """Whether the needles may be out, as the pen said last."""
        return self.reading is not None and self.reading.state in EXPOSED

    @property
    def armed(self) -> bool:
        """Whether the pen's button would start the needles."""
        return self.reading is not None and self.reading.state == codes.STATE_ARMED


class _Stop(BaseException):
    """STOP was pressed: whatever request is under way gives way."""


class Desk:
    """One pen; `connect` opens it and may raise any PenError."""

    def __init__(self, connect: Callable[[], Pen]) -> None:
        self.view = View()  # replaced by the desk's thread alone
        self.stop_pressed_s = 0.0  # time.monotonic() of the last STOP from here, 0.0 for none
        self.left_alone_s = 0.0  # time.monotonic() when it was stopped because no page answered
        self.session: TreatmentSession | None = None  # used by jobs and the desk's thread alone
        self.readings: deque[Reading] = deque(maxlen=KEPT)
        self.taken = 0  # readings since the start, so that a page knows which are new to it
        # Called by the desk's thread at once when the pen has acknowledged a STOP from here.
        self.on_stop_taken: Callable[[], None] = lambda: None
        self._connect = connect
        self._pen: Pen | None = None
        self._pipe: SharedWrites | None = None
        self._jobs: queue.SimpleQueue[tuple[Future[Any], Callable[[Desk], Any]]] = (
            queue.SimpleQueue()
        )
        self._stop = threading.Event()
        self._ending = threading.Event()
        self._beat_s = 0.0
        self._controlled = False
        self._thread = threading.Thread(target=self._run, name="pen", daemon=True)

    # --- from any thread ------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to look for the pen."""
        self._thread.start()

    def close(self) -> None:
        """Stop what moves, close the record, let go of the pen."""
        self._ending.set()
        self._thread.join()

    def beat(self, controlled: bool) -> None:
        """The pages' loop lives; `controlled`: a window holds control."""
        self._controlled = controlled
        self._beat_s = time.monotonic()

    def stop(self) -> bool:
        """STOP, from any thread: written at once, also while the desk's thread is stalled.

        Returns whether it has left for the pen.
        """
        self.stop_pressed_s = time.monotonic()
        self._stop.set()
        pipe = self._pipe
        if pipe is not None:
            with contextlib.suppress(errors.PenError):  # the thread finds out by itself
                return pipe.write_stop()
        return False

    def submit(self, job: Callable[["Desk"], T]) -> "Future[T]":
        """Let the desk's thread run `job(desk)`; its result or PenError comes in the future."""
        future: Future[T] = Future()
        self._jobs.put((future, job))
        return future

    @property
    def lively(self) -> bool:
        """Whether the pages' loop answered in time and somebody holds control."""
        return self._controlled and time.monotonic() - self._beat_s < BEAT_MS / 1000

    # --- for jobs -------------------------------------------------------------------------------

    @property
    def pen(self) -> Pen:
        """The connected pen; raises NoAnswer while there is none."""
        if self._pen is None:
            raise errors.NoAnswer("No pen is connected.")
        return self._pen

    # --- the thread -----------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                self._open()
                while not self._ending.is_set():
                    self._one_pass()
            except errors.PenError as problem:
                self._lose(problem)
                self._fail_jobs(problem)
                self._ending.wait(RETRY_MS / 1000)
        self._end()

    def _open(self) -> None:
        pen = self._connect()
        self._pipe = SharedWrites(pen.client.transport, self._stop_taken)
        pen.client.transport = self._pipe
        pen.client.each_pass = self._each_pass
        self._pen = pen
        with contextlib.suppress(_Stop):
            pen.set_telemetry(TELEMETRY_HZ)
            self._show(pen.status())
        self.view = replace(
            self.view,
            link=CONNECTED,
            problem=None,
            identity=pen.identity,
            simulated=announcements.twin_of(pen.identity),
        )

    def _one_pass(self) -> None:
        try:
            self._do_jobs()
            if self.session is not None:
                self.session.step(PASS_S)
            else:
                self.pen.client.pump(PASS_S)
                self._must_be_heard()
            self._take_readings()
        except _Stop:
            self._stop.clear()
            self.pen.client.each_pass = None  # nothing interrupts a STOP
            try:
                self.pen.stop()
            finally:
                self.pen.client.each_pass = self._each_pass
            self._stop_taken()

    def _stop_taken(self) -> None:
        self.view = replace(self.view, stop_taken_s=time.monotonic())
        self.on_stop_taken()

    def _each_pass(self) -> None:
        """At the head of every pass of the client, also within requests."""
        if self._stop.is_set():
            raise _Stop
        client = self.pen.client
        if client.lease_held and not self.lively:
            # Not only let the lease run out: 250 ms less. Arming again is a new decision.
            client.release_lease()
            self.left_alone_s = time.monotonic()
            raise _Stop

    def _must_be_heard(self) -> None:
        """A pen that started anew answers, but has forgotten that telemetry was asked for."""
        silent_ms = self.pen.client.silent_ms
        if silent_ms > timeouts.SILENCE_MS:
            raise errors.NoAnswer(
                f"The pen has been silent for {silent_ms} ms.",
                cause="It has started anew, or its cable is loose.",
                next_step="It is looked for again by itself. Look that the needles are in.",
            )

    def _do_jobs(self) -> None:
        while True:
            try:
                future, job = self._jobs.get_nowait()
            except queue.Empty:
                return
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(job(self))
            except errors.PenError as problem:
                future.set_exception(problem)
            except _Stop:
                future.set_exception(errors.Interrupted("STOP was pressed."))
                raise

    def _fail_jobs(self, problem: errors.PenError) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                future, _ = self._jobs.get_nowait()
                if future.set_running_or_notify_cancel():
                    future.set_exception(problem)

    def _take_readings(self) -> None:
        session = self.session
        if session is not None:
            while session.fresh:  # every one: traces and recordings have no gaps of our making
                self._show(session.fresh.popleft())
            return
        fresh = self.pen.client.readings
        while fresh:
            self._show(fresh.popleft())
        self.pen.client.notices.clear()

    def _show(self, reading: Reading) -> None:
        self.readings.append(reading)
        self.taken += 1
        self.view = replace(self.view, reading=reading, heard_s=time.monotonic())

    def _lose(self, problem: errors.PenError) -> None:
        """Keep what was known, say why it is old, close the record as interrupted."""
        link = LOST if self.view.reading is not None else LOOKING
        self.view = replace(self.view, link=link, problem=problem)
        if self._pen is not None:
            self._pen.client.each_pass = None
        self._leave_session("interrupted", problem)
        if self._pen is not None:
            self._pen.close()
        self._pen = self._pipe = None

    def _leave_session(self, outcome: str, problem: errors.PenError | None) -> None:
        if self.session is not None:
            with contextlib.suppress(errors.PenError):
                self.session.finish(outcome, problem)
            self.session = None  # not before: then the record is read, and has to be closed

    def _end(self) -> None:
        """The program ends: nothing is left running."""
        if self._pen is None:
            return
        self._pen.client.each_pass = None
        if self.view.moving or self.view.armed:
            with contextlib.suppress(errors.PenError):
                self._pen.stop()
                self._pen.wait_parked()
        self._leave_session("ended by the user", None)
        self._pen.close()
