"""What may go wrong between a person and the screen: docs/use-scenarios.md, each with its test."""

import os
import re
import signal
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Windows
from tests.browser.real_program import RealProgram
from tests.browser.walk import ARM, Walk, in_control

HANGS_MS = 1500  # of a page or a laptop: far beyond the 300 ms in which the pen has to stop


@pytest.fixture
def walk(window: Page, program: RealProgram) -> Walk:
    """A visit at its first page, a new cartridge on the pen."""
    started = Walk(window, program)
    started.home()
    return started


def at_the_pen(walk: Walk, *zones: str, concern: str = "enlarged pores") -> None:
    """From the first page to a plan of these zones on the pen."""
    walk.client(concern=concern)
    walk.questions()
    walk.only_zones(*zones)
    walk.send()


def not_armed(walk: Walk, program: RealProgram) -> None:
    """The pen has left ARMED by itself; needles never ran."""
    walk.state("Ready to arm")
    program.until_off()


def test_wrong_zone_selected(walk: Walk) -> None:
    at_the_pen(walk, "cheek", "forehead")
    page = walk.page
    page.get_by_test_id("zone-cheek").click()
    expect(page.locator(".pen-zone-now")).to_have_text("cheek")
    expect(page.locator(ARM)).to_have_text(re.compile("cheek, 0.45 mm"))
    page.get_by_test_id("zone-forehead").click()
    expect(page.locator(ARM)).to_have_text(re.compile("forehead, 0.30 mm"))


def test_a_click_near_the_eye_is_asked_about_on_the_button_itself(walk: Walk) -> None:
    at_the_pen(walk, "periorbital", concern="fine lines")
    arm = walk.page.locator(ARM)
    walk.state("Ready to arm")
    arm.click()
    expect(arm).to_have_text(re.compile("bony rim of the eye only"))
    walk.state("Ready to arm")
    arm.click()
    walk.state("ARMED")


def test_five_typed_for_a_half(walk: Walk) -> None:
    walk.client(concern="enlarged pores")
    walk.questions()
    walk.only_zones("forehead")
    page = walk.page
    depth = page.get_by_test_id("depth-forehead")
    if not depth.is_visible():
        page.get_by_role("button", name=re.compile("^forehead")).first.click()
    for entry in ("5", ".5", "5.00", "50"):
        depth.fill(entry)
        depth.press("Enter")
        expect(page.locator(".pen-refused:visible").first).to_contain_text("0.50 mm")
        expect(page.get_by_role("button", name="Send to the pen")).to_be_disabled()
    depth.fill("0.55")
    depth.press("Enter")
    expect(page.locator(".pen-refused:visible")).to_have_count(0)
    expect(page.get_by_role("button", name="Send to the pen")).to_be_enabled()


def test_an_old_library(walk: Walk, program: RealProgram) -> None:
    header = walk.page.locator(".pen-header")
    expect(header).to_contain_text("starter version 1 · draft · derived, not clinically approved")
    put_in_force(program, "clinic.toml")
    walk.client(concern="enlarged pores")  # on the page that was open before
    expect(header).to_contain_text("clinic version 1")


def put_in_force(program: RealProgram, name: str) -> None:
    """A library of the clinic's own, while the program runs."""
    file = program.folder / name
    for words in (
        ["new", str(file), "--author", "AB1", "--id", "clinic", "--review-by", "2099-01-01"],
        ["review", str(file), "--by", "CD2"],
        ["approve", str(file), "--by", "EF3", "--yes"],
        ["release", str(file), "--by", "AB1"],
        ["push", str(file), "--by", "AB1", "--without-pen"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "host_controller.cli.main", "library", *words],
            env=program.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_a_used_cartridge(walk: Walk, program: RealProgram) -> None:
    at_the_pen(walk, "forehead")
    program.do(cartridge="remove")
    walk.state("Ready, no cartridge")
    program.do(cartridge={"pins": 12, "state": "used"})
    expect(walk.page.get_by_text(re.compile("cannot be used|used before")).first).to_be_visible()
    expect(walk.page.locator(ARM)).to_be_disabled()


def test_the_page_frozen_while_armed(walk: Walk, program: RealProgram) -> None:
    at_the_pen(walk, "forehead")
    walk.arm()
    walk.page.evaluate("ms => { const end = Date.now() + ms; while (Date.now() < end); }", HANGS_MS)
    not_armed(walk, program)


def test_the_laptop_asleep_while_armed(walk: Walk, program: RealProgram) -> None:
    at_the_pen(walk, "forehead")
    walk.arm()
    os.kill(program.process.pid, signal.SIGSTOP)
    try:
        walk.page.wait_for_timeout(HANGS_MS)  # sleeping is what is tested
        assert not program.truth["drive_enable"]
    finally:
        os.kill(program.process.pid, signal.SIGCONT)
    not_armed(walk, program)


def test_two_windows(walk: Walk, program: RealProgram, windows: Windows) -> None:
    at_the_pen(walk, "forehead")
    second = windows.open(program.address)
    expect(second.get_by_role("button", name="Take control")).to_be_visible()
    expect(second.locator(ARM)).to_be_hidden()
    walk.run()
    second.keyboard.press("Escape")
    expect(second.get_by_text("STOPPED: the pen has taken it")).to_be_visible()
    walk.state("Ready to arm")
    program.do(press=False)
    second.close()


def test_space_stops_after_a_button_was_pressed_with_the_mouse(walk: Walk) -> None:
    walk.to_armed()
    walk.page.keyboard.press(" ")
    expect(walk.page.locator("#pen-stop-told")).to_contain_text("STOPPED")
    walk.state("Ready to arm")


def test_space_in_a_field_is_a_space_and_escape_a_stop(walk: Walk) -> None:
    number = walk.page.get_by_label("Client number")
    number.fill("C")
    number.press(" ")
    expect(number).to_have_value("C ")
    told = walk.page.locator("#pen-stop-told")
    expect(told).to_have_text("")
    number.press("Escape")
    expect(told).to_have_text(re.compile("^STOP"))


def test_the_cable_out_while_needles_run(walk: Walk, program: RealProgram) -> None:
    at_the_pen(walk, "forehead")
    walk.run()
    program.do(cable=False)
    page = walk.page
    expect(page.locator(".pen-state")).to_have_text(re.compile("lost", re.I), timeout=20_000)
    program.until_off()
    program.do(press=False, cable=True)
    walk.state(re.compile("Ready|Cartridge"))
    expect(page.get_by_role("button", name="Report (PDF)")).to_be_visible()


def test_the_window_closed_while_needles_run(
    walk: Walk, program: RealProgram, windows: Windows
) -> None:
    at_the_pen(walk, "forehead")
    walk.run()
    walk.page.close()
    again = windows.open(program.address)
    in_control(again)
    expect(again.locator(".pen-state")).to_have_text("Ready to arm")
    expect(again.locator(ARM)).to_be_visible()  # the treatment is where it was
    program.do(press=False)


def test_the_program_killed(walk: Walk, program: RealProgram, windows: Windows) -> None:
    """The last one of this file: nothing is left of its program."""
    program.process.kill()
    expect(walk.page.get_by_text("The program does not answer.")).to_be_visible()
    walk.page.get_by_role("button", name="STOP").click()
    expect(walk.page.locator("#pen-stop-told")).to_have_text(re.compile("not heard"))
    walk.page.close()  # or it would go on looking for the program, and complain
    windows.complaints.clear()  # the browser's own: nobody answered any more
