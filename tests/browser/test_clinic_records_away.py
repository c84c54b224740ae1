"""The server of the records is away: it is told, and a client can be treated all the same."""

import io
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.real_program import RealProgram, started
from tests.browser.walk import Walk, in_control

AWAY = "postgresql://pen@127.0.0.1:1/clinic"  # no server listens on port 1


@pytest.fixture(scope="module")
def program(browser: Browser) -> Iterator[RealProgram]:
    with started(PEN_DATABASE_URL=AWAY) as found:
        yield found


def test_what_cannot_be_looked_up_says_so_and_can_be_asked_again(
    window: Page, program: RealProgram
) -> None:
    window.goto(program.page("/clinic"))
    in_control(window)
    expect(window.get_by_text("E144")).to_be_visible()
    window.get_by_role("button", name="Try again").click()
    expect(window.get_by_text("E144")).to_be_visible()


def test_a_treatment_goes_on_for_a_reason_and_has_its_report(
    window: Page, program: RealProgram
) -> None:
    walk = Walk(window, program)
    walk.client("C-2001")
    expect(window.get_by_text("How long the skin has rested is not known")).to_be_visible()
    window.get_by_role("button", name="OK", exact=True).click()
    walk.questions()
    expect(window.get_by_text("nobody can say how long the skin has rested")).to_be_visible()
    expect(window.get_by_role("button", name="Send to the pen")).to_be_disabled()
    walk.choose("Treat earlier because", "a clinician decided")
    walk.send()
    walk.end()
    with window.expect_download() as download:
        walk.click("Report (PDF)")
    content = download.value.path().read_bytes()
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "C-2001" in text
