"""A simulated pen is known by its number, also when nobody announced it."""

import os
from pathlib import Path

import pytest

from host_controller.simulated import announcements
from protocol import codec, hello
from tests.system.harness import BenchPen


def identity(serial: str) -> hello.PenIdentity:
    return hello.parse(codec.pack_json(hello.pairs(serial, "0.1.0", "", [])))


@pytest.fixture(autouse=True)
def nobody_announced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEN_RUNTIME_DIR", str(tmp_path))


def test_a_real_pen_is_none() -> None:
    assert announcements.twin_of(identity("e6614c311b7a5c2f")) == ""


def test_one_that_was_announced_is_named_by_its_interpreter() -> None:
    serial = "73696d0102030405"
    announcements.announce(
        announcements.SimulatedPen("socket://127.0.0.1:1", serial, os.getpid(), "micropython")
    )
    assert announcements.twin_of(identity(serial)) == "micropython"


@pytest.mark.system
def test_one_that_nobody_announced_is_still_told() -> None:
    """As with `python -m hardware.simulator`: the bench's board has such a number."""
    with BenchPen() as sim:
        assert announcements.twin_of(sim.pen.identity) == "simulated"
