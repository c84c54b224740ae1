"""The control tick of a running pen on the emulated board, and what is in it.

Running at 100 Hz in skin with telemetry at 100 Hz, and a collection begun each second.
"""

from typing import Any

from hardware.simulator.twin_rp2040 import Rp2040Twin
from tests.emulated.chip import ask, built
from tests.evidence.figure import figure
from tests.evidence.report import FOLDER
from tests.system.harness import BenchPen, plan_image, row

SECONDS = 5
PROFILE_MS = 500
CPU_MHZ = 125
SHOWN = 8


def tick() -> list[dict[str, Any]]:
    """Every tick of some seconds; then a profile of half a second more."""
    image = built()
    longest_us = 0.0
    with BenchPen(Rp2040Twin(image.area())) as sim:
        sim.running(plan_image([row(depth_um=1000, rate_chz=10000)]), telemetry_hz=100)
        ask(sim, do="reset ticks")
        begun = 0
        for _ in range(SECONDS):
            sim.pump(700)
            for _ in range(300):
                sim.pump(1)
                if ask(sim, do="collect", symbols=str(image.symbols))["begun"]:
                    begun += 1
                    break
            sim.pump(200)
            done = ask(sim, do="collected", symbols=str(image.symbols))
            longest_us = max(longest_us, done["took_us"])
        seen = ask(sim, do="ticks")
        ask(sim, do="profile", symbols=str(image.symbols))
        sim.pump(PROFILE_MS)
        profile = ask(sim, do="end profile")
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "tick.folded").write_text("\n".join(profile["folded"]) + "\n")
    cases = seen["ticks"]
    jitter = seen["late_max_us"] - seen["late_min_us"]
    during = f"100 Hz in skin, telemetry 100 Hz, {begun} collections; emulated"
    parts = ", ".join(f"{name} {us:.0f}" for name, us in shares(profile)[:SHOWN])
    return [
        figure("tick_us_max", seen["max_us"], "us", "<= 250", cases, during),
        figure("tick_us_mean", seen["mean_us"], "us", "<= 250", cases, f"us in it: {parts}"),
        figure("tick_us_min", seen["min_us"], "us", "<= 250", cases, "emulated"),
        figure("ticks_missed", seen["missed"], "ticks", "== 0", cases, during),
        figure("tick_jitter_us", jitter, "us", "<= 5", cases, "entry after its due time, emulated"),
        figure(
            "collection_ms_max",
            longest_us / 1000,
            "ms",
            "<= 50",
            begun,
            "with the ticks that interrupt it; nothing waits for it but the main loop",
        ),
    ]


def shares(profile: dict[str, Any]) -> list[tuple[str, float]]:
    """Functions under the tick's interrupt by their own microseconds per tick, most first."""
    own: dict[str, float] = {}
    for line in profile["folded"]:
        path, _, cycles = line.rpartition(" ")
        frames = path.split(";")
        if "interrupt 7()" not in frames:
            continue
        inside = [one for one in frames if one.endswith("()")]
        own[inside[-1]] = own.get(inside[-1], 0) + int(cycles)
    ticks = PROFILE_MS * CPU_MHZ
    rows = sorted(own.items(), key=lambda one: -one[1])
    return [(short(name), cycles / ticks) for name, cycles in rows]


def short(name: str) -> str:
    """A function's name as a reader knows it."""
    return name.removesuffix("()").removeprefix("firmware/").removeprefix("firmware_")
