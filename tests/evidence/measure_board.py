"""The emulated board as a host meets it: how soon it is ready, and its heap."""

from typing import Any

from hardware.simulator.twin_rp2040 import Rp2040Twin
from protocol import codes
from tests.emulated.chip import ask, built
from tests.evidence.figure import figure
from tests.system.harness import BenchPen, plan_image, row

BOOTS = 3
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
        sim.person.release()  # a latched run goes on, and takes a button held for 10 s for stuck
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
