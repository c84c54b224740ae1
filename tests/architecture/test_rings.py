"""A ring that cannot run is skipped with its reason, but never in CI."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

SUITE = """
import pytest

@pytest.mark.parametrize("ring", [{marked}])
def test_it(ring):
    pytest.skip("{reason}")
"""


def run(folder: Path, rings: str, reason: str, **environment: str) -> tuple[int, str]:
    """Run skipping tests, one per ring, with the project's own conftest as a plug-in."""
    marked = ", ".join(f"pytest.param(0, marks=pytest.mark.{ring})" for ring in rings.split())
    (folder / "test_suite.py").write_text(SUITE.format(marked=marked, reason=reason))
    inherited = {name: value for name, value in os.environ.items() if name != "CI"}
    options = ["-c", ROOT / "pyproject.toml", "--rootdir", folder, "--noconftest"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", *options, folder],
        cwd=ROOT,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_required_ring_is_not_skipped_in_ci(tmp_path: Path) -> None:
    code, said = run(tmp_path, "mpy system", "no interpreter", CI="true")
    assert code == 1
    assert "2 failed" in said
    assert "skipped, but CI requires it" in said
    assert "no interpreter" in said


def test_elsewhere_it_is_skipped_and_says_why(tmp_path: Path) -> None:
    code, said = run(tmp_path, "mpy system", "no interpreter")
    assert code == 0
    assert "no interpreter" in said


@pytest.mark.parametrize(
    ("rings", "reason"), [("board emulated", "no port"), ("mpy", "no 32-bit MicroPython")]
)
def test_what_not_every_machine_has_may_be_skipped_in_ci(
    tmp_path: Path, rings: str, reason: str
) -> None:
    code, said = run(tmp_path, rings, reason, CI="true")
    assert code == 0, said
