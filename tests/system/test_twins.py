"""The same firmware does the same on every interpreter: byte by byte, through a whole treatment.

The strongest test of ring 1: every STEP and DRIVE, every call and its answer, and with them every
byte to the host, every duty, step and flash operation must be equal. The emulated chip has pins and
registers in the place of these messages, and its own cycles: it is compared by its effects instead.
"""

from pathlib import Path

import pytest

from hardware.simulator.bench import Trace
from hardware.simulator.twin import Twin
from hardware.simulator.twin_cpython import CpythonTwin
from hardware.simulator.twin_micropython import MicropythonTwin
from protocol import codes
from protocol.zones import zone_id
from tests.system.harness import BenchPen, plan_image, row

pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.fixed_twin]


def treatment(twin: Twin, seed: int) -> Trace:
    """Boot, plan, run in two zones with a changing hand, stops, noise on the cable, a restart."""
    trace: Trace = []
    with BenchPen(twin, seed=seed, trace=trace) as sim:
        image = plan_image([row("cheek"), row("nose", 250, 8000)])
        sim.person.at(1200, pressure=1.8)
        sim.person.at(1900, pressure=0.6)
        sim.running(image, telemetry_hz=100)
        sim.pump(800)
        sim.person.release()
        sim.pump(30)
        sim.person.press()  # latch: the second press stops
        sim.wait_state(codes.STATE_ARMED)
        sim.person.release()
        sim.bench.host.to_pen.fault.corrupt_ppm = 20_000
        sim.pump(300)
        sim.bench.host.to_pen.fault.clear()
        sim.pen.disarm()
        sim.pen.select_zone(zone_id("nose"))
        sim.person.touch("nose")
        sim.wait_state(codes.STATE_CONFIGURED)
        sim.arm()
        sim.start()
        sim.pump(500)
        sim.pen.stop()
        sim.pen.wait_parked()
        assert len(list(sim.pen.usage())) >= 1
        sim.person.release()  # a button that is held at power-up fails the self-test
        sim.bench.restart()
        sim.connect()
        assert sim.pen.plan_info() is not None
        assert sim.bench.firmware_error is None
        assert sim.bench.misuses == []
        assert sim.status().fault == codes.FAULT_NONE
    return trace


@pytest.mark.mpy
@pytest.mark.parametrize("seed", [1, 2])
def test_a_whole_treatment_is_equal_on_both_interpreters(each_micropython: Path, seed: int) -> None:
    on_cpython = treatment(CpythonTwin(), seed)
    on_micropython = treatment(MicropythonTwin(each_micropython), seed)
    for index, (one, other) in enumerate(zip(on_cpython, on_micropython, strict=False)):
        assert one == other, f"message {index} of {len(on_cpython)}"
    assert len(on_cpython) == len(on_micropython) > 6000


def test_a_whole_treatment_is_equal_every_time_and_different_with_another_seed() -> None:
    first = treatment(CpythonTwin(), 3)
    assert first == treatment(CpythonTwin(), 3)
    assert first != treatment(CpythonTwin(), 4)
