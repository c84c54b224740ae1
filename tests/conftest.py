"""What every test may ask for: an interpreter for ring 1, a seed, a profile of property tests.

Tests are the same on every run: PEN_SEED=number chooses other random cases, and the number is
printed with the results. Under CI=true a test of a required ring may not be skipped.
"""

import os
import random
import zlib
from collections.abc import Generator
from pathlib import Path

import hypothesis.core
import pytest
from hypothesis import HealthCheck, Phase, settings

from hardware.simulator.micropython_path import find_micropython, find_micropython32

IN_CI = os.environ.get("CI") == "true"
SEED = int(os.environ.get("PEN_SEED", "1"))
CHOSEN = "PEN_SEED" in os.environ

# Rings that every machine of the project can run; skipping one in CI would hide it.
REQUIRED = ("mpy", "system", "postgres", "browser")
ON_MICROPYTHON = {"micropython", "micropython32", "each_micropython"}
NO_32_BIT = "no 32-bit MicroPython"

WHOLE = tuple(Phase)
NO_SMALLEST = (Phase.explicit, Phase.generate, Phase.target)  # that it fails is all one wants
for name, examples, phases in (
    ("fast", 40, WHOLE),
    ("ci", 200, WHOLE),
    ("noticing", 40, NO_SMALLEST),
):
    settings.register_profile(
        name,
        max_examples=examples,
        phases=phases,
        deadline=None,  # a shared machine has slow moments
        derandomize=not CHOSEN,
        database=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci" if IN_CI else "fast")
settings.load_profile(PROFILE)
if CHOSEN:
    hypothesis.core.global_force_seed = SEED


def pytest_report_header() -> list[str]:
    """Say what the random cases were made from and which interpreters ring 1 uses."""
    return [
        f"seed: {SEED} (choose others with PEN_SEED=number), property tests: {PROFILE}",
        f"micropython: {find_micropython()}, 32-bit: {find_micropython32()}",
    ]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for a MicroPython as ring 1."""
    for item in items:
        if ON_MICROPYTHON.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.mpy)
        if "postgres" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.postgres)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test of a required ring into a failure under CI=true."""
    report = yield
    expected = hasattr(report, "wasxfail") or NO_32_BIT in str(report.longrepr)
    required = any(item.get_closest_marker(ring) for ring in REQUIRED)
    if IN_CI and report.skipped and required and not expected:
        report.outcome = "failed"
        report.longrepr = f"skipped, but CI requires it: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def micropython() -> Path:
    """Path of a unix MicroPython (64-bit on a PC)."""
    program = find_micropython()
    if program is None:
        pytest.skip("no MicroPython >= 1.25: python -m hardware.simulator.install_micropython")
    return program


@pytest.fixture(scope="session")
def micropython32() -> Path:
    """Path of a unix MicroPython whose small integers have 31 bits, as the board's."""
    program = find_micropython32()
    if program is None:
        pytest.skip(f"{NO_32_BIT} on this machine; the 64-bit one was used")
    return program


@pytest.fixture(scope="session", params=["micropython", "micropython32"])
def each_micropython(request: pytest.FixtureRequest) -> Path:
    """Path of one interpreter after the other: the test runs on both."""
    program: Path = request.getfixturevalue(request.param)
    return program


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Random numbers of this test alone: the same in any order and selection of tests."""
    return random.Random(SEED << 32 | zlib.crc32(request.node.nodeid.encode()))
