"""Starting and ending a simulator: ready line, causes of failure, no orphan."""

import os
import socket
import time

import pytest

from host_controller import errors
from host_controller.simulated.control_link import ControlLink
from host_controller.simulated.process import SimulatorProcess

pytestmark = pytest.mark.system
STEPPED = ["--twin", "cpython", "--clock", "stepped", "--control", "127.0.0.1:0"]


def test_it_says_where_it_listens_and_ends_with_us() -> None:
    with SimulatorProcess(STEPPED) as simulator:
        ready = simulator.ready
        assert ready.interpreter.startswith("cpython 3.")
        assert simulator.alive
        control = ControlLink(ready.control)
        assert control.ask(status=True)["clock"] == "stepped"
        with pytest.raises(errors.SimulatorFailed, match="no zone 'elbow'"):
            control.ask(zone="elbow")
        control.close()
    assert not simulator.alive
    if os.name == "posix":
        with pytest.raises(ProcessLookupError):
            os.kill(ready.process_id, 0)


def test_an_address_that_is_taken_is_busy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(errors.PortBusy) as caught:
            SimulatorProcess(["--twin", "cpython", "--listen", f"127.0.0.1:{port}"])
    assert caught.value.exit_code == 5
    assert "--listen" in caught.value.next_step


def test_options_it_does_not_know_are_wrong_usage_with_a_next_step() -> None:
    with pytest.raises(errors.UsageError) as caught:
        SimulatorProcess(["--no-such-option"])
    assert "exit code 2" in caught.value.cause


def test_a_control_port_that_breaks_off() -> None:
    with SimulatorProcess(STEPPED) as simulator:
        control = ControlLink(simulator.ready.control)
        simulator.close()
        time.sleep(0.05)
        with pytest.raises(errors.SimulatorFailed, match="has ended"):
            control.ask(status=True)
        control.close()


def test_a_control_port_that_is_not_there() -> None:
    with pytest.raises(errors.SimulatorFailed, match="does not answer"):
        ControlLink("127.0.0.1:1")
