"""The tour of the clinic's guide, as it is written there: from a library to a printed report.

Its commands are read from the page and carried out in their order, the treatment at a terminal by
its keys, with the real firmware on a simulated pen.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host_controller.cli.terminal import Terminal
from tests.system.harness import TWIN

pytestmark = [pytest.mark.system, pytest.mark.slow]
PAGE = Path("docs/clinic-guide.md").resolve()
PEN = [sys.executable, "-m", "host_controller.cli.main"]


def commands() -> list[str]:
    """The commands of the tour; notes behind them are left out."""
    text = PAGE.read_text(encoding="utf-8")
    section = text[text.index("## The whole way, with a simulated pen") :]
    block = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert block is not None
    return [line.partition("    #")[0].strip() for line in block[1].splitlines()]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own, a simulated pen that announced itself, `pen` in the path."""
    for name in ("DATA", "CONFIG", "RUNTIME"):
        monkeypatch.setenv(f"PEN_{name}_DIR", str(tmp_path / name.lower()))
    monkeypatch.setenv("PYTHONPATH", str(PAGE.parents[1]))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    options = ["--twin", TWIN, "--listen", "127.0.0.1:0", "--json"]
    pen = subprocess.Popen([*PEN, "simulate", *options], stdout=subprocess.PIPE, text=True)
    assert pen.stdout is not None
    monkeypatch.setenv("PEN_PORT", json.loads(pen.stdout.readline())["url"])
    yield tmp_path
    pen.send_signal(signal.SIGINT)
    pen.wait(10)
    pen.stdout.close()


def treat(line: str) -> None:
    """Sit at the terminal: arm each zone, press until its dose is reached, go on."""
    with Terminal(["sh", "-c", f"exec {line}"], lines=30, columns=100) as terminal:
        for zone in ("CHEEK", "FOREHEAD", "CHEEK", "FOREHEAD"):
            terminal.wait_for(zone)
            terminal.wait_for("press a to arm")
            terminal.type("a")
            terminal.wait_for("ARMED")
            time.sleep(0.3)  # a person looks before the thumb goes down
            terminal.type(" ")
            terminal.wait_for("The dose of this zone is reached")
            terminal.type(" ")
            time.sleep(0.3)
            terminal.type("n")
        assert terminal.exit_code() == 0, terminal.shown[-1500:]


def test_the_tour_goes_from_a_plan_to_a_report(desk: Path) -> None:
    lines = commands()
    assert [line.split()[:2] for line in lines if line.startswith("pen")] == [
        ["pen", "plan"], ["pen", "plan"], ["pen", "plan"], ["pen", "treat"], ["pen", "records"],
        ["pen", "records"], ["pen", "course"],
    ]  # fmt: skip
    told = ""
    for line in lines:
        if line.startswith("pen treat"):
            treat(line)
            continue
        shell = ["sh", "-c", line]
        done = subprocess.run(shell, check=False, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{line}: {done.stderr}"
        told += done.stdout
    assert "complete (simulated)" in told
    assert "C-1042: Atrophic acne scars" in told  # the course, asked for with --simulated
    report = (desk / "tour.pdf").read_bytes()
    assert report.startswith(b"%PDF-")
    assert len(report) > 10_000
