"""The lock in a real window: nobody has touched the computer for a while."""

import re

from playwright.sync_api import Page, expect

from tests.browser.real_program import RealProgram
from tests.browser.walk import Walk

# Minutes: 15 s, more than lies between two clicks on a busy machine. A program of its own: in
# another test's, the time would run while the next window is being opened.
OPTIONS = ("--lock-after", "0.25")
LOCK_MS = 60_000


def test_the_lock_leaves_stop_and_the_values_and_takes_the_client(
    window: Page, program: RealProgram
) -> None:
    walk = Walk(window, program)
    walk.client(concern="enlarged pores")
    walk.questions()
    walk.only_zones("forehead")
    walk.send()
    page = window
    expect(page.get_by_role("button", name="Unlock")).to_be_visible(timeout=LOCK_MS)
    expect(page.locator(".pen-value-depth")).to_contain_text("planned")
    expect(page.get_by_test_id("arm")).to_be_hidden()
    expect(page.locator("body")).not_to_contain_text("C-1042")
    page.get_by_role("button", name=re.compile("^STOP")).click()
    expect(page.locator("#pen-stop-told")).to_contain_text("STOPPED", timeout=20_000)
    page.get_by_label("Your staff code").fill("CD2")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_text("is not the staff code")).to_be_visible()
    expect(page.get_by_test_id("arm")).to_be_hidden()
    page.get_by_role("button", name="OK").click()
    page.get_by_label("Your staff code").fill("AB1")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_test_id("arm")).to_be_visible()
    expect(page.locator("body")).to_contain_text("C-1042")
