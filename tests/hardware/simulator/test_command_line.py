"""`python -m hardware.simulator serve` as a person or the host starts it: a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import serial

from hardware.simulator.command_line import main

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
SERVE = [sys.executable, "-m", "hardware.simulator", "serve"]
HELLO = bytes.fromhex("00")  # an empty frame: the pen ignores it


@contextmanager
def started(*options: str, twin: str = "cpython") -> Iterator[tuple[subprocess.Popen[str], Any]]:
    """A simulator that has said that it is ready; its end is the test's or ours."""
    process = subprocess.Popen(
        [*SERVE, "--twin", twin, "--json", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


class Asker:
    """One connection to a control port."""

    def __init__(self, address: str) -> None:
        host, port = address.rsplit(":", 1)
        self.connection = socket.create_connection((host, int(port)), timeout=60)
        self.stream = self.connection.makefile("rwb")

    def __call__(self, **request: Any) -> Any:
        self.stream.write(json.dumps(request).encode() + b"\n")
        self.stream.flush()
        return json.loads(self.stream.readline())

    def __enter__(self) -> "Asker":
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()
        self.connection.close()


def test_it_says_where_it_serves_and_the_firmware_runs() -> None:
    options = ("--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--seed", "5")
    with started(*options) as (process, ready):
        assert ready["ready"] is True
        assert ready["firmware_error"] is None
        assert ready["interpreter"].startswith("cpython 3.")
        assert (ready["seed"], ready["clock"], ready["pty"]) == (5, "realtime", None)
        assert ready["process_id"] == process.pid
        with (
            Asker(ready["control"]) as ask,
            serial.serial_for_url(ready["url"], timeout=20) as host,
        ):
            host.write(HELLO)
            while ask(truth=True)["truth"]["now_ms"] < 300:
                pass
            assert ask(status=True)["firmware_error"] is None


@pytest.mark.mpy
def test_micropython_is_what_runs_unless_said_otherwise(micropython: Path) -> None:
    process = subprocess.Popen(
        [*SERVE, "--listen", "127.0.0.1:0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    process.terminate()
    _, errors = process.communicate(timeout=60)
    assert line.startswith("Simulated pen on micropython 1.")
    assert "socket://127.0.0.1:" in line
    assert (process.returncode, errors) == (0, "")


posix = pytest.mark.skipif(os.name != "posix", reason="signals and pseudo-terminals are POSIX")


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(number: signal.Signals, tmp_path: Path) -> None:
    link = tmp_path / "pen"
    with started("--listen", "127.0.0.1:0", "--pty", str(link)) as (process, ready):
        assert ready["pty"] == str(link)
        assert link.is_symlink()
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")
    assert not link.is_symlink()


@posix
def test_it_ends_when_its_parent_is_gone() -> None:
    options = ("--twin", "cpython", "--json", "--listen", "127.0.0.1:0", "--exit-with-parent")
    starter = "import subprocess, sys; subprocess.run(sys.argv[1:])"
    with subprocess.Popen(
        [sys.executable, "-c", starter, *SERVE, *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        assert json.loads(parent.stdout.readline())["ready"]
        parent.kill()
        # Reads until the last holder of the pipe, the simulator, is gone.
        assert parent.stdout.read() == ""


@posix
@pytest.mark.mpy
def test_no_interpreter_outlives_a_killed_simulator(micropython: Path) -> None:
    with started("--listen", "127.0.0.1:0", twin="micropython") as (process, _):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        if not children.exists():
            pytest.skip("this kernel does not list children")
        interpreters = [int(number) for number in children.read_text().split()]
        assert len(interpreters) == 1
        pidfd = os.pidfd_open(interpreters[0])
        process.kill()
        process.wait()
        import select

        assert select.select([pidfd], [], [], 20)[0], "the interpreter is still there"
        os.close(pidfd)


def test_stepped_time_runs_the_real_firmware_the_same_way_twice(tmp_path: Path) -> None:
    answers = []
    for _ in range(2):
        with started("--clock", "stepped", "--control", "127.0.0.1:0") as (_, ready):
            assert ready["url"] is None
            with Asker(ready["control"]) as ask:
                answers.append(
                    [
                        ask(advance_ms=900),
                        ask(data="00", advance_ms=50, until_bytes=True),
                        ask(cartridge="remove", advance_ms=100),
                        ask(truth=True, status=True),
                    ]
                )
    assert answers[0] == answers[1]
    assert answers[0][3]["now_ms"] >= 1050
    assert answers[0][3]["truth"]["depth_um"] < 50  # it has homed


def test_the_flash_file_survives(tmp_path: Path) -> None:
    flash = tmp_path / "pen.flash"
    for _ in range(2):
        options = ("--clock", "stepped", "--control", "127.0.0.1:0", "--flash", str(flash))
        with started(*options) as (_, ready), Asker(ready["control"]) as ask:
            ask(advance_ms=1000)
            assert ask(status=True)["firmware_error"] is None
    assert flash.stat().st_size == 512 * 1024


def test_a_busy_port_is_told_with_exit_code_5(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert main(["serve", "--twin", "cpython", "--listen", address]) == 5
    assert "in use" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (["--listen", "0.0.0.0:0"], "this computer only"),
        (["--listen", "nonsense"], "HOST:PORT"),
        (["--clock", "stepped"], "--control"),
        (["--clock", "stepped", "--control", "127.0.0.1:0", "--listen", "127.0.0.1:0"], "leave"),
        (["--cartridge", "13"], "not 12, 24, 36"),
        (["--twin", "abacus"], "invalid choice"),
    ],
)
def test_wrong_usage_is_told_with_exit_code_2(
    options: list[str], part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(["serve", "--twin", "cpython", *options])
    except SystemExit as end:
        code = int(end.code or 0)
    assert code == 2
    assert part in capsys.readouterr().err


def test_a_flash_file_of_another_size_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "flash").write_bytes(b"short")
    options = ["--listen", "127.0.0.1:0", "--flash", str(tmp_path / "flash")]
    assert main(["serve", "--twin", "cpython", *options]) == 2
    assert "has 5 bytes" in capsys.readouterr().err
