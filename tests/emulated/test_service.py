"""The guarded way to MicroPython's prompt, on the image, with the tool people use for it.

The host's time-outs count the chip's milliseconds: on a busy machine these are longer than the
wall's, and a pen that is asked would seem to be silent.
"""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware.boards.image import Image
from host_controller.flashing import leave
from host_controller.flashing.world import Greeted, World
from host_controller.refusals import PenRefused
from host_controller.simulated.control_link import ControlLink
from host_controller.simulated.process import SimulatorProcess
from protocol import messages

MPREMOTE = str(Path(sys.executable).with_name("mpremote"))
LIMIT_S = 240  # the emulated chip is as quick as the machine is idle


@pytest.fixture
def simulator(image: Image) -> Iterator[SimulatorProcess]:
    options = ["--twin", "rp2040", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"]
    assert image.binary.exists()
    with SimulatorProcess(options) as process:
        yield process


def mpremote(url: str, *arguments: str) -> str:
    done = subprocess.run(
        [MPREMOTE, "connect", url, *arguments],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    return done.stdout


class ChipWorld(World):
    """The world in the chip's time."""

    def __init__(self, control: ControlLink) -> None:
        self._control = control

    def now_ms(self) -> int:
        return int(self._control.ask(status=True)["now_ms"])


@contextlib.contextmanager
def greeted(url: str, control: ControlLink) -> Iterator[Greeted]:
    found = ChipWorld(control).greet(url)
    try:
        yield found
    finally:
        found.close()


def ask_service(url: str, control: ControlLink) -> None:
    with greeted(url, control) as pen:
        pen.client.request(messages.UPDATE, leave.SERVICE, 0, b"service")


def until(control: ControlLink, now_ms: int) -> None:
    """Wait for simulated time."""
    end = time.monotonic() + LIMIT_S
    while control.ask(status=True)["now_ms"] < now_ms:
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_prompt_needs_the_button_and_serves_mpremote_with_the_drive_dead(
    simulator: SimulatorProcess, tmp_path: Path
) -> None:
    url = simulator.ready.url
    with contextlib.closing(ControlLink(simulator.ready.control)) as control:
        to_the_prompt_and_back(url, control, tmp_path)


def to_the_prompt_and_back(url: str, control: ControlLink, tmp_path: Path) -> None:
    with pytest.raises(PenRefused):
        ask_service(url, control)  # no program gets there alone
    start_ms = int(control.ask(press=True, restart=True, status=True)["now_ms"])
    until(control, start_ms + 6500)
    ask_service(url, control)
    control.ask(press=False)
    until(control, int(control.ask(status=True)["now_ms"]) + 1500)

    sent = tmp_path / "sent.bin"
    sent.write_bytes(bytes(range(256)) * 4)
    back = tmp_path / "back.bin"
    code = "import machine, os; print('at the prompt', os.uname().sysname, machine.Pin(4).value())"
    copies = ("cp", str(sent), ":", "+", "cp", ":sent.bin", str(back))
    said = mpremote(url, "exec", code, "+", *copies)
    assert "at the prompt rp2 0" in said
    assert back.read_bytes() == sent.read_bytes()
    assert not control.ask(truth=True)["truth"]["drive_enable"]

    mpremote(url, "reset")
    until(control, int(control.ask(status=True)["now_ms"]) + 1500)
    with greeted(url, control) as pen:
        assert pen.identity.product == "microneedling-pen"
