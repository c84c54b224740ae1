"""Ring 1: a flood must not need more heap than a heap in pieces has in one piece."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_a_pass_of_a_flood_takes_no_large_piece_of_the_heap(each_micropython: Path) -> None:
    """It took 3840 bytes once: where no such piece was left, the pen never answered again."""
    done = subprocess.run(
        [each_micropython, "-X", "heapsize=384k", "tests/firmware/comms/flood_heap.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert 0 < int(done.stdout) <= 1536  # the sum of many pieces of less than a hundred bytes
