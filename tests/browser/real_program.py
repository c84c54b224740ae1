"""`pen ui --simulate` as a person starts it: a process of its own, empty folders, an address.

Ended by its number. Owns the process and its folders.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from host_controller.simulated.control_link import ControlLink

END_S = 20.0  # it stops the pen and closes the record before it goes


def free_port() -> int:
    """A port of this computer that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RealProgram:
    """A running program; `address` opens it, `do` moves the simulated person."""

    def __init__(self, folder: Path, *options: str, environment: Mapping[str, str]) -> None:
        self.folder = folder
        control = f"127.0.0.1:{free_port()}"
        places = {f"PEN_{name}_DIR": str(folder / name.lower()) for name in ("DATA", "CONFIG")}
        # NiceGUI behaves otherwise under pytest; this is to be the program as it is.
        ours = ("PEN_", "PYTEST_", "NICEGUI_")
        clean = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
        self.environment = (
            clean | places | {"PEN_RUNTIME_DIR": str(folder / "run")} | dict(environment)
        )
        self._stderr = (folder / "stderr").open("w")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "host_controller.cli.main", "ui", "--simulate"),
                *("--no-window", "--control", control, *options),
            ],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            text=True,
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        self._hand: ControlLink | None = None
        if not self.address:
            self.close()
            raise RuntimeError(self.complaints)
        self._hand = ControlLink(control)

    def page(self, path: str = "/") -> str:
        """The opening address of one of its areas."""
        return urlunsplit(urlsplit(self.address)._replace(path=path))

    def do(self, **orders: Any) -> dict[str, Any]:
        """Orders for the simulated person, things and plant."""
        assert self._hand is not None
        return self._hand.ask(**orders)

    @property
    def truth(self) -> dict[str, Any]:
        """What really happens on the simulated pen."""
        return dict(self.do(truth=True)["truth"])

    def until_off(self) -> None:
        """Wait until drive-enable is low; raises TimeoutError."""
        end = time.monotonic() + END_S
        while self.truth["drive_enable"]:
            if time.monotonic() > end:
                raise TimeoutError("the pen does not stop")

    @property
    def complaints(self) -> str:
        """What it wrote on stderr."""
        return (self.folder / "stderr").read_text()

    def close(self) -> None:
        """End it in order, by its number."""
        if self._hand is not None:
            self._hand.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(END_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        self._stderr.close()


@contextmanager
def started(*options: str, **environment: str) -> Iterator[RealProgram]:
    """The program with empty folders, ended afterwards."""
    with tempfile.TemporaryDirectory(prefix="pen-ui-") as folder:
        program = RealProgram(Path(folder), *options, environment=environment)
        try:
            yield program
        finally:
            program.close()
