"""Fixtures of the tests with a real browser: the program, and windows on it.

`program` is a fresh `pen ui --simulate` per test file, `window` an open window that controls it.
A file may define `OPTIONS = ("--language", "de")` for its program. Every test fails when a page
asked for anything outside this computer or complained in its console.
"""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import chromium
from tests.browser.chromium import Windows
from tests.browser.real_program import RealProgram, started

FAILED = pytest.StashKey[bool]()
expect.set_options(timeout=20_000)  # of a busy machine; what is at once there costs nothing
PICTURES = Path("build/browser")  # of the windows of a test that failed


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the browser."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if chromium.program() is None:
        pytest.skip(chromium.MISSING)
    with chromium.running() as found:
        yield found


@pytest.fixture(scope="module")
def program(request: pytest.FixtureRequest, browser: Browser) -> Iterator[RealProgram]:
    with started(*getattr(request.module, "OPTIONS", ())) as found:
        yield found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep for the fixtures whether the test has failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def windows(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Windows]:
    found = Windows(browser)
    yield found
    if request.node.stash.get(FAILED, False):
        found.picture(PICTURES / request.node.name)
    found.close()
    assert found.strangers == []
    assert found.complaints == []


@pytest.fixture
def window(program: RealProgram, windows: Windows) -> Page:
    """A window of 1280 x 720 that has control."""
    from tests.browser import walk

    return walk.in_control(windows.open(program.address))
