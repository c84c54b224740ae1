"""Ways through the engineer's page. Control that a busy machine has cost is taken back."""

from playwright.sync_api import Error, Locator, Page, expect

from tests.browser import walk
from tests.browser.chromium import Windows
from tests.browser.real_program import RealProgram

TRIES = 5
TRY_MS = 5_000


def button(page: Page, name: str) -> Locator:
    """The button with exactly this name."""
    return page.get_by_role("button", name=name, exact=True)


def press(page: Page, name: str) -> None:
    """Press a button that only the window in control may press."""
    for left in reversed(range(TRIES)):
        walk.in_control(page)
        try:
            button(page, name).click(timeout=TRY_MS)
        except Error:
            if not left:
                raise
            continue
        return


def engineer(windows: Windows, program: RealProgram, tab: str = "Telemetry") -> Page:
    """A window that controls, at a part of the engineer's page."""
    page = walk.in_control(windows.open(program.page("/engineer")))
    button(page, tab).click()
    expect(button(page, tab)).to_have_attribute("aria-current", "page")
    return page
