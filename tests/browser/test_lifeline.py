"""The page's line: STOP's answer is read in the time of the key, and the page's own state told."""

from playwright.sync_api import Page, expect

STORED = "number => { Atomics.store(penLine.shared, 0, number); return penAnswer(); }"


def test_the_page_shares_memory_with_what_holds_its_line(window: Page) -> None:
    assert window.evaluate("crossOriginIsolated")
    window.wait_for_function("penLine.open")


def test_the_answer_that_is_there_is_told_at_once(window: Page) -> None:
    assert window.evaluate(STORED, 2) == "taken"
    assert window.evaluate(STORED, 3) == "unheard"


def test_without_one_the_page_goes_on_and_says_so_later(window: Page) -> None:
    assert window.evaluate(STORED, 0) == ""


def test_that_it_was_sent_is_told_when_the_pen_says_nothing_more(window: Page) -> None:
    assert window.evaluate(STORED, 1) == "sent"


def test_words_that_come_again_change_nothing(window: Page) -> None:
    told = window.locator("#pen-stop-told")
    window.evaluate("penHear('taken')")
    expect(told).to_contain_text("STOPPED")
    changes = window.evaluate(
        """async () => {
          let changes = 0;
          const watch = new MutationObserver((all) => { changes += all.length; });
          const told = document.getElementById('pen-stop-told');
          watch.observe(told, { childList: true, subtree: true });
          penHear('taken');
          await new Promise((over) => setTimeout(over, 20));
          watch.disconnect();
          return changes;
        }"""
    )
    assert changes == 0
    window.evaluate("penHear('armed')")
    expect(told).to_have_text("")


def test_the_word_of_an_old_line_does_not_answer_a_new_stop(window: Page) -> None:
    window.wait_for_function("penLine.open")
    kept = window.evaluate(
        """() => {
          Atomics.store(penLine.shared, 0, 2);
          penLine.worker.postMessage = () => {}; // the program hears nothing
          penStop();
          return Atomics.load(penLine.shared, 0);
        }"""
    )
    assert kept == 0
