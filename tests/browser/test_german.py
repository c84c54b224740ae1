"""The program in German: every word of the first pages, nothing of English, nothing cut off."""

from playwright.sync_api import Page, expect

from host_controller.ui.catalogue import Texts
from tests.browser.test_every_page import CUT_OFF, stop_in_sight
from tests.browser.walk import STATE_MS

OPTIONS = ("--language", "de")
SAY, ENGLISH = Texts("de"), Texts("en")


def english_of(page: Page) -> list[str]:
    """Texts of buttons and headings that are the English ones and not the German ones too."""
    found = page.evaluate(
        "() => [...document.querySelectorAll('button, h1, h2, label')].map((e) => e.innerText)"
    )
    german, english = texts(SAY), texts(ENGLISH)
    return [text.strip() for text in found if text.strip() in english - german]


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
