"""Alarms in a real window: on every page, in more than colour, STOP always there."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Windows
from tests.browser.real_program import RealProgram
from tests.browser.walk import Walk, in_control


@pytest.fixture
def walk(window: Page, program: RealProgram) -> Walk:
    """A visit at its first page, a new cartridge on the pen."""
    started = Walk(window, program)
    started.home()
    return started


def test_a_fault_is_an_alarm_on_every_page_until_it_is_acknowledged(
    walk: Walk, program: RealProgram
) -> None:
    walk.client(concern="enlarged pores")
    walk.questions()
    walk.only_zones("forehead")
    walk.send()
    walk.run()
    program.do(cartridge="remove")
    page = walk.page
    bar = page.locator(".pen-alarm.pen-medium")
    expect(bar).to_contain_text("F40", timeout=20_000)
    expect(bar).to_contain_text("MEDIUM")
    expect(bar).to_contain_text("**")
    expect(bar).to_contain_text("The cartridge came loose")
    expect(bar).to_contain_text("Throw the cartridge away")
    expect(page.locator("html")).to_have_attribute("data-pen-tone", "medium")
    for area in ("Clinic", "Engineer", "Treatment"):
        page.get_by_role("button", name=area, exact=True).click()
        expect(bar).to_contain_text("F40")
        expect(page.get_by_role("button", name=re.compile("^STOP"))).to_be_visible()
    page.get_by_role("button", name="Tones off").click()
    expect(page.locator("html")).to_have_attribute("data-pen-tone", "")
    program.do(press=False)
    program.do(cartridge={"pins": 12, "state": "new"})
    page.get_by_role("button", name="Acknowledge the fault").click()
    expect(bar).to_be_hidden(timeout=20_000)
    page.get_by_role("button", name=re.compile("^Alarms of this visit")).click()
    log = page.get_by_role("region", name="Alarms of this visit")
    expect(log).to_contain_text("F40")
    expect(log).not_to_contain_text("until now")


def test_at_zoom_200_an_alarm_leaves_the_page_to_be_used(
    walk: Walk, windows: Windows, program: RealProgram
) -> None:
    walk.client(concern="enlarged pores")
    walk.questions()
    walk.only_zones("forehead")
    walk.send()
    walk.run()
    program.do(cartridge="remove")
    expect(walk.page.locator(".pen-alarm")).to_contain_text("F40", timeout=20_000)
    page = windows.open(
        program.address, viewport={"width": 640, "height": 360}, device_scale_factor=2
    )
    bar = page.locator(".pen-alarm")
    expect(bar).to_contain_text("F40")
    in_control(page)  # its button lies in the page, below header and above bar
    expect(bar.get_by_text("The cartridge came loose")).to_be_in_viewport(ratio=1)
    box = bar.bounding_box()
    assert box is not None
    assert box["height"] <= 360 / 3
    expect(page.get_by_role("button", name=re.compile("^STOP"))).to_be_in_viewport(ratio=1)
    program.do(press=False)
    program.do(cartridge={"pins": 12, "state": "new"})
    page.get_by_role("button", name="Acknowledge the fault").click()
    expect(bar).to_be_hidden(timeout=20_000)
