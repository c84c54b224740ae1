"""Fixtures of the host's tests: a fake pen in virtual time, and folders of its own per test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from host_controller.pen import Pen
from tests.host_controller.fake_pen import FakePen, FakeTransport


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATA", "CONFIG", "RUNTIME"):
        monkeypatch.setenv(f"PEN_{name}_DIR", str(tmp_path / name.lower()))
    for name in ("PEN_PORT", "PEN_OPERATOR", "PEN_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def fake() -> FakePen:
    return FakePen()


@pytest.fixture
def transport(fake: FakePen) -> FakeTransport:
    return FakeTransport(fake)


@pytest.fixture
def pen(transport: FakeTransport) -> Iterator[Pen]:
    with Pen.over(transport, transport.clock_ms) as connected:
        yield connected
