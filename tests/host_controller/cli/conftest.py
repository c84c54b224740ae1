"""Runs the command in this process, against a fake pen served at real-time pace."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from host_controller.cli.main import run
from tests.host_controller.fake_pen import FakePen, served


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def object(self) -> dict[str, Any]:
        """The last line of stdout as JSON."""
        found: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return found


Run = Callable[..., Result]


@pytest.fixture
def pen(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr("host_controller.transport.discovery._system_ports", list)
    monkeypatch.setattr("host_controller.transport.discovery.boot_loader_present", lambda: False)

    def call(*arguments: str) -> Result:
        capsys.readouterr()
        code = run(list(arguments))
        return Result(code, *capsys.readouterr())

    return call


@pytest.fixture
def url(fake: FakePen) -> Iterator[str]:
    with served(fake) as address:
        yield address


@pytest.fixture
def at(pen: Run, url: str) -> Run:
    """The command with --port set to the fake pen."""
    return lambda *arguments: pen("--port", url, *arguments)
