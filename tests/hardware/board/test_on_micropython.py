"""The board's figures read the same on MicroPython, 31-bit small integers included."""

import subprocess
from pathlib import Path

import pytest

from hardware.board import rev_a as board

ROOT = Path(board.__file__).parents[2]
PRINT = """
import hardware.board.rev_a as board
for name in sorted(dir(board)):
    if name == name.upper() and name[0] != "_":
        print(name, getattr(board, name))
"""


@pytest.mark.mpy
def test_every_figure_is_the_same(each_micropython: Path) -> None:
    run = subprocess.run(
        [each_micropython, "-c", PRINT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    here = [f"{name} {vars(board)[name]}" for name in sorted(vars(board)) if name.isupper()]
    assert run.stdout.splitlines() == here
