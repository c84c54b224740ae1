"""A short coverage-guided run of each target, and that it tells when a target fails."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUNS = 2000
HERE = sys.platform == "linux" and platform.machine() == "x86_64"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not HERE, reason="atheris has wheels for x86-64 Linux alone"),
]


def guided(target: str, runs: int, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tests.fuzz.coverage_guided", target, str(runs)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("target", ["plan", "requests"])
def test_nothing_raises(target: str) -> None:
    done = guided(target, RUNS)
    assert done.returncode == 0, done.stderr[-2000:]


def test_a_target_that_raises_is_told() -> None:
    done = guided("selfcheck", 50_000)
    assert done.returncode != 0
    assert "Uncaught Python exception" in done.stderr + done.stdout
