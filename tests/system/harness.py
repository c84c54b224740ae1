"""The whole chain in one process: the host's client, bytes, the firmware on a twin, the plant.

Virtual time moves only while the host waits for bytes or a test says so; nothing sleeps. Owns the
bench and the pen object of one test.
"""

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from hardware.plant.parameters import Parameters
from hardware.simulator.bench import Bench, Trace
from hardware.simulator.twin import Twin
from host_controller.client import Client
from host_controller.pen import Pen
from host_controller.planning.plan_bytes import PlanImage
from host_controller.replies import Reading
from host_controller.transport.base import Transport
from protocol import codes, messages, plan_layout
from protocol.requester_link import RequesterLink
from protocol.zones import zone_id

# Where nothing else is asked for: `make test-emulated` runs the same tests on the image.
TWIN = os.environ.get("PEN_TWIN", "cpython")
BOOT_LIMIT_MS = 3000
TODAY = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

__all__ = ["BenchPen", "BenchTransport", "plan_image", "row"]


class BenchTransport(Transport):
    """Bytes to and from a bench; waiting for them lets virtual time pass."""

    url = "bench://"

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    def read(self, limit: int, timeout_s: float) -> bytes:
        """What the pen has sent; time passes until it does, or for `timeout_s`."""
        bench = self.bench
        bench.advance_to_bytes(max(1, round(timeout_s * 1000)))  # at once when some have come
        return bench.host.to_host.take(limit, bench.now_ms)

    def write(self, data: bytes) -> None:
        """Send; it arrives with the next millisecond."""
        self.bench.host_write(data)

    def close(self) -> None:
        """Nothing to let go of: the test closes the bench."""


def row(
    zone: str = "cheek",
    depth_um: int = 1000,
    rate_chz: int = 10000,
    passes: int = 1,
    time_limit_s: int = 600,
    dose_limit_per_cm2: int = 5000,
    area_mm2: int = 4000,
    override_reason: int = 0,
) -> plan_layout.PlanRow:
    """One zone of a plan, generous unless said otherwise."""
    return plan_layout.PlanRow(
        zone_id(zone),
        passes,
        depth_um,
        rate_chz,
        time_limit_s,
        dose_limit_per_cm2,
        area_mm2,
        override_reason,
    )


def plan_image(
    rows: Sequence[plan_layout.PlanRow],
    session_id: int = 77,
    latch: bool = True,
    tethered: bool = True,
    pins: int = 12,
) -> PlanImage:
    """A plan as bytes with its hash."""
    flags = plan_layout.FLAG_LATCH * latch | plan_layout.FLAG_TETHERED * tethered
    plan = plan_layout.Plan(session_id, flags, pins, 2500, b"test0001", b"harness", list(rows))
    data = plan_layout.pack(plan)
    return PlanImage(data, plan_layout.digest(data))


class BenchPen:
    """A booted pen on a bench, greeted by the host's own client."""

    def __init__(
        self,
        twin: Twin | str = TWIN,
        parameters: Parameters | None = None,
        seed: int = 1,
        flash_file: Path | None = None,
        cartridge_pins: int | None = 12,
        trace: Trace | None = None,
    ) -> None:
        self.bench = Bench(
            twin,
            parameters,
            seed,
            flash_file=flash_file,
            cartridge_pins=cartridge_pins,
            trace=trace,
        )
        self.plant = self.bench.plant
        self.person = self.bench.person
        self.truth = self.bench.truth
        self.seed = seed
        self._conversations = 0
        self.ready_ms = 0  # when it had left BOOT
        self.connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.bench.close()

    # ---- conversation ----

    def connect(self) -> None:
        """Greet the pen (again) and wait until it has booted."""
        self.client = Client(BenchTransport(self.bench), lambda: self.bench.now_ms)
        # A client draws its first numbers at random; a repeatable run needs them from the seed.
        self._conversations += 1
        # Each HELLO takes the next one; a conversation has room for 256.
        nonce = self.seed << 16 | self._conversations << 8
        self.client.link = RequesterLink(nonce, self.seed)
        self.pen = Pen(self.client, self.client.say_hello())
        self.wait_state(*(set(range(9)) - {codes.STATE_BOOT}), limit_ms=BOOT_LIMIT_MS)
        self.ready_ms = self.bench.now_ms
        # Before it has read its whole image a pen arms nothing; on the chip that takes a second.
        start_ms = self.bench.now_ms
        while not self.client.say_hello().image and self.bench.now_ms - start_ms < BOOT_LIMIT_MS:
            self.pump(50)

    def pump(self, milliseconds: int) -> None:
        """Let time pass while the host listens and holds its lease."""
        until_ms = self.bench.now_ms + milliseconds
        while (left_ms := until_ms - self.bench.now_ms) > 0:
            self.client.pump(left_ms / 1000)

    def pump_until(self, predicate: Callable[[], object], limit_ms: int) -> int:
        """`pump` until `predicate()`; returns the milliseconds; TimeoutError after `limit_ms`."""
        start_ms = self.bench.now_ms
        while not predicate():
            if self.bench.now_ms - start_ms >= limit_ms:
                state = self.status()
                raise TimeoutError(
                    f"It did not happen within {limit_ms} ms; the pen's state is "
                    f"{state.state_name}, fault {state.fault}, stop {state.stop_name}, "
                    f"{', '.join(state.condition_names())}. {self.bench.firmware_error or ''}"
                )
            self.pump(1)
        return self.bench.now_ms - start_ms

    def status(self) -> Reading:
        """The pen's own word."""
        return self.pen.status()

    def wait_state(self, *states: int, limit_ms: int = 1000) -> Reading:
        """Ask until the pen is in one of `states`."""
        start_ms = self.bench.now_ms
        while True:
            status = self.status()
            if status.state in states:
                return status
            if self.bench.now_ms - start_ms >= limit_ms:
                names = ", ".join(codes.STATE_NAMES[state] for state in states)
                raise TimeoutError(
                    f"Not in {names} within {limit_ms} ms, but {status.state_name}, fault "
                    f"{status.fault}, stop {status.stop_name}, "
                    f"{', '.join(status.condition_names())}."
                )
            self.pump(2)

    # ---- a treatment ----

    def configure(self, image: PlanImage | None = None, zone: str = "cheek") -> None:
        """Set the clock, push a plan and choose a zone: CONFIGURED."""
        self.pen.set_clock(TODAY)
        self.wait_state(codes.STATE_CARTRIDGE_OK, codes.STATE_CONFIGURED)
        self.pen.push_plan(image or plan_image([row(zone)]))
        self.pen.select_zone(zone_id(zone))
        self.wait_state(codes.STATE_CONFIGURED)

    def arm(self) -> None:
        """Hold the lease and arm."""
        self.client.hold_lease()
        self.pump(100)
        self.pen.arm()
        self.wait_state(codes.STATE_ARMED)

    def start(self) -> None:
        """Press the button until the needles run (and leave it pressed)."""
        self.person.press()
        self.wait_state(codes.STATE_RUNNING, limit_ms=2000)

    def running(
        self,
        image: PlanImage | None = None,
        zone: str = "cheek",
        pressure: float = 1.0,
        telemetry_hz: int = 0,
    ) -> None:
        """From a booted pen to needles in skin at full rate."""
        self.configure(image, zone)
        if telemetry_hz:
            self.client.request(messages.TELEMETRY_RATE, telemetry_hz)
        self.person.touch(zone, pressure)
        self.arm()
        self.start()
        self.pump(400)
