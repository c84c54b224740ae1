"""The engineer's calibration, faults and versions, on the simulated pen, by clicking."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk
from tests.browser.axe import grave
from tests.browser.chromium import Windows
from tests.browser.engineer_walk import TRIES, TRY_MS, button, engineer, press
from tests.browser.real_program import RealProgram


@pytest.fixture(autouse=True)
def patience() -> None:
    """Pages come late on a busy machine; nothing here is timed."""
    expect.set_options(timeout=walk.STATE_MS)


def instruments(page: Page) -> tuple[str, str]:
    """What gauge and strobe of the simulated bench show."""
    text = page.get_by_text(re.compile("^Gauge .* strobe")).inner_text()
    found = re.fullmatch(r"Gauge ([\d.]+) mm · strobe ([\d.]+) Hz", text)
    assert found is not None, text
    return found[1], found[2]


def run(page: Page) -> None:
    """Arm, hold the simulated button until enough is measured, let go.

    A window too busy to be heard lets the pen stop. Then it is let go at once, as a person does,
    and armed once more: held on a pen that has stopped, the button counts as stuck after 10 s.
    """
    for _ in range(TRIES):
        press(page, "Arm for 30 s")
        try:
            expect(page.locator(".pen-state")).to_have_text("ARMED", timeout=TRY_MS)
        except AssertionError:
            continue
        press(page, "Press the pen's button")
        enough = is_measured(page)
        press(page, "Let the button go")
        if enough:
            return
    raise AssertionError("the pen did not run long enough")


def is_measured(page: Page) -> bool:
    """Whether pen and instruments have measured enough, while the button is held."""
    shown = re.compile(r"^Gauge [\d.]+ mm · strobe [\d.]+ Hz")
    try:
        expect(page.get_by_text("Enough is measured")).to_be_visible(timeout=TRY_MS)
        expect(page.get_by_text(shown)).to_be_visible(timeout=TRY_MS)
    except AssertionError:
        return False
    return True


def test_a_calibration_is_left_taken_up_written_and_in_use(
    windows: Windows, program: RealProgram
) -> None:
    page = engineer(windows, program, "Calibration")
    page.get_by_label("Your staff code").fill("AB1")
    press(page, "Begin")
    press(page, "Test and check home")
    for number in (1, 2, 3):
        expect(page.get_by_text(f"Depth {number} of 3")).to_be_visible()
        if number == 2:  # left in the middle, taken up in another window
            page.close()
            page = engineer(windows, program, "Calibration")
            expect(page.get_by_text("Depth 2 of 3")).to_be_visible()
        run(page)
        gauge, _ = instruments(page)
        if number == 1:  # a slip is refused, nothing is lost
            page.get_by_label("Gauge, mm").fill("5.00")
            press(page, "Keep the reading")
            expect(page.get_by_text("E164")).to_be_visible()
            page.get_by_role("button", name="OK").click()
        page.get_by_label("Gauge, mm").fill(gauge)
        press(page, "Keep the reading")
    expect(page.get_by_text("Point the strobe")).to_be_visible()
    run(page)
    page.get_by_label("Strobe or tachometer").fill(instruments(page)[1])
    press(page, "Keep the reading")
    expect(button(page, "Write to the pen")).to_be_visible()
    assert grave(page) == []
    press(page, "Write to the pen")
    expect(button(page, "Write now")).to_be_disabled()
    page.get_by_text("I write to pen").click()
    press(page, "Write now")
    expect(page.get_by_text("Switch the pen off and on: it takes")).to_be_visible()
    press(page, "Switch the pen off and on")
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
    page = engineer(windows, program, "Versions")
    for name in ("Firmware", "Image hash", "Protocol schema", "Depth library"):
        expect(page.get_by_role("row", name=name)).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Protocol schema .* same"))).to_be_visible()
    press(page, "Let the pen test itself")
    expect(page.get_by_text("passed: every check is good")).to_be_visible()
    expect(page.get_by_role("row", name="light_percent 60")).to_be_visible()
    assert grave(page) == []


def test_a_fault_is_shown_with_its_snapshot_and_acknowledged(
    windows: Windows, program: RealProgram
) -> None:
    page = engineer(windows, program, "Faults")
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
    press(page, "Acknowledge F11")
    expect(page.get_by_text("No fault stands")).to_be_visible()
