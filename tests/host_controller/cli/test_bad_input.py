"""Bad input: each kind is refused with number, sentence and next step, and the pen is unchanged."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from protocol import codes
from tests.host_controller import kept
from tests.host_controller.cli.conftest import Result, Run
from tests.host_controller.fake_pen import FakePen, served

PLAN = "host_controller/planning/examples/three_zones.toml"


def complete(result: Result, number: str, code: int) -> None:
    """The error has its number, a cause and a next step, and the exit code."""
    assert result.code == code
    assert f"error {number}:" in result.err
    # A refusal's sentence is its cause; an empty one is not shown.
    assert ("\n  cause: " in result.err) == (not number.startswith("R"))
    assert "\n  next:  " in result.err
    assert "Traceback" not in result.err


def test_no_pen(pen: Run) -> None:
    complete(pen("info"), "E110", 3)
    complete(pen("info", "--port", "AA01"), "E110", 3)
    complete(pen("info", "--port", "/dev/no-such-port"), "E112", 3)


def test_nobody_listens(pen: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    complete(pen("info", "--port", f"socket://127.0.0.1:{port}"), "E113", 3)


def test_several_pens(pen: Run) -> None:
    from host_controller.simulated.announcements import SimulatedPen, announce, folder

    announce(SimulatedPen("socket://127.0.0.1:1", "ONE", os.getpid(), "cpython"))
    other = announce(SimulatedPen("socket://127.0.0.1:2", "TWO", os.getppid(), "cpython"))
    assert other is not None
    assert other.parent == folder()
    result = pen("info")
    complete(result, "E111", 4)
    assert "ONE" in result.err
    assert "TWO" in result.err
    assert pen("info", "--json").object["exit_code"] == 4


def test_port_busy(pen: Run, url: str) -> None:
    host, port = url.removeprefix("socket://").split(":")
    with socket.create_server(("127.0.0.1", 0)) as door:
        import threading

        def turn_away() -> None:
            door.accept()[0].close()

        thread = threading.Thread(target=turn_away)
        thread.start()
        complete(pen("info", "--port", f"socket://127.0.0.1:{door.getsockname()[1]}"), "E114", 5)
        thread.join()
    assert pen("info", "--port", f"socket://{host}:{port}").code == 0


def test_no_permission(pen: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import serial

    def deny(*_: object, **__: object) -> None:
        raise serial.SerialException(13, "could not open port: Permission denied")

    monkeypatch.setattr(serial, "serial_for_url", deny)
    result = pen("info", "--port", "/dev/ttyACM0")
    complete(result, "E115", 5)
    assert "--udev-rule" in result.err


def test_another_schema(pen: Run) -> None:
    with served(FakePen(schema="0badcafe", firmware="99.0.0")) as url:
        result = pen("info", "--port", url)
        complete(result, "E120", 6)
        assert "This program is older" in result.err
        assert "pip install --upgrade" in result.err
        stopped = pen("stop", "--port", url)
        assert stopped.code == 6
        assert "took the order to stop" in stopped.err


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("host_controller.timeouts.HELLO_ATTEMPTS", 2)


@pytest.mark.usefixtures("impatient")
def test_something_that_is_no_pen(pen: Run) -> None:
    fake = FakePen()
    fake.mute = True
    fake.out += b"login: root\r\npassword: " * 4
    with served(fake) as url:
        complete(pen("info", "--port", url), "E118", 1)


@pytest.mark.usefixtures("impatient")
def test_a_pen_that_does_not_answer(pen: Run) -> None:
    fake = FakePen()
    fake.mute = True
    with served(fake) as url:
        complete(pen("info", "--port", url), "E117", 1)


@pytest.mark.parametrize(
    ("text", "number", "code", "words"),
    [
        ('zone = "nosse"\ndepth_mm = 0.25', "E131", 2, "Did you mean 'nose'?"),
        ('zone = "nose"\ndepth_mm = 0.80', "E132", 7, "0.75 mm with an override"),
        ('zone = "nose"\ndepth_mm = 0.60', "E132", 7, "the cap for nose"),
        ('zone = "body-scar"\ndepth_mm = 2.6', "E132", 7, "0.05 to 2.50 mm"),
        ('zone = "nose"\ndepth_mm = -0.25', "E132", 7, "negative"),
        ('zone = "nose"\ndepth_mm = nan', "E131", 2, "not a finite number"),
        ('zone = "nose"\ndepth_mm = "deep"', "E131", 2, "A number was expected"),
    ],
)
def test_plans_that_ask_for_the_wrong_thing(
    at: Run, fake: FakePen, tmp_path: Path, text: str, number: str, code: int, words: str
) -> None:
    assert at("plan", "push", PLAN).code == 0
    before, told = fake.plan, len(fake.requests)
    path = tmp_path / "bad.toml"
    path.write_text(f'format = "pen-plan/1"\n[cartridge]\npins = 12\n[[zones]]\n{text}\n')
    result = at("plan", "push", str(path))
    complete(result, number, code)
    assert words in result.err
    assert f"{path}:" in result.err
    assert fake.plan == before
    assert len(fake.requests) == told  # the pen was not even asked
    as_json = at("plan", "push", str(path), "--json").object
    assert as_json["details"][0]["line"] in (5, 6)


@pytest.mark.parametrize("size", [0, 10_000_000])
def test_plans_that_are_empty_or_huge(at: Run, fake: FakePen, tmp_path: Path, size: int) -> None:
    path = tmp_path / "bad.toml"
    with path.open("wb") as stream:
        stream.truncate(size)
    complete(at("plan", "push", str(path)), "E130", 2)
    assert fake.plan is None


@pytest.mark.parametrize("path", [".", os.devnull])
def test_a_folder_or_a_device_instead_of_a_plan(at: Run, fake: FakePen, path: str) -> None:
    result = at("plan", "push", path)
    complete(result, "E130", 2)
    assert "next:  Name the plan's own file" in result.err
    assert fake.plan is None


def test_a_plan_pushed_while_running(at: Run, fake: FakePen) -> None:
    assert at("plan", "push", PLAN).code == 0
    at("select", "nose")
    before = fake.plan
    fake.state = codes.STATE_ARMED
    fake._lease_until = 1 << 40
    fake.press()
    until = time.monotonic() + 10
    while fake.state != codes.STATE_RUNNING and time.monotonic() < until:
        time.sleep(0.01)
    result = at("plan", "push", PLAN)
    complete(result, "R04", 7)
    assert "running" in result.err
    assert fake.plan == before
    assert fake.state == codes.STATE_RUNNING


def test_a_host_that_is_killed_during_a_push_leaves_the_old_plan(
    at: Run, url: str, fake: FakePen, tmp_path: Path
) -> None:
    assert at("plan", "push", PLAN).code == 0
    before = fake.plan
    script = (
        "import os, signal, sys\n"
        "from host_controller.pen import Pen\n"
        "from host_controller.planning import plan_file\n"
        "from host_controller.planning.plan_bytes import compile_plan\n"
        f"image = compile_plan(plan_file.load({PLAN!r}), 99)\n"
        f"pen = Pen.open({url!r})\n"
        "transport = pen.client.transport\n"
        "whole = transport.write\n"
        "def half(data):\n"
        "    if len(data) < len(image.data):\n"
        "        return whole(data)\n"
        "    whole(data[: len(data) // 2])\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "transport.write = half\n"
        "pen.push_plan(image)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == -signal.SIGKILL
    shown = at("plan", "show", "--json").object  # the pen has read all that came before it
    assert shown["session_id"] != 99
    assert fake.plan == before


def test_a_pen_unplugged_in_the_middle_of_a_treatment(pen: Run, fake: FakePen) -> None:
    """The cable comes loose while the needles run: the record is closed, the danger is told."""
    with served(fake) as url:
        script = (
            "import sys; from host_controller.cli.main import run;"
            f"sys.exit(run(['--port', {url!r}, 'treat', {PLAN!r}, '--yes', '--json']))"
        )
        host = subprocess.Popen(
            [sys.executable, "-c", script],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        until = time.monotonic() + 10
        while fake.state != codes.STATE_RUNNING and time.monotonic() < until:
            if fake.state == codes.STATE_ARMED:
                fake.press()
            time.sleep(0.01)
        assert fake.state == codes.STATE_RUNNING
    out, err = host.communicate(timeout=10)  # the server has gone: unplugged
    assert host.returncode == 1
    assert "error E116" in err
    assert "treat the needles as exposed" in err
    assert kept.kind_names()[-1] == "end"
    assert kept.entries()[-1]["outcome"] == "failed"
    assert kept.broken() == []
    assert out


@pytest.mark.parametrize(
    "arguments",
    [
        ("treat", "--yes", "--client", "Anna Schmidt"),
        ("treat",),
        ("treat", "no-such-plan.toml", "--yes"),
        ("treat", "--yes"),
        ("plan", "push", PLAN, "--session", "zz"),
        ("plan", "push", PLAN, "--session", "0"),
        ("monitor", "--hz", "0"),
        ("monitor", "--hz", "201"),
        ("settings", "set", "a=1", "a=2"),
        ("completion", "tcsh"),
        ("simulate", "--listen", "foo"),
        ("simulate", "--listen", "127.0.0.1:65536"),
        ("simulate", "--listen", "127.0.0.1:0", "--control", "7334"),
        ("no-such-command",),
        ("--no-such-option",),
    ],
)
def test_usage_that_cannot_be_meant(at: Run, arguments: tuple[str, ...]) -> None:
    result = at(*arguments)
    assert result.code == 2
    assert "next:" in result.err
    assert "Traceback" not in result.err


def test_records_that_cannot_be_written_stop_a_treatment_before_it_begins(
    at: Run, fake: FakePen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("PEN_DATA_DIR", str(tmp_path / "file"))
    complete(at("treat", PLAN, "--yes"), "E141", 1)
    assert fake.plan is None
