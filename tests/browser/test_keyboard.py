"""Without a mouse: from the first page to an armed pen and to STOP, by Tab, arrows and Enter."""

from playwright.sync_api import Page, expect

from tests.browser.real_program import RealProgram
from tests.browser.walk import ARM, TRIES, Walk

TABS_MOST = 120  # stops on the longest page; beyond it the focus cannot get there

FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e);
  return { name: e.getAttribute('aria-label') || e.innerText || '', zone: e.dataset.zone || '',
           testid: e.dataset.testid || '',
           label: e.id && document.querySelector(`label[for="${e.id}"]`)?.innerText || '' };
}"""


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has this name, label or zone has the focus."""
    seen: list[str] = []
    for _ in range(TABS_MOST):
        focus = page.evaluate(FOCUS)
        if focus:
            names = [focus["name"], focus["label"], focus["zone"], focus["testid"]]
            if any(name.strip().startswith(words) for name in names):
                return
            seen.append(" ".join(names))
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {words!r}, only {seen}")


def choose(page: Page, label: str, option: str) -> None:
    """Open a list with the keyboard and take an option of it."""
    tab_to(page, label)
    page.keyboard.press("ArrowDown")
    options = page.get_by_role("option")
    options.first.wait_for()
    count = options.count()
    wanted = next(i for i in range(count) if options.nth(i).inner_text().strip() == option)
    for _ in range(count + 1):
        if "q-manual-focusable--focused" in (options.nth(wanted).get_attribute("class") or ""):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    options.first.wait_for(state="detached")


def press(page: Page, words: str) -> None:
    """Go to a button and press it."""
    tab_to(page, words)
    page.keyboard.press("Enter")


def test_from_the_first_page_to_an_armed_pen_and_stop(window: Page, program: RealProgram) -> None:
    walk = Walk(window, program)
    tab_to(window, "Client number")
    window.keyboard.type("C-3003")
    tab_to(window, "Your staff code")
    window.keyboard.type("AB1")
    choose(window, "Concern", "enlarged pores")
    choose(window, "Skin type", "III")
    press(window, "Ask the questions")
    window.get_by_role("button", name="To the plan").wait_for()
    press(window, "All asked")
    press(window, "To the plan")
    window.get_by_role("button", name="Send to the pen").wait_for()
    nose = window.locator('[data-zone="nose"][role=checkbox]').first
    expect(nose).to_have_attribute("aria-checked", "true")
    press(window, "nose")
    expect(nose).to_have_attribute("aria-checked", "false")
    press(window, "Send to the pen")
    window.locator(ARM).wait_for()
    for _ in range(TRIES):
        walk.state("Ready to arm")
        press(window, "arm")
        try:
            walk.state("ARMED", 5000)
            break
        except AssertionError:
            continue
    window.keyboard.press("Escape")
    expect(window.get_by_text("STOPPED: the pen has taken it")).to_be_visible()
    walk.state("Ready to arm")


def test_the_focus_can_be_seen(window: Page, program: RealProgram) -> None:
    Walk(window, program).home()
    tab_to(window, "Ask the questions")
    width = window.evaluate(
        """() => { const style = getComputedStyle(document.activeElement);
          return style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth); }"""
    )
    assert width >= 2
