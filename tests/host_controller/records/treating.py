"""A program that treats a fake pen at about real pace, to be killed: `python -m ... MAP SPEED`.

Where it stands is told through a file mapped into memory, which costs no system call: time since
the record began, since when the needles are out, and how it ended. Run by `killed.py`.
"""

import mmap
import struct
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

from host_controller import errors
from host_controller.pen import Pen
from host_controller.planning import plan_file
from host_controller.planning.plan import Plan
from host_controller.planning.plan_bytes import compile_plan
from host_controller.records.recorder import Recorder
from host_controller.replies import EXPOSED
from host_controller.treatment.session import TreatmentSession
from host_controller.treatment.unattended import Somebody, run_zone
from protocol import codes
from tests.host_controller.fake_pen import FakePen, FakeTransport

LAYOUT = struct.Struct("<qqq")  # t_ms, exposed since (-1: not), ended (0 no, 1 well, 2 refused)
PLAN = "host_controller/planning/examples/three_zones.toml"
DOSE_PER_CM2 = 120  # a second and a half


def short(plan: Plan) -> Plan:
    """The same plan with less of a dose."""
    zones = tuple(replace(row, dose_limit_per_cm2=DOSE_PER_CM2) for row in plan.zones)
    return replace(plan, zones=zones)


class Presser(Somebody):
    def __init__(self, fake: FakePen) -> None:
        self._fake = fake

    def act(self, reading: object) -> None:
        if self._fake.state == codes.STATE_ARMED:
            self._fake.press()

    def end(self) -> None:
        self._fake.release()


class Board:
    """Shows the parent where we stand."""

    def __init__(self, path: Path, speed: float) -> None:
        with path.open("r+b") as stream:
            self._map = mmap.mmap(stream.fileno(), LAYOUT.size)
        self._speed = speed
        self._since = -1
        self._start = time.monotonic()

    def show(self, session: TreatmentSession, ended: int = 0) -> None:
        now_ms = session.pen.client.clock_ms()
        t_ms = now_ms - session._begun_ms
        if session.reading.state not in EXPOSED:
            self._since = -1
        elif self._since < 0:
            self._since = t_ms
        self._map[: LAYOUT.size] = LAYOUT.pack(t_ms, self._since, ended)
        ahead_s = t_ms / 1000 / self._speed - (time.monotonic() - self._start)
        if ahead_s > 0.002 and not ended:
            time.sleep(ahead_s)


def free_again(after_s: float) -> None:
    """Let files grow again after a while: somebody has made room."""
    import resource

    time.sleep(after_s)
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


def main(path: str, speed: str, full_bytes: str = "0", full_s: str = "0") -> int:
    if int(full_bytes):
        import resource
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(full_bytes), hard))
        if float(full_s):
            threading.Thread(target=free_again, args=(float(full_s),), daemon=True).start()
    fake = FakePen()
    transport = FakeTransport(fake)
    with Pen.over(transport, transport.clock_ms) as pen:
        plan = short(plan_file.load(PLAN))
        session = TreatmentSession(pen, plan, compile_plan(plan, 7), Recorder(), 7)
        board = Board(Path(path), float(speed))
        try:
            session.begin(client="C-0042", operator="np-07")
        except errors.RecordUnwritable:
            board.show(session, 2)
            return 1
        board._start = time.monotonic()
        run_zone(session, plan.zones[-1], Presser(fake), board.show)
        try:
            session.stop()
            session.finish("complete")
        except errors.RecordUnwritable:
            board.show(session, 2)
            return 1
        board.show(session, 1)
        print("\n".join(session.events), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
