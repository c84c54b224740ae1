"""The image keeps its budget, and a figure that does not is told."""

from typing import Any

from firmware.boards.image import Image
from hardware.simulator.twin_rp2040 import Rp2040Twin
from tests.emulated.chip import ask
from tests.evidence.budget import excess, read
from tests.evidence.emulated import MEASURES
from tests.system.harness import BenchPen, plan_image, row


def figure(name: str, value: float) -> dict[str, Any]:
    return {"id": name, "value": value, "unit": "us"}


def test_what_is_worse_than_the_budget_is_told_by_name() -> None:
    budget = {"tick_us_max": {"most": 300.0}, "heap_free_min_pct": {"least": 40.0}}
    assert excess([figure("tick_us_max", 300), figure("heap_free_min_pct", 40)], budget) == []
    said = excess([figure("tick_us_max", 301), figure("heap_free_min_pct", 39)], budget)
    assert [sentence.split()[0] for sentence in said] == ["tick_us_max", "heap_free_min_pct"]
    assert excess([figure("another", 1e9)], budget) == []


def test_the_budget_is_of_figures_that_are_measured() -> None:
    measured = {name for names in MEASURES for name in names}
    assert set(read()) <= measured
    assert all(set(bounds) <= {"most", "least"} for bounds in read().values())


def test_the_tick_of_a_running_pen_keeps_the_budget(image: Image) -> None:
    with BenchPen(Rp2040Twin(image.area())) as sim:
        sim.running(plan_image([row()]), telemetry_hz=100)
        ask(sim, do="reset ticks")
        sim.pump(1000)
        ticks = ask(sim, do="ticks")
    jitter = ticks["late_max_us"] - ticks["late_min_us"]
    figures = [
        figure("tick_us_max", ticks["max_us"]),
        figure("ticks_missed", ticks["missed"]),
        figure("tick_jitter_us", jitter),
    ]
    assert ticks["ticks"] >= 1000
    assert excess(figures, read()) == []
