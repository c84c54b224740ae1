"""A simulated pen, the program, a browser and a window with running needles: what figures need.

The pen is a process beside the program, so that it goes on when the program is killed. Times are
the wall's, in seconds; a browser's clock begins with the same wall. Owns the processes.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from host_controller.simulated.control_link import ControlLink
from tests.browser import walk
from tests.browser.chromium import Windows, running
from tests.browser.walk import Walk

END_S = 20.0
SETTLE_S = 0.3  # of running before something happens to it: up to speed
SEATED = re.compile("Cartridge seated|Ready to arm")
RUNS_PER_VISIT = 3  # of a second each: then the zone's dose is near, after which nothing is armed
LOOK_S = 0.002  # between two looks at the plant: each of them costs the pen a little time


class Pen:
    """The simulated pen and its control port."""

    def __init__(self, ready: dict[str, Any]) -> None:
        self.url = str(ready["url"])
        self.link = ControlLink(str(ready["control"]))

    def do(self, **orders: Any) -> dict[str, Any]:
        return self.link.ask(**orders)

    @property
    def truth(self) -> dict[str, Any]:
        return dict(self.do(truth=True)["truth"])

    def until_off(self, limit_s: float = 3.0) -> tuple[float, float]:
        """Wait until the motor is driven no more and drive-enable is low: when each of it was.

        Raises TimeoutError.
        """
        end = time.time() + limit_s
        while time.time() < end:
            truth, now_s = self.truth, time.time()
            if not truth["drive_enable"]:
                driven_s = now_s - truth["driven_ago_ms"] / 1000
                return driven_s, now_s - truth["enable_low_ms"] / 1000
            time.sleep(LOOK_S)
        raise TimeoutError(f"the pen did not stop within {limit_s} s")


class World:
    """One pen, one program after another, one browser."""

    def __init__(self, pen: Pen, windows: Windows, folder: Path) -> None:
        self.pen = pen
        self._windows = windows
        self._folder = folder
        self._programs = 0
        self._runs = 0  # of this visit
        self.program: subprocess.Popen[str] | None = None
        self.address = ""
        self.begin()

    def begin(self) -> None:
        """Start the program; the one before is gone."""
        self._programs += 1
        folder = self._folder / str(self._programs)
        places = {f"PEN_{name}_DIR": str(folder / name) for name in ("DATA", "CONFIG", "RUNTIME")}
        self.program = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.evidence.hindered_ui", "ui", "--no-window"),
                *("--port", self.pen.url),
            ],
            env=os.environ | places,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.program.stdout is not None
        self.address = self.program.stdout.readline().strip()

    def signal(self, number: int) -> None:
        """Let the program be hindered, or kill it."""
        assert self.program is not None
        self.program.send_signal(number)

    def end(self) -> None:
        """End the program in order."""
        assert self.program is not None
        if self.program.poll() is None:
            self.program.terminate()
        try:
            self.program.wait(END_S)
        except subprocess.TimeoutExpired:
            self.program.kill()
            self.program.wait()
        assert self.program.stdout is not None
        self.program.stdout.close()

    def window(self) -> Page:
        """A window that has control."""
        return walk.in_control(self._windows.open(self.address, guarded=False))

    def close_windows(self) -> None:
        self._windows.close()

    def ready(self, page: Page) -> Walk:
        """From the client to the live page, in the largest zone; the hand is in the air."""
        steps = Walk(page, self.pen)
        self._visit(steps)
        return steps

    def _visit(self, steps: Walk) -> None:
        self._runs = 0
        self.pen.do(press=False, contact=False, cartridge="remove")
        steps.state("Ready, no cartridge")
        self.pen.do(cartridge={"pins": 12, "state": "new"})
        steps.state(SEATED)
        steps.client()
        steps.questions()
        steps.send()

    def run(self, steps: Walk) -> None:
        """Arm and press until the needles run; again when a stop came in between.

        After RUNS_PER_VISIT of them, in a visit of its own.
        """
        if self._runs == RUNS_PER_VISIT:
            steps.home()
            self._visit(steps)
        self._runs += 1
        for _ in range(5):
            self.pen.do(press=False)
            steps.arm()
            self.pen.do(press=True)
            end = time.time() + 5
            while time.time() < end:
                if self.pen.truth["rate_hz"] > 50:
                    time.sleep(SETTLE_S)
                    if self.pen.truth["rate_hz"] > 50:
                        return
                    break
                time.sleep(0.02)
        raise TimeoutError("the needles do not run")


@contextmanager
def simulated() -> Iterator[Pen]:
    """The simulated pen at real-time pace, in a process of its own."""
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "hardware.simulator", "serve", "--twin", "micropython"),
            *("--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"),
            *("--json", "--exit-with-parent"),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        pen = Pen(json.loads(server.stdout.readline()))
        yield pen
        pen.link.close()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(END_S)


@contextmanager
def world() -> Iterator[World]:
    """Everything, ended afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="pen-ui-") as folder,
        simulated() as pen,
        running() as browser,
    ):
        windows = Windows(browser)
        made = World(pen, windows, Path(folder))
        try:
            yield made
        finally:
            windows.close()
            made.end()
