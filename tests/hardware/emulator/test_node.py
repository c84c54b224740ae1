"""The emulator's own tests, its types and its linter, in its own language."""

import shutil
import subprocess

import pytest

from hardware.simulator.twin_rp2040 import EMULATOR

pytestmark = pytest.mark.emulated


def run(*command: str) -> None:
    program = shutil.which(command[0])
    assert program is not None, f"no {command[0]}: make emulator"
    done = subprocess.run(
        [program, *command[1:]], cwd=EMULATOR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-4000:]}{done.stderr[-4000:]}"


def test_its_own_tests_pass() -> None:
    run("npm", "test", "--silent")


def test_its_types_fit_and_its_linter_finds_nothing() -> None:
    run("npm", "run", "--silent", "lint")
