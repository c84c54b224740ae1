"""Time-outs of a simulated pen count the pen's milliseconds, however slow the computer is."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from host_controller.client import monotonic_ms
from host_controller.simulated import announcements
from host_controller.simulated.pen_clock import PenClock, clock_of

URL = "socket://127.0.0.1:7333"


class Simulator:
    """A control port that tells the times it was given, and ends after them."""

    def __init__(self, times: list[int]) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self._times = times
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        link, _ = self.listener.accept()
        with link, link.makefile("rb") as asked:
            for now_ms in self._times:
                if not asked.readline():
                    return
                link.sendall(json.dumps({"ok": True, "now_ms": now_ms}).encode() + b"\n")

    def close(self) -> None:
        self._thread.join(5)
        self.listener.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PEN_RUNTIME_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    made = Simulator([100, 101, 90, 5000])
    yield made
    made.close()


def announce(control: str, url: str = URL) -> None:
    announcements.announce(
        announcements.SimulatedPen(url, "73696d01", os.getpid(), "rp2040", "", control)
    )


def test_it_tells_the_pens_time_never_backwards_and_goes_on_when_the_simulator_ends(
    simulator: Simulator,
) -> None:
    clock = PenClock(simulator.address)
    assert [clock(), clock(), clock(), clock()] == [100, 101, 101, 5000]
    simulator.close()
    before_ms = monotonic_ms()
    first = clock()
    assert 5000 <= first <= 5000 + monotonic_ms() - before_ms
    assert clock() >= first
    clock.close()


def test_it_is_the_announced_pens_clock(folder: Path, simulator: Simulator) -> None:
    announce(simulator.address)
    clock = clock_of(URL)
    assert isinstance(clock, PenClock)
    assert clock() == 100
    clock.close()


def test_for_any_other_pen_it_is_the_walls(folder: Path) -> None:
    assert clock_of() is monotonic_ms
    announce("127.0.0.1:1")  # nobody there
    assert clock_of(URL) is monotonic_ms
    assert clock_of("/dev/ttyACM0") is monotonic_ms
