"""The `pen` command as a person types it: a process of its own, in a terminal of 80 columns.

Owns the terminal and the process behind it, until it has ended.
"""

import contextlib
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

PEN = (str(Path(sys.executable).with_name("pen")),)
KILLED_PEN = (sys.executable, "-m", "tests.emulated.killed_pen")
LIMIT_S = 240  # the emulated chip is as quick as the machine is idle
ROWS, COLUMNS = 40, 80
_STEERING = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Done(NamedTuple):
    """How a command ended; `screen` is both its outputs as they came, steering taken out."""

    code: int
    screen: str

    @property
    def lines(self) -> list[str]:
        """What a person reads in the end: a line that was written over counts once, as it ended."""
        return [line.rsplit("\r", 1)[-1].rstrip() for line in self.screen.split("\n")]


def pen(*arguments: str, killed_at: int = 0) -> Done:
    """Run a command to its end, or until it is killed at the block `killed_at` of new firmware."""
    command = (*KILLED_PEN, str(killed_at)) if killed_at else PEN
    near, far = pty.openpty()
    termios.tcsetwinsize(far, (ROWS, COLUMNS))
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": str(COLUMNS)}
    process = subprocess.Popen(
        [*command, *arguments], stdin=far, stdout=far, stderr=far, env=environment
    )
    os.close(far)
    seen = ""
    try:
        for text in _read(near):
            seen += text
        return Done(process.wait(LIMIT_S), seen)
    finally:
        process.kill()
        process.wait()
        os.close(near)


def _read(near: int) -> Iterator[str]:
    """Everything until the command has let go of its terminal."""
    end = time.monotonic() + LIMIT_S
    while True:
        left_s = end - time.monotonic()
        assert left_s > 0, "the command does not end"
        if not select.select([near], [], [], left_s)[0]:
            continue
        data = b""
        with contextlib.suppress(OSError):  # Linux says so when the other end is closed
            data = os.read(near, 65536)
        if not data:
            return
        yield _STEERING.sub("", data.decode()).replace("\r\n", "\n")


@contextlib.contextmanager
def simulated(*options: str) -> Iterator[dict[str, Any]]:
    """`pen simulate --json OPTIONS` in the background; what it says of itself."""
    command = [*PEN, "simulate", "--json", "--listen", "127.0.0.1:0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"the simulator ended with {process.wait(10)}"
        yield json.loads(line)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        if process.stdout:
            process.stdout.close()


def percent(screen: str) -> int:
    """How far the progress bar is; -1 before there is one."""
    shown = re.findall(r"(\d+)%", screen)
    return int(shown[-1]) if shown else -1
