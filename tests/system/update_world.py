"""A computer with one simulated pen on it, in virtual time: what an update may touch, all of it.

Every call of the update to the world outside is counted; the one that was chosen ends the program
as a killed process ends, with nothing tidied up behind it. Owns the bench.
"""

from collections.abc import Callable
from pathlib import Path

from hardware.simulator.bench import Bench
from host_controller import errors
from host_controller.client import Client
from host_controller.flashing import boot_disk
from host_controller.flashing.world import Greeted, Progress, World
from host_controller.transport.base import Transport
from tests.system.harness import BenchTransport

URL = "bench://"


class Killed(BaseException):
    """The program has ended here."""


class BenchCable(BenchTransport):
    """The cable to a bench: dead while the pen is in its boot loader."""

    def __init__(self, bench: Bench, call: Callable[[str], None]) -> None:
        super().__init__(bench)
        self._call = call

    def _check(self) -> None:
        if self.bench.boot_loader.waiting or not self.bench.host.plugged:
            raise errors.PenUnplugged("The pen is gone.")

    def read(self, limit: int, timeout_s: float) -> bytes:
        self._check()
        data = super().read(limit, timeout_s)
        if not data:
            self._check()
        return data

    def write(self, data: bytes) -> None:
        self._call("frame")
        self._check()
        super().write(data)


class BenchWorld(World):
    """The world of one bench; `kill_at` is the call that does not return."""

    def __init__(self, bench: Bench, disk: Path, kill_at: int = 0) -> None:
        self.bench = bench
        self.disk = disk
        self.kill_at = kill_at
        self.calls: list[tuple[str, str]] = []  # the step told last, and what was called
        self.told = ""
        self.presses = True  # somebody holds the button when asked
        self._released_ms = 0  # when the thumb is up again
        self.cut_at_chunk = 0  # the pen loses its power at this chunk

    def call(self, what: str) -> None:
        self.calls.append((self.told, what))
        if len(self.calls) == self.kill_at:
            raise Killed

    def now_ms(self) -> int:
        return self.bench.now_ms

    def wait(self, milliseconds: int) -> None:
        self.call("wait")
        self.bench.advance(milliseconds)

    def transport(self, url: str) -> Transport:
        self.call("open")
        if self.bench.boot_loader.waiting:
            raise errors.NoSuchPort("There is no port.")
        return BenchCable(self.bench, self.call)

    def greet(self, url: str) -> Greeted:
        client = Client(self.transport(url), self.now_ms)
        return Greeted(client, client.say_hello())

    def pens(self) -> dict[str, str]:
        self.call("pens")
        # USB tells the number in capitals.
        return {} if self.bench.boot_loader.waiting else {self.bench.unique_id.hex().upper(): URL}

    def disks(self) -> list[Path]:
        self.call("disks")
        return boot_disk.mounted([self.disk])

    def write(self, disk: Path, data: bytes, progress: Progress) -> None:
        chunks = 0

        def counted(done: int, total: int) -> None:
            nonlocal chunks
            chunks += 1
            self.call("chunk")
            if chunks == self.cut_at_chunk:
                self.bench.power_cut(100)
            progress(done, total)

        super().write(disk, data, counted)

    def flush(self, descriptor: int) -> None:
        """The disk takes what was written."""
        self.bench.advance(20)

    def confirm(self, url: str, serial: str) -> bool:
        self.call("button")
        if self.presses:
            person = self.bench.person
            begin_ms = max(self.bench.now_ms, self._released_ms) + 200
            self._released_ms = begin_ms + 2500
            person.at(begin_ms, pressed=True)
            person.at(self._released_ms, pressed=False)
        return self.presses
