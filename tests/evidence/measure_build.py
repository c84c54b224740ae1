"""How long a person waits: for the image built from clean, and for the emulated part of the tests.

Both by the wall clock of this machine, with whatever else it does; the notes tell processor time.
"""

import resource
import shutil
import subprocess
import sys
import time
from typing import Any

from firmware.boards import build as program
from firmware.boards import tree
from firmware.boards.image import ROOT
from protocol.version import SCHEMA_ID
from tests.emulated.chip import built
from tests.evidence.figure import figure

SUITE = ("-q", "-n", "auto", "--dist", "loadfile", "tests/emulated")  # as `make test` runs it


def build() -> list[dict[str, Any]]:
    """The cross compiler and the image, from sources that have been fetched."""
    image = built()
    if not (program.CACHE / "tree").is_dir():
        subprocess.run([sys.executable, "-m", "firmware.boards.build"], cwd=ROOT, check=True)
    folder = program.CACHE / "build-timed"
    pen = program.CACHE / "pen-timed"
    tree.copy_of_ours(ROOT, pen)
    tree.put_schema_id(pen, SCHEMA_ID)
    clock = _Clock()
    tree.build(program.CACHE / "tree", pen, folder, program.START_OF_FORMAT, clean=True)
    took_s, note = clock.read()
    size = (folder / "firmware.bin").stat().st_size
    if size != image.binary.stat().st_size:
        raise RuntimeError(f"the timed build has {size} bytes, the image has another number")
    shutil.rmtree(folder)
    shutil.rmtree(pen)
    return [figure("image_build_s", took_s, "s", "<= 240", 1, f"mpy-cross and image; {note}")]


def suite() -> list[dict[str, Any]]:
    """The emulated part of `make test`; a test that fails or is skipped leaves no figure."""
    built()
    clock = _Clock()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *SUITE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    took_s, note = clock.read()
    last = done.stdout.strip().splitlines()[-1]
    if done.returncode or "skipped" in last:
        raise RuntimeError(f"the suite ended with {done.returncode}: {last}")
    passed = int(last.split(" passed")[0].split()[-1])
    return [figure("emulated_suite_s", took_s, "s", "<= 900", passed, note)]


class _Clock:
    """Wall and processor time of the programs that are run meanwhile."""

    def __init__(self) -> None:
        self._wall_s = time.monotonic()
        self._busy_s = self._busy()

    def _busy(self) -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    def read(self) -> tuple[float, str]:
        """Seconds since the beginning, and the processor's in words."""
        took_s = time.monotonic() - self._wall_s
        return round(took_s, 1), f"{self._busy() - self._busy_s:.0f} s of processor time"
