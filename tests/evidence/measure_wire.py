"""The emulated board's wire: how soon a request is answered, and how much telemetry comes.

Also how far the stack of MicroPython's locals was used, since answering is what goes deepest.
"""

import random
import statistics
from typing import Any

from firmware.boards.image import Image
from hardware.simulator.twin_rp2040 import Rp2040Twin
from protocol import messages
from protocol.decoder import Decoder
from tests.emulated.chip import ask, built
from tests.evidence.figure import figure
from tests.system.harness import BenchPen, plan_image, row

REQUESTS = 300
TELEMETRY_HZ = 200
TREATING_HZ = 100
TELEMETRY_S = 5


def wire() -> list[dict[str, Any]]:
    """STATUS to the last byte of its answer by the chip's clock; telemetry frames a second."""
    image = built()
    with BenchPen(Rp2040Twin(image.area())) as sim:
        sim.configure(plan_image([row()]))
        sim.pump(1000)
        at_rest = round_trips_ms(sim)
        sim.person.touch("cheek")
        sim.arm()
        sim.start()
        sim.client.request(messages.TELEMETRY_RATE, TREATING_HZ)
        sim.pump(500)
        treating = round_trips_ms(sim)
        stack = python_stack_pct(sim, image)
        sim.pen.set_telemetry(TELEMETRY_HZ)
        sim.pump(100)
        before = sim.client.readings[-1].counter
        sim.pump(TELEMETRY_S * 1000)
        seen = sim.client.readings[-1].counter - before & 0xFFFF
    rest = f"zone chosen, at rest, at any phase of the tick; {_worst(at_rest)}"
    busy = f"running, telemetry {TREATING_HZ} Hz, at any phase of the tick; {_worst(treating)}"
    return [
        figure("round_trip_ms", statistics.median(at_rest), "ms", "<= 2", REQUESTS, rest),
        figure("round_trip_busy_ms", statistics.median(treating), "ms", "<= 2", REQUESTS, busy),
        figure("telemetry_hz", seen / TELEMETRY_S, "Hz", ">= 199", seen, "asked for 200; emulated"),
        figure("python_stack_pct", stack, "%", "<= 67", 1, "most ever used, to the end of a run"),
    ]


def round_trips_ms(sim: BenchPen, count: int = REQUESTS) -> list[float]:
    """How long each of many answers to STATUS took, asked at random instants."""
    rng = random.Random(REQUESTS)
    took_ms = []
    for _ in range(count):
        sim.pump(1 + rng.randrange(12))
        late_us = rng.randrange(1000)
        ask(sim, do="hear", us=late_us)
        asked_us = ask(sim, do="time")["us"] + late_us
        ask(sim, do="said")
        sim.status()
        took_ms.append((_answered_us(ask(sim, do="said")["said"]) - asked_us) / 1000)
    ask(sim, do="hear", us=0)
    return took_ms


def _answered_us(packets: list[tuple[float, str]]) -> float:
    """When the packet left that completed the answer to STATUS."""
    decoder = Decoder()
    for us, text in packets:
        data = bytes.fromhex(text)
        position = 0
        while position < len(data):
            position = decoder.take(data, position, len(data))
            if decoder.ready and decoder.number == messages.STATUS:
                return us
    raise AssertionError("the answer is not among the packets")


def _worst(took_ms: list[float]) -> str:
    """The tail of the distribution, in words."""
    late = sorted(took_ms)[len(took_ms) * 9 // 10]
    return f"9 of 10 within {late:.1f} ms, worst {max(took_ms):.1f} ms; emulated"


def python_stack_pct(sim: BenchPen, image: Image) -> float:
    """How much of MicroPython's stack of locals was ever used."""
    lines = image.symbols.read_text(encoding="latin1").splitlines()
    found = next(line.split() for line in lines if "pen_pystack" in line)
    size = int(found[1], 16)
    symbols = str(image.symbols)
    used = ask(sim, do="filled", symbols=symbols, name=found[-1], bytes=size)["bytes"]
    return float(100 * used / size)
