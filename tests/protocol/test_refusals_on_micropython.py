"""The errors of `protocol/` can be raised on the pen's interpreter, and say the same there.

A native exception has no `__init__` of its own there: calling it by name raised AttributeError, and
a plan that was no plan became a fault of the pen instead of a refusal.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = "tests/protocol/refusals_on_micropython.py"


def said(*interpreter: str) -> list[str]:
    done = subprocess.run(
        [*interpreter, SCRIPT], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_they_say_there_what_they_say_here(each_micropython: Path) -> None:
    there = said(str(each_micropython), "-X", "heapsize=192k")
    assert there == ["0 not a plan (at byte 0)", "result result is 300, allowed is 1 to 255"]
    assert there == said(sys.executable)
