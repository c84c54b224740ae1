"""Starts a simulator as a subprocess and ends it again.

It runs in a process group of its own, so that Ctrl-C reaches this program alone, which then stops
the pen in order; it ends by itself when this program is gone. Owns the subprocess.
"""

import contextlib
import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any, NamedTuple

from host_controller import errors

READY_TIMEOUT_S = 60.0  # the first start may compile the firmware on a slow machine
END_TIMEOUT_S = 5.0


class Ready(NamedTuple):
    """What the simulator says of itself once it runs; addresses are "" where there is none."""

    url: str
    pty: str
    control: str
    twin: str
    interpreter: str
    process_id: int
    boot_disk: str = ""
    serial_number: str = ""


def _ready(line: str) -> Ready:
    facts = json.loads(line)
    if facts.get("firmware_error"):
        raise errors.SimulatorFailed(
            "The firmware on the simulated pen has died.", cause=str(facts["firmware_error"])
        )
    return Ready(
        facts.get("url") or "",
        facts.get("pty") or "",
        facts.get("control") or "",
        str(facts["twin"]),
        str(facts["interpreter"]),
        int(facts["process_id"]),
        facts.get("boot_disk") or "",
        str(facts.get("unique_id", "")),
    )


class SimulatorProcess:
    """A running simulator; use as a context manager."""

    def __init__(self, options: Sequence[str]) -> None:
        """Start `python -m hardware.simulator serve` with `options`; raises SimulatorFailed."""
        command = [sys.executable, "-m", "hardware.simulator", "serve", *options]
        command += ["--json", "--exit-with-parent"]
        apart: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, **apart
        )
        try:
            self.ready = self._wait_ready()
        except BaseException:
            self.close()
            raise

    def _wait_ready(self) -> Ready:
        stream = self._process.stdout
        assert stream is not None
        line = _read_line(stream) if os.name == "posix" else stream.readline()
        try:
            return _ready(line)
        except (ValueError, KeyError, TypeError) as error:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(END_TIMEOUT_S)
            code = self._process.poll()
            ended = f"it ended with exit code {code}" if code is not None else f"it said {line!r}"
            kinds = {errors.EXIT_PORT: errors.PortBusy, errors.EXIT_USAGE: errors.UsageError}
            raise kinds.get(code or 0, errors.SimulatorFailed)(
                "The simulated pen did not start.",
                cause=f"Its message stands above; {ended}.",
                next_step="Choose another address with --listen, or install MicroPython with "
                "`make setup`; `--twin cpython` needs none.",
            ) from error

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def wait(self) -> int:
        """Wait for its end; returns its exit code."""
        return self._process.wait()

    def close(self) -> None:
        """End it; closing twice is harmless."""
        if self.alive:
            self._process.terminate()
            try:
                self._process.wait(END_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._process.stdout:
            with contextlib.suppress(OSError):
                self._process.stdout.close()

    def __enter__(self) -> "SimulatorProcess":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()


def _read_line(stream: Any) -> str:
    """One line, or what came until the time was over or the process ended."""
    until = time.monotonic() + READY_TIMEOUT_S
    received = b""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while b"\n" not in received and selector.select(max(0.0, until - time.monotonic())):
            data = os.read(stream.fileno(), 4096)
            if not data:
                break
            received += data
    return received.decode("utf-8", "replace")
