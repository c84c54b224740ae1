"""Back to an earlier step: a number that was mistyped is no reason to treat with it."""

from playwright.sync_api import Page, expect

from tests.browser.real_program import RealProgram
from tests.browser.walk import Walk


def test_a_mistyped_client_is_gone_back_to_and_asked_afresh(
    window: Page, program: RealProgram
) -> None:
    walk = Walk(window, program)
    walk.client("C-1024")
    walk.questions()
    walk.click("Client", exact=True)
    walk.client("C-1042")
    expect(window.get_by_text("Ask C-1042")).to_be_visible()
    expect(window.get_by_text("12 questions have no answer.")).to_be_visible()
