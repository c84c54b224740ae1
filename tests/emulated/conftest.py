"""Ring 3: the image that is flashed, on an emulated RP2040, with the pen's physics on its pins.

Builds the image of the sources as they are, once per session; what is missing fails.
"""

from collections.abc import Iterator

import pytest

from firmware.boards import image as images
from hardware.simulator.twin_rp2040 import Rp2040Twin
from tests.emulated.chip import built
from tests.system.harness import BenchPen


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is ring 3."""
    for item in items:
        if "tests/emulated/" in item.nodeid:
            item.add_marker(pytest.mark.emulated)


@pytest.fixture(scope="session")
def image() -> images.Image:
    """The image of these sources."""
    return built()


@pytest.fixture
def sim(image: images.Image) -> Iterator[BenchPen]:
    """A booted pen, as in ring 2, that has done nothing it must not when the test is over."""
    with BenchPen(Rp2040Twin(image.area())) as sim:
        yield sim
        assert sim.bench.firmware_error is None
        assert sim.bench.misuses == []
