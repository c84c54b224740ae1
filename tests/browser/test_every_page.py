"""What holds on every page, light and dark: axe finds nothing grave, STOP is there, all is marked.

One tour per theme and size; each stop of it is looked at by every check.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.chromium import Windows
from tests.browser.real_program import RealProgram
from tests.browser.walk import Walk, in_control

AREAS = ("Clinic", "Engineer", "Treatment")

SIZES = {
    "laptop": {"viewport": {"width": 1280, "height": 720}},
    "tablet": {"viewport": {"width": 1280, "height": 800}, "has_touch": True},
    "tablet upright": {"viewport": {"width": 800, "height": 1280}, "has_touch": True},
    # 200 % zoom of a page leaves half the points in each direction, twice as dense.
    "zoom 200 %": {"viewport": {"width": 640, "height": 360}, "device_scale_factor": 2},
}

# What sticks out sideways of the window and cannot be reached, by its words.
CUT_OFF = """() => {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth + 1) found.push('scrolls sideways');
  for (const e of document.querySelectorAll('button, input, h1, h2, .pen-number, .pen-state')) {
    const box = e.getBoundingClientRect();
    const inScroller = e.closest('.scroll, .q-scrollarea, .overflow-auto, .q-table__middle');
    if (box.width && !inScroller && (box.right > innerWidth + 1 || box.left < -1))
      found.push(`${e.tagName} ${e.innerText || e.ariaLabel}`);
    if (e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).overflow === 'hidden')
      found.push(`cut: ${e.innerText}`);
  }
  return found;
}"""


def tour(walk: Walk, look: Callable[[str], None]) -> None:
    """Every page of the program, `look` at each; ends on the first page."""
    page = walk.page
    walk.home()
    look("client")
    walk.client()
    look("questions")
    walk.questions()
    look("plan")
    walk.send()
    look("ready")
    walk.run()
    look("running")
    walk.stop()
    look("stopped")
    walk.end()
    look("record")
    for area in AREAS:
        tab = page.get_by_role("button", name=area, exact=True)
        tab.click()
        expect(tab).to_have_attribute("aria-current", "page")
        page.locator(".pen-content > *").first.wait_for()
        look(area)


def stop_in_sight(page: Page) -> bool:
    """Whether STOP is in the window as a whole, without scrolling, and nothing lies over it."""
    inside: bool = page.evaluate(
        """() => {
          const button = document.querySelector('.pen-stop');
          const box = button.getBoundingClientRect();
          const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          return box.x >= 0 && box.y >= 0 && box.right <= innerWidth && box.bottom <= innerHeight
            && box.width >= 64 && box.height >= 64 && button.contains(top);
        }"""
    )
    return inside


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(
    program: RealProgram, windows: Windows, theme: str
) -> None:
    page = in_control(windows.open(program.address, color_scheme=theme))
    found: list[str] = []
    tour(Walk(page, program), lambda name: found.extend(f"{name}: {x}" for x in axe.grave(page)))
    assert found == []


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_off_and_stop_is_in_sight_on_every_page(
    program: RealProgram, windows: Windows, size: str
) -> None:
    page = in_control(windows.open(program.address, **SIZES[size]))
    found: list[str] = []

    def look(name: str) -> None:
        if not stop_in_sight(page):
            found.append(f"{name}: STOP is not in sight")
        if not page.get_by_text("SIMULATED PEN").first.is_visible():
            found.append(f"{name}: not marked as simulated")
        found.extend(f"{name}: {line}" for line in page.evaluate(CUT_OFF))

    tour(Walk(page, program), look)
    assert found == []


def test_nothing_moves_by_itself_when_less_motion_is_asked_for(
    program: RealProgram, windows: Windows
) -> None:
    page = in_control(windows.open(program.address, reduced_motion="reduce"))
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter((e) => {
          const style = getComputedStyle(e);
          return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0.01;
        }).map((e) => e.className.toString())"""
    )
    assert moving == []
