"""The live traces: drawn beside the page, so that STOP's answer never waits for them."""

import time

from playwright.sync_api import Page, Worker, expect

from tests.browser.real_program import RealProgram
from tests.browser.walk import ARM, STATE_MS, Walk, in_control

LOOK_MS = 1000
FRAMES_ASKED = """async (span_ms) => {
  let asked = 0;
  const plain = window.requestAnimationFrame;
  window.requestAnimationFrame = (frame) => { asked += 1; return plain(frame); };
  await new Promise((over) => setTimeout(over, span_ms));
  window.requestAnimationFrame = plain;
  return asked;
}"""


def drawer(page: Page) -> Worker:
    """The worker that draws, once it has begun and samples have come."""
    end = time.monotonic() + STATE_MS / 1000
    while time.monotonic() < end:
        for worker in page.workers:
            if worker.url.endswith("/trace_worker.js") and worker.evaluate("data[0].length"):
                return worker
        page.wait_for_timeout(20)
    raise TimeoutError("the traces have not begun")


def live(window: Page, program: RealProgram) -> Walk:
    walk = Walk(window, program)
    walk.home()
    walk.client(concern="enlarged pores")
    walk.questions()
    walk.only_zones("cheek")
    walk.send()
    return walk


def test_they_are_drawn_while_the_page_is_asked_for_no_frame(
    window: Page, program: RealProgram
) -> None:
    live(window, program)
    worker = drawer(window)
    before = worker.evaluate("drawn")
    assert window.evaluate(FRAMES_ASKED, LOOK_MS) == 0
    assert worker.evaluate("drawn") - before >= 5  # sixty on a machine that has nothing else to do
    samples = worker.evaluate("data[0]")
    assert samples == sorted(set(samples))  # each once, on the pen's own clock


def test_a_window_that_is_loaded_again_shows_what_was_there(
    window: Page, program: RealProgram
) -> None:
    live(window, program)
    window.wait_for_timeout(LOOK_MS)
    oldest = drawer(window).evaluate("data[0][0]")
    window.reload()
    in_control(window).locator(ARM).wait_for()
    assert drawer(window).evaluate("data[0][0]") <= oldest + 1


def test_the_words_of_stop_leave_the_page_as_it_lies(window: Page, program: RealProgram) -> None:
    live(window, program)
    footer = window.locator("footer")
    before = footer.bounding_box()
    window.keyboard.press("Escape")
    expect(window.locator("#pen-stop-told")).to_contain_text("STOPPED", timeout=STATE_MS)
    assert footer.bounding_box() == before
