"""Ring 1: the supervisor's tick and the counting of progress allocate nothing, whatever happens.

The script runs on MicroPython with the heap locked around every tick, through a whole life: boot,
arming, a run, every cut-off, faults, acknowledging. On the build with 31-bit small integers, as
the board's, a value beyond 30 bits would allocate and so fail here.
"""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = Path(__file__).with_name("locked_heap_script.py")


def test_a_life_of_ticks_with_the_heap_locked(each_micropython: Path) -> None:
    done = subprocess.run(
        [each_micropython, "-X", "heapsize=512k", SCRIPT],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.split() == ["ticks", "ok"], done.stdout
