"""The engineer's page in German, dark, on a tablet and at 200 %: nothing wide, nothing grave."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk
from tests.browser.axe import grave
from tests.browser.chromium import Windows
from tests.browser.real_program import RealProgram

OPTIONS = ("--language", "de")
TABS = ("Telemetrie", "Fehler", "Kalibrierung", "Versionen")
TABLET = {"width": 800, "height": 1280}
ZOOMED = {"width": 640, "height": 360}  # 1280 x 720 at 200 %


def too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"))


@pytest.mark.parametrize(
    ("scheme", "size"), [("dark", TABLET), ("light", TABLET), ("dark", ZOOMED)]
)
def test_every_part_fits_and_can_be_read(
    windows: Windows, program: RealProgram, scheme: str, size: dict[str, int]
) -> None:
    page = windows.open(
        program.page("/engineer"),
        viewport=size,
        color_scheme=scheme,
        reduced_motion="reduce",
        has_touch=True,
    )
    page.locator(".eng-tab").first.wait_for(timeout=walk.STATE_MS)
    for name in TABS:
        page.get_by_role("button", name=name, exact=True).click()
        part = page.get_by_role("button", name=name, exact=True)
        expect(part).to_have_attribute("aria-current", "page")
        page.locator(".eng-page > *").first.wait_for()
        assert grave(page) == [], name
        assert not too_wide(page), name
        stop = page.get_by_role("button", name=re.compile("^STOPP"))
        expect(stop).to_be_in_viewport()
