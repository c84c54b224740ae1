"""A serial port with the emulated chip at its other end, for programs that were not made for it.

Time is the chip's: it passes while somebody waits for bytes or sleeps, so what a computer needs for
itself costs nothing, neither them nor us. Owns the bytes that have come and the time waited.
"""

from hardware.simulator.bench import Bench
from hardware.simulator.twin_rp2040 import Rp2040Twin
from host_controller.client import Client
from host_controller.flashing.leave import SERVICE
from host_controller.transport.base import Transport
from protocol import messages
from tests.system.harness import BenchTransport

SILENCE_MS = 20_000
HELD_MS = 6500  # the button, from the reset on, for the service's way
TO_PROMPT_MS = 1500


class ChipPort:
    """As pyserial's Serial, as far as anybody asks."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.waited_ms = 0.0  # from a wait's beginning to the last byte that ended it
        self.turns = 0
        self.timeout = None
        self.rts = self.dtr = True
        self._come = bytearray()

    def write(self, data: bytes) -> int:
        """Send; it arrives with the next millisecond."""
        self.bench.host_write(bytes(data))
        return len(data)

    @property
    def in_waiting(self) -> int:
        """How many bytes have come; no time passes."""
        self._come += self.bench.host_read()
        return len(self._come)

    def inWaiting(self) -> int:  # noqa: N802
        """The same under its older name."""
        return self.in_waiting

    def read(self, count: int = 1) -> bytes:
        """Wait for so many bytes."""
        while self.in_waiting < count:
            self.wait()
        data = bytes(self._come[:count])
        del self._come[:count]
        return data

    def wait(self) -> None:
        """Let time pass until something has come."""
        if self.in_waiting:
            return
        since_ms = self._chip()[0]
        until_ms = self.bench.now_ms + SILENCE_MS
        while not self.in_waiting:
            self.bench.advance(1)
            if self.bench.now_ms > until_ms:
                raise TimeoutError(f"The chip said nothing for {SILENCE_MS} ms.")
        self.waited_ms += self._chip()[1] - since_ms
        self.turns += 1

    def _chip(self) -> tuple[float, float]:
        """Now, and when the chip last said something."""
        twin = self.bench.twin
        assert isinstance(twin, Rp2040Twin)
        time = twin.command({"do": "time"})
        return time["us"] / 1000, time["said_us"] / 1000

    def isOpen(self) -> bool:  # noqa: N802
        """Always."""
        return True

    def close(self) -> None:
        """The bench is closed by its owner."""


class ChipClock:
    """Stands where a program has the module `time`."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def sleep(self, seconds: float) -> None:
        """Let the chip's time pass."""
        self._bench.advance(max(1, round(seconds * 1000)))

    def monotonic(self) -> float:
        """Seconds of the chip's time."""
        return self._bench.now_ms / 1000

    time = monotonic


class PortTransport(Transport):
    """Our own client through the same port, so that its waits are counted in the same way."""

    url = "bench://"

    def __init__(self, port: ChipPort) -> None:
        self._port = port

    def read(self, limit: int, timeout_s: float) -> bytes:
        """What has come; every request of these measurements is answered."""
        self._port.wait()
        return self._port.read(min(limit, self._port.in_waiting))

    def write(self, data: bytes) -> None:
        """Send."""
        self._port.write(data)

    def close(self) -> None:
        """Nothing to let go of."""


def to_prompt(bench: Bench) -> ChipPort:
    """Leave the firmware by the service's way; the port with MicroPython's prompt behind it."""
    bench.person.press()
    bench.restart()
    bench.advance(HELD_MS)
    client = Client(BenchTransport(bench), lambda: bench.now_ms)
    client.say_hello()
    client.request(messages.UPDATE, SERVICE, 0, b"service")
    bench.person.release()
    bench.advance(TO_PROMPT_MS)
    bench.host_read()
    return ChipPort(bench)
