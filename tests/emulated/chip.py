"""What every test and measurement of ring 3 starts from: the built image and a pen that runs it."""

import random
import subprocess
import sys
from typing import Any

from firmware.boards import image as images
from hardware.simulator.twin_rp2040 import EMULATOR, Rp2040Twin
from tests.system.harness import BenchPen


def built() -> images.Image:
    """The image of the sources as they are; built now if need be. Fails with the build's words."""
    if not (EMULATOR / "node_modules" / "rp2040js").is_dir():
        _run([str(EMULATOR / "install")])
    found = images.current()
    if found is None:
        _run([sys.executable, "-m", "firmware.boards.build"])
        found = images.current()
    assert found is not None, "the sources changed while the image was built; try again"
    return found


def ask(sim: BenchPen, **words: Any) -> dict[str, Any]:
    """One command to the emulator between two milliseconds."""
    twin = sim.bench.twin
    assert isinstance(twin, Rp2040Twin)
    return twin.command(words)


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=images.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"


def hangs(sim: BenchPen, image: images.Image, rng: random.Random, count: int) -> list[Any]:
    """Hang the pen `count` times in turn in every way, each at its own microsecond.

    The pen is of no more use afterwards.
    """
    ways = list(ask(sim, do="ways to hang"))
    plan = [[ways[i % len(ways)], rng.randrange(500, 6000)] for i in range(count)]
    return list(ask(sim, do="hangs", symbols=str(image.symbols), hangs=plan)["hangs"])
