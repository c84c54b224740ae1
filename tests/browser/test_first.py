"""The program opens in a real browser and shows the simulated pen."""

from playwright.sync_api import Page, expect

from tests.browser.real_program import RealProgram
from tests.browser.walk import Walk


def test_the_first_page_shows_what_the_pen_says(window: Page) -> None:
    expect(window.get_by_text("SIMULATED PEN")).to_be_visible()
    expect(window.locator(".pen-state")).not_to_have_text("Looking for the pen")


def test_stop_stops_running_needles(window: Page, program: RealProgram) -> None:
    walk = Walk(window, program)
    walk.to_armed()
    walk.press()
    window.keyboard.press("Escape")
    expect(window.get_by_text("STOPPED: the pen has taken it")).to_be_visible()
    walk.state("Ready to arm")
    assert not program.truth["drive_enable"]
