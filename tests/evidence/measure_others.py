"""Our wire beside that of two tools that people use for such boards, on the same emulated chip.

belay calls an empty function, mpremote copies a file; both at MicroPython's prompt, which the chip
then has to itself, while ours is the whole pen with its tick. All times are the chip's.
"""

import contextlib
import io
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from hardware.simulator.bench import Bench
from hardware.simulator.twin_rp2040 import Rp2040Twin
from host_controller.client import Client
from host_controller.pen import Pen
from host_controller.planning.plan_bytes import PlanImage
from protocol.zones import ZONES
from tests.emulated.chip import built
from tests.evidence.chip_port import ChipClock, ChipPort, PortTransport, to_prompt
from tests.evidence.figure import figure
from tests.evidence.measure_wire import round_trips_ms
from tests.system.harness import TODAY, BenchPen, plan_image, row

CALLS = 200
COPIES = 5
PLAN_ZONES = 8
REST_MS = 3000  # between two pushes, as between two clients at the least


def others() -> list[dict[str, Any]]:
    """Figures `round_trip_vs_belay` and `plan_push_vs_mpremote`."""
    image = built()
    plans = [_plan(number + 1) for number in range(COPIES)]
    with Bench(Rp2040Twin(image.area())) as bench:
        port = to_prompt(bench)
        belay_ms, turns = belay_calls(port)
        copied_ms = mpremote_copies(port, plans[0].data)
    with BenchPen(Rp2040Twin(image.area())) as sim:
        sim.pen.set_clock(TODAY)
        ours_ms = round_trips_ms(sim)
        pushed_ms = pushes(sim, plans)
    ours, theirs = statistics.median(ours_ms), statistics.median(belay_ms)
    push, copy = statistics.median(pushed_ms), statistics.median(copied_ms)
    called = (
        f"medians: STATUS {ours:.2f} ms, belay's empty function {theirs:.2f} ms in {turns} turns, "
        "its computer's time left out; emulated"
    )
    size = len(plans[0].data)
    pushed = (
        f"medians: {size} bytes for {PLAN_ZONES} zones, from HELLO to the hash told by the pen "
        f"{push:.0f} ms, to flash; mpremote fs cp {copy:.0f} ms, to memory; emulated"
    )
    return [
        figure("round_trip_vs_belay", ours / theirs, "ratio", "<= 0.5", CALLS, called),
        figure("plan_push_vs_mpremote", copy / push, "x", ">= 5", COPIES, pushed),
    ]


def _plan(session_id: int) -> PlanImage:
    rows = [row(name, depth_um=250) for _, name in ZONES[:PLAN_ZONES]]
    return plan_image(rows, session_id=session_id)


def belay_calls(port: ChipPort) -> tuple[list[float], int]:
    """Calls of a function without a body; and how often each goes to the board and back."""
    import belay
    import serial
    from belay import pyboard

    clock = mock.Mock(wraps=ChipClock(port.bench))
    clock.sleep = lambda _s: port.wait()  # its polling costs it nothing
    with (
        mock.patch.object(serial, "Serial", return_value=port),
        mock.patch.object(pyboard, "time", clock),
    ):
        device = belay.Device("chip", auto_sync_time=False)

        @device.task
        def nothing() -> None:
            pass

        nothing()
        before = port.turns
        took_ms = list(_waits(port, nothing))
        turns = (port.turns - before) // CALLS
        device.close()
    return took_ms, turns


def _waits(port: ChipPort, call: Callable[[], object]) -> Iterator[float]:
    """What the chip took for each of `CALLS` calls, at every phase of its millisecond."""
    for number in range(CALLS):
        port.bench.advance(1 + number % 7)
        before_ms = port.waited_ms
        call()
        yield port.waited_ms - before_ms


def mpremote_copies(port: ChipPort, data: bytes) -> list[float]:
    """`mpremote connect PORT fs cp FILE :NAME`, the whole command each time."""
    from mpremote import main as program
    from mpremote import transport_serial

    library = mock.Mock(__version__="3.5", serial_for_url=lambda *_args, **_options: port)
    took_ms = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.bin"
        path.write_bytes(data)
        for number in range(COPIES):
            words = ["mpremote", "connect", "chip", "fs", "cp", str(path), f":plan{number}.bin"]
            began_ms = port.bench.now_ms
            with (
                mock.patch.object(transport_serial, "serial", library),
                mock.patch.object(transport_serial, "time", ChipClock(port.bench)),
                mock.patch.object(sys, "argv", words),
                contextlib.redirect_stdout(io.StringIO()) as said,
            ):
                code = program.main()
            if code:
                raise RuntimeError(f"mpremote ended with {code}: {said.getvalue()}")
            took_ms.append(float(port.bench.now_ms - began_ms))
    return took_ms


def pushes(sim: BenchPen, plans: list[PlanImage]) -> list[float]:
    """Connect and push a whole plan, the hash told by the pen included."""
    bench = sim.bench
    took_ms = []
    for plan in plans:
        bench.advance(REST_MS)
        bench.host_read()
        began_ms = bench.now_ms
        client = Client(PortTransport(ChipPort(bench)), lambda: bench.now_ms)
        Pen(client, client.say_hello()).push_plan(plan)
        took_ms.append(float(bench.now_ms - began_ms))
    return took_ms


if __name__ == "__main__":
    for measured in others():
        print(measured)
