"""The program in German: every word of the first pages, nothing of English, nothing cut off."""

import re

from playwright.sync_api import Page, expect

from host_controller.ui.catalogue import Texts
from tests.browser.test_every_page import CUT_OFF, stop_in_sight
from tests.browser.walk import STATE_MS

OPTIONS = ("--language", "de")
SAY, ENGLISH = Texts("de"), Texts("en")


POINT = re.compile(r"\b[0-9]\.[0-9]{2}\b")  # of a depth


def english_of(page: Page) -> list[str]:
    """Lines in sight that are the English ones and not the German ones too, or have a point."""
    lines = {line.strip() for line in page.locator("body").inner_text().splitlines()}
    lines |= set(
        page.evaluate("[...document.querySelectorAll('[aria-label]')].map((e) => e.ariaLabel)")
    )
    english = texts(ENGLISH) - texts(SAY)
    return sorted(line for line in lines if line in english or POINT.search(line))


def texts(say: Texts) -> set[str]:
    return set(say._texts.values())


def test_the_visit_is_german_and_fits(window: Page) -> None:
    assert window.locator("html").get_attribute("lang") == "de"
    for step in ("client", "checklist", "plan"):
        assert english_of(window) == [], step
        assert window.evaluate(CUT_OFF) == [], step
        assert stop_in_sight(window), step
        if step == "client":
            window.get_by_label(SAY("client.number")).fill("C-1042")
            window.get_by_label(SAY("client.operator")).fill("AB1")
            for label in ("client.concern", "client.fitzpatrick"):
                window.get_by_label(SAY(label)).click()
                window.get_by_role("option").nth(1).click()
            window.get_by_role("button", name=SAY("client.next")).click()
            window.get_by_role("button", name=SAY("checklist.next")).wait_for()
        elif step == "checklist":
            window.get_by_role("button", name=SAY("checklist.all_no")).click()
            window.get_by_role("button", name=SAY("checklist.next")).click()
            window.get_by_role("button", name=SAY("plan.next")).wait_for()
    window.get_by_role("button", name=SAY("plan.next")).click()
    expect(window.locator(".pen-state")).to_have_text(SAY("state.3"), timeout=STATE_MS)
    assert english_of(window) == []
    assert window.evaluate(CUT_OFF) == []
    window.keyboard.press("Escape")
    expect(window.get_by_text(SAY("stop.taken"))).to_be_visible()
