"""The engineer's calibration, faults and versions, on the simulated pen, by clicking."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import walk
from tests.browser.axe import grave
from tests.browser.chromium import Windows
from tests.browser.real_program import RealProgram


@pytest.fixture(autouse=True)
def patience() -> None:
    """Pages come late on a busy machine; nothing here is timed."""
    expect.set_options(timeout=walk.STATE_MS)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def tab(windows: Windows, program: RealProgram, name: str) -> Page:
    page = walk.in_control(windows.open(program.page("/engineer")))
    button(page, name).click()
    return page


def instruments(page: Page) -> tuple[str, str]:
    """What gauge and strobe of the simulated bench show."""
    text = page.get_by_text(re.compile("^Gauge .* strobe")).inner_text()
    found = re.fullmatch(r"Gauge ([\d.]+) mm · strobe ([\d.]+) Hz", text)
    assert found is not None, text
    return found[1], found[2]


def run(page: Page) -> None:
    """Arm, hold the simulated button until enough is measured, let go."""
    button(page, "Arm for 30 s").click()
    expect(page.locator(".pen-state")).to_have_text("ARMED")
    button(page, "Press the pen's button").click()
    expect(page.get_by_text("Enough is measured")).to_be_visible(timeout=15_000)
    expect(page.get_by_text(re.compile(r"^Gauge [\d.]+ mm · strobe [\d.]+ Hz"))).to_be_visible()
    button(page, "Let the button go").click()


def test_a_calibration_is_left_taken_up_written_and_in_use(
    windows: Windows, program: RealProgram
) -> None:
    page = tab(windows, program, "Calibration")
    page.get_by_label("Your staff code").fill("AB1")
    button(page, "Begin").click()
    button(page, "Test and check home").click()
    for number in (1, 2, 3):
        expect(page.get_by_text(f"Depth {number} of 3")).to_be_visible()
        if number == 2:  # left in the middle, taken up in another window
            page.close()
            page = tab(windows, program, "Calibration")
            expect(page.get_by_text("Depth 2 of 3")).to_be_visible()
        run(page)
        gauge, _ = instruments(page)
        if number == 1:  # a slip is refused, nothing is lost
            page.get_by_label("Gauge, mm").fill("5.00")
            button(page, "Keep the reading").click()
            expect(page.get_by_text("E164")).to_be_visible()
            page.get_by_role("button", name="OK").click()
        page.get_by_label("Gauge, mm").fill(gauge)
        button(page, "Keep the reading").click()
    expect(page.get_by_text("Point the strobe")).to_be_visible()
    run(page)
    page.get_by_label("Strobe or tachometer").fill(instruments(page)[1])
    button(page, "Keep the reading").click()
    expect(button(page, "Write to the pen")).to_be_visible()
    assert grave(page) == []
    button(page, "Write to the pen").click()
    expect(button(page, "Write now")).to_be_disabled()
    page.get_by_text("I write to pen").click()
    button(page, "Write now").click()
    expect(page.get_by_text("Switch the pen off and on: it takes")).to_be_visible()
    button(page, "Switch the pen off and on").click()
    expect(button(page, "Begin")).to_be_visible(timeout=20_000)
    (path,) = (program.folder / "data" / "calibration").glob("*.history.jsonl")
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["outcome"] for line in lines] == ["asked", "written", "in use"]
    assert lines[1]["before"] == {"depth_zero_um": 0, "hall_offset_um": 0}
    button(page, "Versions").click()
    for name, value in lines[1]["after"].items():
        expect(page.get_by_role("row", name=f"{name} {value}")).to_be_visible()


def test_what_is_on_the_pen_stands_beside_what_is_here(
    windows: Windows, program: RealProgram
) -> None:
    page = tab(windows, program, "Versions")
    for name in ("Firmware", "Image hash", "Protocol schema", "Depth library"):
        expect(page.get_by_role("row", name=name)).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Protocol schema .* same"))).to_be_visible()
    button(page, "Let the pen test itself").click()
    expect(page.get_by_text("passed: every check is good")).to_be_visible()
    expect(page.get_by_role("row", name="light_percent 60")).to_be_visible()
    assert grave(page) == []


def test_a_fault_is_shown_with_its_snapshot_and_acknowledged(
    windows: Windows, program: RealProgram
) -> None:
    page = tab(windows, program, "Faults")
    expect(page.get_by_text("No fault stands")).to_be_visible()
    program.do(fault="hall_code", value=4095)
    expect(page.get_by_role("heading", name="F11")).to_be_visible()
    expect(page.get_by_text("To clear it:").first).to_be_visible()
    program.do(faults="clear")
    entry = page.locator("details", has_text="F11").first
    expect(entry).to_be_visible()
    entry.locator("summary").click()
    expect(entry.get_by_text(re.compile(r"[\d.]+ mm · set"))).to_be_visible()
    assert grave(page) == []
    button(page, "Acknowledge F11").click()
    expect(page.get_by_text("No fault stands")).to_be_visible()
