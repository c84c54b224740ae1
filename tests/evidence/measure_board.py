"""The emulated board as a host meets it: how soon it is ready, its heap, answers, telemetry."""

import random
import statistics
from typing import Any

from firmware.boards.image import Image
from hardware.simulator.twin_rp2040 import Rp2040Twin
from protocol import codes, messages
from protocol.decoder import Decoder
from tests.emulated.chip import ask, built
from tests.evidence.figure import figure
from tests.system.harness import BenchPen, plan_image, row

BOOTS = 3
REQUESTS = 300
TELEMETRY_HZ = 200
TREATING_HZ = 100
TELEMETRY_S = 5
TREATMENT_S = 600
MOVE_EVERY_MS = 4000  # the hand lifts and goes on: needles do not dwell
MOVES_A_LOOK = 3


def boot() -> list[dict[str, Any]]:
    """From the chip's reset to the first state behind BOOT, by the chip's own clock."""
    image = built()
    ready_ms, free = [], []
    for seed in range(1, BOOTS + 1):
        with BenchPen(Rp2040Twin(image.area()), seed=seed) as sim:
            assert sim.status().state not in (codes.STATE_BOOT, codes.STATE_FAULT)
            since_ms = sim.bench.now_ms - sim.ready_ms
            ready_ms.append(ask(sim, do="time")["us"] / 1000 - since_ms)
            sim.pump(1500)
            free.append(_free_pct(sim, str(image.symbols)))
    note = "homing and the self-test of the stop path included; emulated"
    return [
        figure("boot_ready_ms", max(ready_ms), "ms", "<= 1000", BOOTS, note),
        figure(
            "heap_free_boot_pct", min(free), "%", ">= 60", BOOTS, "after a collection, emulated"
        ),
    ]


def heap() -> list[dict[str, Any]]:
    """The least that a collection leaves free in a treatment with telemetry."""
    image = built()
    free = []
    with BenchPen(Rp2040Twin(image.area())) as sim:
        zone = row(dose_limit_per_cm2=5000, area_mm2=60000, passes=6, time_limit_s=1200)
        sim.running(plan_image([zone]), telemetry_hz=100)
        for n in range(TREATMENT_S * 1000 // MOVE_EVERY_MS):
            sim.person.lift()
            sim.pump(200)
            sim.person.touch("cheek")
            sim.pump(MOVE_EVERY_MS - 200)
            if n % MOVES_A_LOOK == 0:
                free.append(_free_pct(sim, str(image.symbols)))
        state = sim.status().state
    assert state == codes.STATE_RUNNING, f"the treatment ended in state {state}"
    note = f"a treatment of {TREATMENT_S} s, telemetry 100 Hz, after each collection; emulated"
    return [figure("heap_free_min_pct", min(free), "%", ">= 40", len(free), note)]


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
        stack = _python_stack_pct(sim, image)
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


def round_trips_ms(sim: BenchPen) -> list[float]:
    """How long each of many answers to STATUS took, asked at random instants."""
    rng = random.Random(REQUESTS)
    took_ms = []
    for _ in range(REQUESTS):
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


def _python_stack_pct(sim: BenchPen, image: Image) -> float:
    """How much of MicroPython's stack of locals was ever used."""
    lines = image.symbols.read_text(encoding="latin1").splitlines()
    found = next(line.split() for line in lines if "pen_pystack" in line)
    size = int(found[1], 16)
    symbols = str(image.symbols)
    used = ask(sim, do="filled", symbols=symbols, name=found[-1], bytes=size)["bytes"]
    return float(100 * used / size)


def _free_pct(sim: BenchPen, symbols: str) -> float:
    """Free share of the heap right after a collection."""
    bench = sim.bench
    for _ in range(1000):
        if ask(sim, do="collect", symbols=symbols)["begun"]:
            break
        bench.advance(1)
    while ask(sim, do="collected", symbols=symbols)["running"]:
        bench.advance(1)
    return float(ask(sim, do="heap", symbols=symbols)["free_pct"])
