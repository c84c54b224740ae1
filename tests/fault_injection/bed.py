"""A test bed for broken pens: host, firmware and plant, and a record of every millisecond.

The host here is patient: whatever happens to its pen, it goes on holding the lease until it is
told otherwise. Owns the bench, the record and what a fault does once per millisecond.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hardware.plant.parameters import Parameters
from hardware.plant.pen import Pen as Plant
from hardware.simulator.bench import Bench
from hardware.simulator.observer import Observer
from hardware.simulator.twin import Twin
from host_controller.errors import PenError
from host_controller.replies import FaultEntry, Reading
from protocol import codes
from tests.system.harness import BenchPen

CLOCK_US = 1 << 30  # the firmware's microseconds wrap here
PULSES = 1 << 16  # and its count of tachometer pulses here
LONGEST_BOOT_MS = 12_000  # the pen gives up after 10 s


@dataclass(slots=True)
class Moment:
    """The plant at the end of one millisecond."""

    t_us: int
    driven: bool  # the bridge put voltage on the motor in it
    rate_hz: float  # signed
    enable: bool
    depth_um: float
    exposed: bool
    standing: bool
    parked: bool
    strokes: int


@dataclass(slots=True)
class Record(Observer):
    """The bench's observer that also keeps every moment once `keeping` is set."""

    keeping: bool = False
    moments: list[Moment] = field(default_factory=list)

    def look(self) -> None:
        """Take in the millisecond that has just passed."""
        Observer.look(self)
        if not self.keeping:
            return
        pen = self.pen
        truth = pen.truth
        self.moments.append(
            Moment(
                pen.t_us,
                truth.driven,
                truth.rate_hz,
                bool(pen.enable_level),
                truth.depth_um,
                truth.exposed,
                truth.still,
                self.parked,
                truth.strokes,
            )
        )


class Bed(BenchPen):
    """A pen that may break. `each_ms` is called before every millisecond of `live`."""

    def __init__(
        self,
        twin: Twin | str = "cpython",
        parameters: Parameters | None = None,
        seed: int = 1,
        pins: int = 12,
        clock_us: int = 0,
        pulses: int = 0,
    ) -> None:
        """`clock_us` and `pulses` are what the firmware's own counters show when it boots."""
        self._clock_us = clock_us
        self._pulses = pulses
        self.each_ms: list[Callable[[Bed], None]] = []
        self.tethered = True  # the plan needs the host's lease
        self.latch = False  # and a press, not a thumb that stays down, keeps its needles running
        self.rate_chz = 10_000  # that the plan asks for
        self.kept: dict[str, Any] = {}  # what a fault has to put back
        self.random = Random(f"bed {seed}")
        super().__init__(twin, parameters, seed, cartridge_pins=pins)

    @property
    def record(self) -> Record:
        """The plant, millisecond by millisecond."""
        record = self.bench.observer
        assert isinstance(record, Record)
        return record

    def connect(self) -> None:
        """Greet the pen and wait until it has booted; the first time, also set the bed up."""
        if not isinstance(self.bench.observer, Record):
            self.bench.observer = Record(self.plant)
            begin_at(self.bench, self._clock_us, self._pulses)
        super().connect()

    def live(self, milliseconds: int) -> None:
        """Let time pass for host, hand and pen alike."""
        until_ms = self.bench.now_ms + milliseconds
        while self.bench.now_ms < until_ms:
            for act in self.each_ms:
                act(self)
            self.pump(1)

    def greet(self) -> Reading | None:
        """Talk to the pen again after whatever happened; None when it does not answer."""
        for _ in range(2):
            try:
                self.connect()
                return self.status()
            except TimeoutError:
                self.bench.advance(LONGEST_BOOT_MS)
            except PenError:
                self.bench.advance(100)
        return None

    def last_fault(self) -> FaultEntry | None:
        """The newest entry of the pen's own history."""
        return next(self.pen.faults(), None)

    def wait_plant(self, holds: Callable[[Plant], object], limit_ms: int) -> None:
        """`live` until the plant says so; TimeoutError after `limit_ms`."""
        for _ in range(limit_ms):
            if holds(self.plant):
                return
            self.live(1)
        raise TimeoutError(f"not within {limit_ms} ms; {codes.STATE_NAMES[self.status().state]}")


def begin_at(bench: Bench, clock_us: int, pulses: int) -> None:
    """Let the firmware, which has booted but not ticked, count from other numbers than 0."""
    bench._boot_us -= clock_us
    bench._boot_tach -= pulses
