"""A booted pen with a 12-pin cartridge, on CPython, for the hazards' checks in simulation."""

from collections.abc import Iterator

import pytest

from tests.hazards.bench import sound
from tests.system.harness import BenchPen


@pytest.fixture
def pen() -> Iterator[BenchPen]:
    """The pen; whatever happens to it, its firmware must stay sound."""
    with BenchPen() as booted:
        yield booted
        assert sound(booted), (booted.bench.firmware_error, booted.bench.misuses)
