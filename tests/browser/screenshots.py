"""`make screenshots`: the pictures of the program in docs/images, from a real run of it.

One visit from the first page to the record, at the size of a small laptop; PNG, two themes. Owns
nothing; the pictures are kept in git and looked at by a person.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from host_controller import dates
from host_controller.records.home import Home
from host_controller.records.store import Store
from tests.browser import chromium, walk
from tests.browser.chromium import Windows
from tests.browser.real_program import RealProgram, started
from tests.browser.walk import Walk
from tests.host_controller.ui.clinic.demo_clinic import SHOWN, fill

IMAGES = Path("docs/images")
VISITED = "C-2077"  # another client than the one whose year is shown
RUN_MS = 4_000  # of needles in skin, so that there is something to see in the traces


def _visit(page: Page, program: RealProgram, shot: Callable[[str], None]) -> None:
    steps = Walk(page, program)
    shot("client")
    steps.client(VISITED, concern="enlarged pores")
    shot("questions")
    steps.questions()
    steps.only_zones("cheek", "nose", "forehead")
    page.mouse.move(0, 0)
    shot("plan")
    steps.send()
    program.do(zone="cheek", contact=True)
    steps.run()
    page.wait_for_timeout(RUN_MS)
    shot("live")
    steps.stop()
    shot("stopped")
    steps.end()
    shot("record")
    page.get_by_role("button", name="Engineer", exact=True).click()
    page.locator(".pen-content > *").first.wait_for()
    shot("engineer")
    _year_of_a_clinic(program)
    page.get_by_role("button", name="Clinic", exact=True).click()
    page.get_by_label("Parts of the clinic's page").get_by_role("button", name="Client").click()
    page.get_by_label("Client number").fill(SHOWN)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=SHOWN).wait_for()
    shot("clinic")


def _year_of_a_clinic(program: RealProgram) -> None:
    """Courses of made-up clients, so that there is one to be seen."""
    data = program.folder / "data"
    store = Store.open(Home(f"sqlite:///{data / 'records.sqlite'}", data))
    fill(store, program.folder / "pictures", dates.today())
    store.close()


def main() -> int:
    """Make them all; 1 where the browser is missing."""
    if chromium.program() is None:
        print(chromium.MISSING, file=sys.stderr)
        return 1
    IMAGES.mkdir(exist_ok=True)
    with chromium.running() as browser:
        for theme, pages in (("light", None), ("dark", ("live",))):
            with started() as program:
                windows = Windows(browser)
                page = walk.in_control(windows.open(program.address, color_scheme=theme))

                def shot(
                    name: str, page: Page = page, theme: str = theme, only: object = pages
                ) -> None:
                    if only is None or name in only:  # type: ignore[operator]
                        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
                        page.wait_for_timeout(400)  # what moves has come to rest
                        ending = "" if theme == "light" else f"-{theme}"
                        page.screenshot(path=IMAGES / f"ui-{name}{ending}.png")

                _visit(page, program, shot)
                windows.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
