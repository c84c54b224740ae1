"""What a pen goes through in a working day: clients one after the other, and what goes wrong.

A session: a new cartridge, its plan, each zone armed, pressed, treated with lifts, stopped; the
record read back. Now and then something else: a press by mistake, a cable pulled, a cartridge
taken out while needles run, a host that falls silent, noise on the wire. Everything is drawn from
the seed. Owns the number of the session.
"""

from datetime import datetime, timedelta
from random import Random

from hardware.simulator.cartridges import make_cartridge
from host_controller.planning.plan_bytes import PlanImage
from protocol import codes, messages
from protocol.zones import zone_id
from tests.system.harness import TODAY, BenchPen, plan_image, row

ZONES = ("cheek", "forehead", "chin")
CONTACT_MS = 4000  # then the pen is lifted: dwell stops it after 10 s on one spot
PARKED_MS = 3000
REST = (codes.STATE_IDLE, codes.STATE_CARTRIDGE_OK, codes.STATE_CONFIGURED)


class Unexpected(Exception):
    """The pen did what a sound pen does not do."""


class WorkingDay:
    """`session` once per client; the pen is CONFIGURED, disarmed and parked in between."""

    def __init__(self, pen: BenchPen, seed: int = 1) -> None:
        self.pen = pen
        self.random = Random(f"working day {seed}")
        self.sessions = 0
        self.runs = 0
        self.mishaps = 0
        self.dwells = 0
        self.skipped_ms = 0  # of time that the bench did not live through

    @property
    def now(self) -> datetime:
        """The date at the host."""
        return TODAY + timedelta(milliseconds=self.pen.bench.now_ms + self.skipped_ms)

    def session(self, run_ms: int, idle_ms: int) -> None:
        """One client: about three runs of `run_ms`, then `idle_ms` without anybody."""
        pen = self.pen
        self.sessions += 1
        pen.plant.battery.soc = 0.9  # it hung at the charger since
        self._prepare(self._image())
        for zone in ZONES:
            self._treat(zone, run_ms)
        if self.random.random() < 0.5:
            self.mishaps += 1
            self.random.choice((self._slip, self._pull_cable, self._pull_cartridge, self._noise))()
        self._read_back()
        pen.client.release_lease()
        pen.pump(idle_ms)

    def _image(self) -> PlanImage:
        """Plans of one length, so that what the pen holds between sessions is always as large."""
        draw = self.random.randrange
        rows = [
            row(zone, 250 * draw(1, 4), 100 * draw(80, 110), time_limit_s=600) for zone in ZONES
        ]
        return plan_image(rows, session_id=1000 + self.sessions)

    def _prepare(self, image: PlanImage) -> None:
        pen = self.pen
        pen.plant.remove()
        pen.pump(200)
        pen.plant.insert(make_cartridge(12, unique_id=0x10000 + self.sessions))
        pen.pen.set_clock(self.now)
        pen.wait_state(codes.STATE_CARTRIDGE_OK, codes.STATE_CONFIGURED, codes.STATE_IDLE)
        pen.pen.push_plan(image)
        pen.client.request(messages.TELEMETRY_RATE, self.random.choice((0, 10, 50)))

    def _treat(self, zone: str, run_ms: int) -> None:
        """One run in a zone, lifted every few seconds, stopped by the button."""
        self._start(zone)
        left_ms = run_ms
        while left_ms > 0:
            self.pen.person.touch(zone, self.random.uniform(0.5, 1.2))
            self.pen.pump(min(CONTACT_MS, left_ms))
            self.pen.person.lift()
            self.pen.pump(300)
            left_ms -= CONTACT_MS + 300
            status = self.pen.status()
            if status.state == codes.STATE_CONFIGURED and status.stop_reason == codes.STOP_DWELL:
                self.dwells += 1  # a light hand: the lift was too small to be seen
                return
        self._expect(codes.STATE_RUNNING)
        self._tap()
        self.pen.wait_state(codes.STATE_ARMED, limit_ms=PARKED_MS)
        self.pen.pen.disarm()
        self.pen.wait_state(codes.STATE_CONFIGURED)
        self.runs += 1

    def _start(self, zone: str) -> None:
        pen = self.pen
        pen.pen.select_zone(zone_id(zone))
        pen.wait_state(codes.STATE_CONFIGURED, limit_ms=2000)
        pen.arm()
        pen.pump(self.random.randrange(50, 500))
        self._tap()
        pen.wait_state(codes.STATE_RUNNING, limit_ms=2000)

    def _tap(self) -> None:
        self.pen.person.press()
        self.pen.pump(self.random.randrange(60, 200))
        self.pen.person.release()
        self.pen.pump(50)

    def _slip(self) -> None:
        """Armed by mistake, pressed for a moment, then nobody presses until it expires."""
        pen = self.pen
        pen.pen.select_zone(zone_id("cheek"))
        pen.arm()
        self._tap()
        self._tap()
        pen.wait_state(*REST, codes.STATE_ARMED, limit_ms=PARKED_MS)
        pen.pump(31_000)
        self._expect(*REST)

    def _pull_cable(self) -> None:
        """The cable goes while needles run: the lease ends it; the plug comes back."""
        pen = self.pen
        self._start("cheek")
        pen.bench.unplug()
        pen.bench.advance(1000)
        pen.bench.plug()
        pen.connect()
        self._expect(codes.STATE_CONFIGURED)

    def _pull_cartridge(self) -> None:
        """Taken out while needles run: a fault, acknowledged; the pen tests itself again."""
        pen = self.pen
        self._start("cheek")
        taken = pen.plant.remove()
        pen.wait_state(codes.STATE_FAULT, limit_ms=PARKED_MS)
        pen.pen.acknowledge(codes.FAULT_CARTRIDGE_LOST)
        pen.wait_state(codes.STATE_IDLE, limit_ms=5000)
        if taken is not None:
            pen.plant.insert(taken)
        pen.wait_state(codes.STATE_CONFIGURED, codes.STATE_CARTRIDGE_OK, limit_ms=2000)

    def _noise(self) -> None:
        """Another program writes rubbish to the port for a second."""
        pen = self.pen
        for _ in range(1000):
            pen.bench.host_write(self.random.randbytes(200))
            pen.bench.advance(1)
        pen.bench.advance(100)
        pen.connect()

    def _read_back(self) -> None:
        pen = self.pen
        newest = next(iter(pen.pen.usage()))
        if newest.session_id != 1000 + self.sessions:
            raise Unexpected(f"the newest usage is of session {newest.session_id}")
        next(iter(pen.pen.faults()), None)
        pen.pen.limits(zone_id("cheek"))
        pen.pen.settings()
        self._expect(*REST)
        pen.pump(50)

    def _expect(self, *states: int) -> None:
        status = self.pen.status()
        if status.state not in states:
            raise Unexpected(
                f"session {self.sessions}: {status.state_name}, fault {status.fault}, "
                f"stop {status.stop_name}"
            )
