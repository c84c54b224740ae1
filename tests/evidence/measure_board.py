"""The emulated board as a host meets it: how soon it is ready, its heap, answers, telemetry."""

import statistics
from typing import Any

from hardware.simulator.twin_rp2040 import Rp2040Twin
from protocol import codes
from tests.emulated.chip import ask, built
from tests.evidence.figure import figure
from tests.system.harness import BenchPen, plan_image, row

BOOTS = 3
REQUESTS = 300
TELEMETRY_HZ = 200
TELEMETRY_S = 5
TREATMENT_S = 60
LOOK_EVERY_MS = 2000


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
        plan = plan_image([row(dose_limit_per_cm2=5000, area_mm2=60000, passes=6)])
        sim.running(plan, telemetry_hz=100)
        for n in range(TREATMENT_S * 1000 // LOOK_EVERY_MS):
            if n % 2:  # the hand moves on: needles do not dwell
                sim.person.lift()
                sim.pump(200)
                sim.person.touch("cheek")
            sim.pump(LOOK_EVERY_MS - 200)
            free.append(_free_pct(sim, str(image.symbols)))
        state = sim.status().state
    assert state == codes.STATE_RUNNING, f"the treatment ended in state {state}"
    note = f"a treatment of {TREATMENT_S} s, telemetry 100 Hz, after each collection; emulated"
    return [figure("heap_free_min_pct", min(free), "%", ">= 40", len(free), note)]


def wire() -> list[dict[str, Any]]:
    """STATUS to its answer by the chip's clock, and how many telemetry frames a second come."""
    image = built()
    took_ms = []
    with BenchPen(Rp2040Twin(image.area())) as sim:
        sim.running(plan_image([row()]))
        for n in range(REQUESTS):
            sim.pump(1 + n % 7)
            asked_us = ask(sim, do="time")["us"]
            sim.status()
            took_ms.append((ask(sim, do="time")["said_us"] - asked_us) / 1000)
        sim.pen.set_telemetry(TELEMETRY_HZ)
        sim.pump(100)
        before = sim.client.readings[-1].counter
        sim.pump(TELEMETRY_S * 1000)
        seen = sim.client.readings[-1].counter - before & 0xFFFF
    median = statistics.median(took_ms)
    note = f"running, worst {max(took_ms):.1f} ms; emulated"
    return [
        figure("round_trip_ms", median, "ms", "<= 2", REQUESTS, note),
        figure("telemetry_hz", seen / TELEMETRY_S, "Hz", ">= 199", seen, "asked for 200; emulated"),
    ]


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
