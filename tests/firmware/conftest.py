"""A pen on the bench for the tests of the firmware as a whole. Owns nothing."""

from collections.abc import Iterator

import pytest

from tests.system.harness import BenchPen


@pytest.fixture
def sim() -> Iterator[BenchPen]:
    """A booted pen that has done nothing it must not when the test is over."""
    with BenchPen() as sim:
        yield sim
        assert sim.bench.firmware_error is None
        assert sim.bench.misuses == []
