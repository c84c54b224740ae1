"""However the program ends, the pen is stopped, parked and the person told."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from host_controller import errors
from host_controller.cli.guard import stopping
from host_controller.cli.output import Output
from host_controller.pen import Pen
from host_controller.planning import plan_file
from host_controller.planning.plan_bytes import compile_plan
from protocol import codes
from tests.host_controller import kept
from tests.host_controller.fake_pen import FakePen, FakeTransport, served

PLAN = "host_controller/planning/examples/three_zones.toml"
posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture
def running(fake: FakePen) -> Iterator[Pen]:
    """A connected pen whose needles run."""
    transport = FakeTransport(fake)
    with Pen.over(transport, transport.clock_ms) as pen:
        start_needles(pen, fake)
        yield pen


def start_needles(pen: Pen, fake: FakePen) -> None:
    pen.push_plan(compile_plan(plan_file.load(PLAN), 7))
    pen.select_zone(1)
    pen.hold_lease()
    pen.client.pump()
    pen.arm()
    fake.press()
    for _ in range(20):
        pen.client.pump()
    assert fake.state == codes.STATE_RUNNING


def test_an_error_in_the_block_stops_the_pen_and_goes_on(
    running: Pen, fake: FakePen, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RuntimeError, match="boom"), stopping(running, Output()):
        raise RuntimeError("boom")
    assert fake.stop_reason == codes.STOP_HOST
    assert "senses its needles inside" in capsys.readouterr().err


def test_an_interrupt_stops_the_pen_and_becomes_exit_code_130(running: Pen, fake: FakePen) -> None:
    with pytest.raises(errors.Interrupted) as caught, stopping(running, Output()):
        raise KeyboardInterrupt
    assert caught.value.exit_code == 130
    assert "senses its needles inside" in caught.value.sentence
    assert caught.value.heading == "interrupted"
    assert fake.state == codes.STATE_CONFIGURED


@posix
def test_a_signal_to_end_is_an_interrupt(running: Pen, fake: FakePen) -> None:
    with pytest.raises(errors.Interrupted), stopping(running, Output()):
        signal.raise_signal(signal.SIGTERM)
    assert fake.stop_reason == codes.STOP_HOST


def test_a_pen_that_cannot_be_seen_to_stop_is_told_as_exposed(running: Pen, fake: FakePen) -> None:
    fake.parks = False
    exposed = pytest.raises(errors.Interrupted, match="treat the needles as exposed")
    with exposed as caught, stopping(running, Output()):
        raise KeyboardInterrupt
    assert caught.value.heading == "error"


def test_handlers_are_put_back(running: Pen) -> None:
    before = signal.getsignal(signal.SIGINT)
    with stopping(running, Output()):
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_a_block_that_ends_well_is_left_alone(running: Pen, fake: FakePen) -> None:
    with stopping(running, Output()):
        pass
    assert fake.state == codes.STATE_RUNNING


def host(url: str, *arguments: str) -> subprocess.Popen[str]:
    script = (
        "import sys; from host_controller.cli.main import run;"
        f"sys.exit(run(['--port', {url!r}, *{list(arguments)!r}]))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def until_running(fake: FakePen) -> None:
    until = time.monotonic() + 10
    while fake.state != codes.STATE_RUNNING and time.monotonic() < until:
        if fake.state == codes.STATE_ARMED:
            fake.press()
        time.sleep(0.01)
    assert fake.state == codes.STATE_RUNNING


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_treat_never_leaves_a_running_pen(fake: FakePen, number: signal.Signals) -> None:
    with served(fake) as url:
        process = host(url, "treat", PLAN, "--yes")
        until_running(fake)
        process.send_signal(number)
        _, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert fake.stop_reason == codes.STOP_HOST
    assert fake.state == codes.STATE_CONFIGURED
    assert "interrupted E170: Stopped: the pen senses its needles inside." in err
    assert "error" not in err
    assert kept.entries()[-1]["outcome"] == "interrupted"


@posix
def test_monitor_stops_a_pen_that_runs_without_tether(fake: FakePen) -> None:
    plan = plan_file.load(PLAN)
    image = compile_plan(plan.__class__(**{**plan.__dict__, "tethered": False}), 7)
    fake.plan, fake.zone, fake.state = image.data, 1, codes.STATE_ARMED
    with served(fake) as url:
        process = host(url, "monitor")
        assert process.stdout is not None
        process.stdout.readline()  # it is connected and shows what it hears
        until_running(fake)
        assert any("running" in line for line in process.stdout)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert fake.stop_reason == codes.STOP_HOST
    assert "senses its needles inside" in err


@posix
@pytest.mark.parametrize("announced", [True, False])
def test_a_treatment_with_a_running_simulated_pen_is_recorded_as_simulated(
    fake: FakePen, announced: bool
) -> None:
    from host_controller.simulated.announcements import SimulatedPen, announce

    if announced:
        announce(SimulatedPen("socket://elsewhere:1", fake.serial, os.getpid(), "cpython"))
    with served(fake) as url:
        process = host(url, "treat", PLAN, "--yes")
        until_running(fake)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=10)
    begin = next(entry for entry in kept.entries() if entry["type"] == "begin")
    assert begin["simulated"] == ("cpython" if announced else "")
    assert ("(simulated)" in err) == announced
