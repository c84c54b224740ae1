"""How long `pen --help` takes beside `mpremote --help`, both started as a user starts them."""

import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.evidence.figure import figure

RUNS = 25  # pairs, alternating, so that a busy machine slows both alike
WARM_UP = 3


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def _console_script(name: str) -> str:
    """The script beside the interpreter that runs this."""
    folder = Path(sys.executable).parent
    for path in (folder / name, folder / f"{name}.exe"):
        if path.exists():
            return str(path)
    raise FileNotFoundError(f"{name} is not installed beside {sys.executable}")


def help_time(runs: int = RUNS) -> list[dict[str, Any]]:
    """Median of `runs` interleaved runs of each; the figure is ours divided by theirs."""
    ours, theirs = ([_console_script(name), "--help"] for name in ("pen", "mpremote"))
    for _ in range(WARM_UP):
        _seconds(ours)
        _seconds(theirs)
    pen_s, mpremote_s = [], []
    for _ in range(runs):
        pen_s.append(_seconds(ours))
        mpremote_s.append(_seconds(theirs))
    pen_ms, mpremote_ms = (1000 * statistics.median(times) for times in (pen_s, mpremote_s))
    note = f"medians: pen {pen_ms:.0f} ms, mpremote {mpremote_ms:.0f} ms, alternating runs"
    ratio = round(pen_ms / mpremote_ms, 3)
    return [figure("cli_help_vs_mpremote", ratio, "ratio", "<= 1.0", runs, note)]
