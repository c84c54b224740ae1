"""A pen under fire from its host: nothing moves, nothing breaks, nothing grows."""

from pathlib import Path
from typing import Any

import pytest

from firmware.comms.dispatcher import Dispatcher
from firmware.pen_services import PenServices
from firmware.safety import requests
from protocol import codes
from tests.fuzz.pen_requests import growth, run

pytestmark = [pytest.mark.system, pytest.mark.slow]


@pytest.mark.parametrize("seed", [1, 4])
def test_requests_of_every_kind(seed: int) -> None:
    tally = run(9000, seed)
    assert (tally.wrong, tally.first_wrong) == (0, "")
    assert tally.requests == 9000
    assert tally.answered > 4000
    assert tally.armed > 0
    assert 0 < tally.refused < tally.answered


def test_requests_of_every_kind_to_the_interpreter_of_the_board(micropython: Path) -> None:
    tally = run(6000, 3, "micropython")
    assert (tally.wrong, tally.first_wrong) == (0, "")
    assert tally.answered > 2000
    assert tally.armed > 0  # as it says itself


def test_the_heap_does_not_grow() -> None:
    tally = growth(6000, 2)
    assert tally.wrong == 0
    assert tally.growth < 64 * 1024


def test_an_exception_behind_a_request_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def limits(self: PenServices, zone: int) -> Any:
        raise KeyError(zone)

    monkeypatch.setattr(PenServices, "limits", limits)
    assert "KeyError" in run(3000, 1).first_wrong


def test_an_answer_that_is_too_long_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PenServices, "setting", lambda self, name: [("x" * 300, 1)])
    assert "ValueError" in run(3000, 1).first_wrong


def test_a_host_that_could_start_the_needles_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pen that takes DISARM for a press."""

    def disarm(self: Dispatcher, values: Any, reply: Any) -> int:
        app = self._services._app  # type: ignore[attr-defined]
        if app.supervisor.state == codes.STATE_ARMED:
            app.supervisor.state = codes.STATE_POSITIONING
        return codes.RESULT_OK

    monkeypatch.setattr(Dispatcher, "_disarm", disarm)
    monkeypatch.setattr(requests, "stop", lambda pen, reason: None)
    found = run(30_000, 1)
    assert found.wrong > 0
    assert found.first_wrong
