"""The command against the real firmware on a simulated pen, as a person uses it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from host_controller.simulated.control_link import ControlLink
from protocol.codes import RESULT_CARTRIDGE_USED
from tests.host_controller import kept
from tests.host_controller.cli.conftest import Run
from tests.host_controller.cli.terminal import Terminal

pytestmark = [pytest.mark.system, pytest.mark.slow]
PLAN = "host_controller/planning/examples/three_zones.toml"
PEN = [sys.executable, "-m", "host_controller.cli.main"]

BOOTED_MS = 1500  # a button that is down during the self-test is a fault


class Simulated:
    """A simulator started by `pen simulate`, and its control port."""

    def __init__(self) -> None:
        options = ["--twin", "cpython", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"]
        self._process = subprocess.Popen(
            [*PEN, "simulate", *options, "--json"], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.facts: dict[str, Any] = json.loads(self._process.stdout.readline())
        self.url: str = self.facts["url"]
        self.control = ControlLink(self.facts["control"])

    def truth(self) -> dict[str, Any]:
        return dict(self.control.ask(truth=True)["truth"])

    def press_until_running(self) -> bool:
        """Press afresh and look half a second later: the start needs an armed pen."""
        if self.truth()["now_ms"] < BOOTED_MS:
            return False
        self.control.ask(press=False)
        time.sleep(0.1)
        self.control.ask(press=True)
        time.sleep(0.5)
        return bool(self.truth()["drive_enable"])

    def end(self) -> int:
        self.control.close()
        self._process.send_signal(signal.SIGINT)
        code = self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return code


@pytest.fixture
def simulated() -> Iterator[Simulated]:
    made = Simulated()
    yield made
    made.end()


def wait(condition: Any) -> None:
    until = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_every_command_against_the_real_firmware(simulated: Simulated, pen: Run) -> None:
    serial = simulated.facts["serial_number"]
    assert serial in pen("list").out

    def at(*arguments: str) -> Any:
        result = pen("--port", serial, *arguments, "--json")
        assert result.code == 0, result.err
        return result.object

    assert at("info")["firmware"]
    assert at("self-test")["failed"] == []
    settings = at("settings")["settings"]
    name, value = next(iter(settings.items()))
    assert at("settings", "set", f"{name}={value}")["settings"] == {name: value}
    pushed = at("plan", "push", PLAN)
    assert at("plan", "show")["sha256"] == pushed["sha256"]
    assert at("select", "nose")["state_name"] == "configured"
    assert at("monitor", "--count", "5")["needles_in"] is True
    assert at("stop")["needles_in"] is True
    assert at("faults")["standing"] is None
    assert at("records", "pen")["entries"] == []
    assert {check["outcome"] for check in at("doctor")["checks"]} <= {"ok", "warning", "skipped"}


def test_the_pen_refuses_what_the_host_would_have_let_pass(simulated: Simulated) -> None:
    """Limits are the pen's: a client that checks nothing is refused by the firmware itself."""
    from host_controller.pen import Pen
    from host_controller.planning.plan import Plan, PlanZone
    from host_controller.planning.plan_bytes import compile_plan
    from host_controller.refusals import PenRefused
    from protocol import codes

    def push(**changes: int) -> PenRefused:
        fields = {"zone": 5, "depth_um": 250, "rate_chz": 8000, "passes": 2, "time_limit_s": 60,
                  "dose_limit_per_cm2": 300, "area_mm2": 1200}  # fmt: skip
        row = PlanZone(**{**fields, **changes})
        plan = Plan("x", False, True, False, 12, 2500, "starter1", (row,))
        with Pen.open(simulated.url) as pen:
            with pytest.raises(PenRefused) as caught:
                pen.push_plan(compile_plan(plan, 5))
            assert pen.plan_info() is None
        return caught.value

    assert push(depth_um=600).code == codes.RESULT_ABOVE_ZONE_CAP
    assert push(depth_um=760, override_reason=1).code == codes.RESULT_ABOVE_OVERRIDE_MAX
    assert push(rate_chz=16000).code == codes.RESULT_RATE_OUT_OF_RANGE
    assert push(zone=99).exit_code == 7
    assert push(depth_um=2510, override_reason=1).exit_code == 7


def test_a_plan_pushed_while_running_and_a_host_killed_while_treating(
    simulated: Simulated, pen: Run
) -> None:
    treating = subprocess.Popen(
        [*PEN, "--port", simulated.url, "treat", PLAN, "--yes", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    simulated.control.ask(zone="forehead", contact=True)

    wait(simulated.press_until_running)
    busy = pen("--port", simulated.url, "plan", "push", PLAN)
    assert busy.code == 5  # one host at a time
    treating.kill()
    treating.communicate()
    wait(lambda: simulated.truth()["parked"])
    simulated.control.ask(press=False)
    info = pen("--port", simulated.url, "info", "--json").object
    assert info["status"]["stop_name"] == "lease lost"
    assert info["status"]["needles_in"] is True
    assert kept.broken() == []


def test_a_push_over_the_same_cable_while_running_changes_nothing(simulated: Simulated) -> None:
    from host_controller.pen import Pen
    from host_controller.planning import plan_file
    from host_controller.planning.plan_bytes import compile_plan
    from host_controller.refusals import PenRefused
    from protocol import codes

    plan = plan_file.load(PLAN)
    with Pen.open(simulated.url) as pen:
        pen.push_plan(compile_plan(plan, 5))
        pen.select_zone(1)
        pen.wait_for(lambda s: s.state == codes.STATE_CONFIGURED and s.needles_in, 3000)
        pen.hold_lease()
        for _ in range(5):
            pen.client.pump()
        pen.arm()
        pen.client.pump()
        simulated.control.ask(press=True)
        assert pen.wait_for(lambda s: s.state == codes.STATE_RUNNING, 2000).state_name == "running"
        with pytest.raises(PenRefused) as caught:
            pen.push_plan(compile_plan(plan, 6))
        assert caught.value.code == codes.RESULT_WRONG_STATE
        assert pen.status().state == codes.STATE_RUNNING
        pen.stop()
        assert pen.wait_parked().needles_in
        info = pen.plan_info()
    assert info is not None
    assert info.session_id == 5


def test_a_host_killed_during_a_push_leaves_the_old_plan(simulated: Simulated, pen: Run) -> None:
    first = pen("--port", simulated.url, "plan", "push", PLAN, "--json").object
    script = (
        "import os, signal\n"
        "import host_controller.pen as module\n"
        "from host_controller.planning import plan_file\n"
        "from host_controller.planning.plan_bytes import compile_plan\n"
        "module.CHUNK_BYTES = 20\n"
        "module.Pen._push_at_once = lambda *_: None\n"  # else all of it is on its way at once
        f"image = compile_plan(plan_file.load({PLAN!r}), 99)\n"
        f"pen = module.Pen.open({simulated.url!r})\n"
        "pen.push_plan(image, lambda sent, total: os.kill(os.getpid(), signal.SIGKILL))\n"
    )
    killed = subprocess.run([sys.executable, "-c", script], check=False)
    assert killed.returncode == -signal.SIGKILL
    shown = pen("--port", simulated.url, "plan", "show", "--json").object
    assert shown["sha256"] == first["sha256"]
    assert shown["session_id"] == first["session_id"]


def test_a_treatment_is_continued_with_the_same_cartridge(simulated: Simulated, pen: Run) -> None:
    def treat(*options: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*PEN, "--port", simulated.url, "treat", PLAN, "--yes", *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    first = treat()
    simulated.control.ask(zone="forehead", contact=True)
    wait(simulated.press_until_running)
    time.sleep(0.5)
    first.send_signal(signal.SIGINT)
    assert first.communicate(timeout=20)[0] is not None
    assert first.returncode == 130
    simulated.control.ask(press=False)
    record = kept.entries()[-1]["record_id"]
    used = pen("--port", simulated.url, "info", "--json").object["cartridge"]
    assert used["used_session_id"] != 0

    again = treat("--continue", record)
    wait(simulated.press_until_running)
    again.send_signal(signal.SIGINT)
    again.communicate(timeout=20)
    assert again.returncode == 130
    simulated.control.ask(press=False)
    begins = [entry for entry in kept.entries() if entry["type"] == "begin"]
    assert begins[1]["continues"] == record
    assert begins[1]["session_id"] == begins[0]["session_id"]

    pen("--port", simulated.url, "plan", "push", PLAN)  # a new session: this cartridge is used
    pen("--port", simulated.url, "select", "nose")
    found = pen("--port", simulated.url, "info", "--json").object
    assert found["cartridge"]["result"] == RESULT_CARTRIDGE_USED
    assert found["status"]["state_name"] != "configured"


def test_a_cable_pulled_in_the_middle(simulated: Simulated) -> None:
    treating = subprocess.Popen(
        [*PEN, "--port", simulated.url, "treat", PLAN, "--yes"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    simulated.control.ask(zone="forehead", contact=True)
    wait(simulated.press_until_running)
    simulated.control.ask(cable=False)
    _, err = treating.communicate(timeout=20)
    assert treating.returncode == 1
    assert "error E116" in err
    assert "250 ms" in err
    wait(lambda: simulated.truth()["parked"])


def test_demo_ends_with_the_promised_object(pen: Run) -> None:
    result = pen("demo", "--speed", "max", "--twin", "cpython")
    assert result.code == 0, result.err
    found = result.object
    assert list(found) == [
        "schema", "interpreter", "zones", "faults", "needles_in", "record_id"
    ]  # fmt: skip
    assert [(z["zone"], z["depth_um_set"]) for z in found["zones"]] == [
        ("forehead", 500),
        ("cheek", 1000),
        ("nose", 250),
    ]
    for zone in found["zones"]:
        assert set(zone) == {
            "zone", "depth_um_set", "depth_um_max_error", "rate_chz_set",
            "rate_pct_max_error_steady", "punctures_per_cm2", "stops", "parked_ms_max",
        }  # fmt: skip
        assert zone["punctures_per_cm2"] > 200
        assert zone["depth_um_max_error"] <= 20
        assert zone["parked_ms_max"] <= 250
        assert zone["stops"] == 2
    assert (found["faults"], found["needles_in"]) == (0, True)
    assert kept.entries()[-1]["record_id"] == found["record_id"]
    assert "complete (simulated)" in pen("records").out
    again = pen("demo", "--speed", "max", "--twin", "cpython", "--json").object
    assert again["zones"] == found["zones"]  # stepped time: the same every time
    assert len(result.out.splitlines()) > 4  # a table before the object


@pytest.mark.usefixtures("micropython")
def test_demo_runs_the_real_interpreter(pen: Run) -> None:
    result = pen("demo", "--speed", "max", "--json")
    assert result.code == 0, result.err
    assert result.object["interpreter"].startswith("micropython 1.")
    assert len(result.out.splitlines()) == 1


def test_try_without_a_terminal_runs_a_short_treatment(pen: Run) -> None:
    result = pen("try", "--twin", "cpython")
    assert result.code == 0, result.err
    assert "nose" in result.out
    assert "needles in (sensed); faults: none" in result.out
    assert kept.entries()[-1]["outcome"] == "complete"


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
class TestTryAtATerminal:
    def test_a_person_arms_runs_stops_and_leaves(self) -> None:
        with Terminal([*PEN, "try", "--twin", "cpython"]) as terminal:
            terminal.wait_for("Press Enter to begin")
            terminal.type("\n")
            terminal.wait_for("then press a to arm")
            terminal.type("a")
            terminal.wait_for("Armed for 30 s")
            terminal.type(" ")
            terminal.wait_for("Release the button to stop")
            terminal.type("\x1b")
            terminal.wait_for("Stopped: the pen senses its needles inside.")
            terminal.type("n")
            terminal.wait_for("CHEEK")
            terminal.type("q")
            assert terminal.exit_code() == 0
        assert "needles in (sensed)" in terminal.shown
        assert kept.entries()[-1]["outcome"] == "ended by the user"

    def test_ctrl_c_while_running_stops_and_says_so(self) -> None:
        with Terminal([*PEN, "try", "--twin", "cpython"]) as terminal:
            terminal.wait_for("Press Enter to begin")
            terminal.type("\n")
            terminal.wait_for("then press a to arm")
            terminal.type("a")
            terminal.wait_for("Armed for 30 s")
            terminal.type(" ")
            terminal.wait_for("Release the button to stop")
            terminal.type("\x03")
            assert terminal.exit_code() == 130
        assert "Stopped: the pen senses its needles inside." in terminal.shown

    def test_a_closed_window_stops_the_pen(self) -> None:
        with Terminal([*PEN, "try", "--twin", "cpython"]) as terminal:
            terminal.wait_for("Press Enter to begin")
            terminal.type("\n")
            terminal.wait_for("then press a to arm")
            terminal.type("a")
            terminal.wait_for("Armed for 30 s")
            terminal.type(" ")
            terminal.wait_for("Release the button to stop")
            terminal.hang_up()

            def closed() -> bool:
                last = kept.entries()[-1]
                return last["type"] == "end" and bool(last["needles_in"])

            wait(closed)

    def test_leaving_before_it_begins(self) -> None:
        with Terminal([*PEN, "try", "--twin", "cpython"]) as terminal:
            terminal.wait_for("Press Enter to begin")
            terminal.type("q\n")
            assert terminal.exit_code() == 0


@pytest.mark.skipif(os.name != "posix", reason="only a POSIX child inherits an ignored signal")
def test_ctrl_c_ends_a_simulator_that_a_script_started_in_the_background() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does for `command &`
    try:
        simulated = Simulated()
    finally:
        signal.signal(signal.SIGINT, before)
    assert simulated.end() == 0
