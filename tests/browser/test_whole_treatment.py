"""From an empty database to the report, by clicking alone: the first day of a new user."""

import io

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.real_program import RealProgram
from tests.browser.walk import Walk

ACTIONS_MOST = 12  # from opening to an armed plan of three zones


def to_armed_plan_of_three_zones(walk: Walk) -> int:
    """The deliberate actions that it takes: fields, choices, clicks."""
    walk.client(concern="enlarged pores")
    walk.questions()
    walk.only_zones("cheek", "nose", "forehead")
    walk.send()
    walk.arm()
    return walk.actions


def test_a_new_user_arms_a_plan_of_three_zones_in_twelve_actions(
    window: Page, program: RealProgram
) -> None:
    assert to_armed_plan_of_three_zones(Walk(window, program)) <= ACTIONS_MOST
    window.keyboard.press("Escape")


def test_from_an_empty_database_to_the_report(window: Page, program: RealProgram) -> None:
    walk = Walk(window, program)
    walk.home()
    walk.client("C-2001")
    walk.questions()
    walk.only_zones("chin", "forehead")
    walk.send()

    # The first pass is shallower, so that the skin can be watched.
    walk.run()
    shallow_um = program.truth["depth_um"]
    walk.stop()
    walk.click("First pass is done: full depth")
    window.get_by_role("button", name="First pass is done").wait_for(state="hidden")
    walk.run()
    assert program.truth["depth_um"] > shallow_um + 20
    walk.stop()
    walk.end()

    expect(window.get_by_text("The pen senses its needles inside.")).to_be_visible()
    with window.expect_download() as download:
        walk.click("Report (PDF)")
    content = download.value.path().read_bytes()
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "C-2001" in text
    assert "simulated" in text.lower()
    walk.click("Next client")
    expect(window.get_by_label("Client number")).to_have_value("")
