"""The engineer's telemetry: what the pen sends is drawn, held, exported, recorded and replayed."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from host_controller import telemetry_csv
from tests.browser import walk
from tests.browser.axe import grave
from tests.browser.chromium import Windows
from tests.browser.engineer_walk import button, engineer, press
from tests.browser.real_program import RealProgram


@pytest.fixture(autouse=True)
def patience() -> None:
    """Pages come late on a busy machine; nothing here is timed."""
    expect.set_options(timeout=walk.STATE_MS)


def newest(page: Page) -> Locator:
    return page.locator(".eng-readout-time")


def figures(page: Page, panel: str) -> str:
    """The figures of a plot, such as 'min 0.00 · max 50.10 ...'."""
    return page.locator(".eng-panel", has_text=panel).locator(".eng-figures").inner_text()


def seen(page: Page) -> float:
    """Seconds of the pen's clock that the readout shows."""
    told = page.wait_for_function(
        """() => {
          const newest = document.querySelector('.eng-readout-time');
          return newest && /([\\d.]+) s · /.exec(newest.textContent)?.[1];
        }""",
        timeout=walk.STATE_MS,
    )
    return float(told.json_value())


def test_readings_arrive_and_a_pause_holds_them(windows: Windows, program: RealProgram) -> None:
    page = engineer(windows, program)
    expect(newest(page)).to_contain_text("Cartridge seated")
    expect(page.locator(".eng-panel")).to_have_count(5)
    first = seen(page)
    expect(newest(page)).not_to_contain_text(f"{first:.2f} s")
    button(page, "Pause").click()
    expect(button(page, "Go on")).to_have_attribute("aria-pressed", "true")
    page.locator(".eng-plots").press("ArrowLeft")
    expect(newest(page)).to_contain_text("Cursor")
    at_cursor = seen(page)
    page.locator(".eng-plots").press("Shift+ArrowLeft")
    assert seen(page) < at_cursor
    assert "n " in figures(page, "Battery")
    assert grave(page) == []
    button(page, "Go on").click()
    expect(button(page, "Pause")).to_be_visible()


def test_a_part_is_exported_as_the_pen_sent_it(windows: Windows, program: RealProgram) -> None:
    page = engineer(windows, program)
    expect(newest(page)).to_contain_text("Cartridge seated")
    button(page, "10 s").click()
    button(page, "Pause").click()
    with page.expect_download() as download:
        button(page, "Export CSV").click()
    path = Path(download.value.path())
    with path.open() as file:
        readings = telemetry_csv.parse(file, path.name)
    assert 1 <= len(readings) <= 10 * 60 + 5
    assert all(reading.supply_mv > 3000 for reading in readings)
    counters = [reading.counter for reading in readings]
    assert counters == sorted(counters)


def test_a_session_is_recorded_and_replayed_without_looking_live(
    windows: Windows, program: RealProgram
) -> None:
    page = engineer(windows, program)
    press(page, "Record")
    expect(page.get_by_text("● REC")).to_be_visible()
    page.goto(program.page("/"))  # it goes on while another page is shown
    expect(page.get_by_role("button", name="STOP")).to_be_visible()
    page.goto(program.page("/engineer"))
    walk.in_control(page)
    expect(page.get_by_text(re.compile(r"● REC \d+:\d\d, \d\d+ readings"))).to_be_visible()
    press(page, "End recording")
    expect(page.get_by_text("Recorded:")).to_be_visible()
    (path,) = (program.folder / "data" / "recordings").glob("*.csv")
    with path.open() as file:
        kept = telemetry_csv.parse(file, path.name)
    assert len(kept) > 20
    press(page, "Replay")
    press(page, "Play")
    expect(page.get_by_text("REPLAY", exact=True)).to_be_visible()
    expect(page.locator(".eng-plots")).to_have_class(re.compile("eng-is-replay"))
    button(page, "all at once").click()
    expect(newest(page)).to_contain_text(f"{kept[-1].t_ms / 1000:.2f} s")
    assert grave(page) == []
    # STOP is the pen's, also now.
    button(page, "STOP or Esc, or Space").click()
    expect(page.locator("#pen-stop-told")).to_contain_text("STOPPED")
    button(page, "Back to the pen").click()
    expect(page.get_by_text("REPLAY", exact=True)).to_be_hidden()
    expect(newest(page)).to_contain_text("Cartridge seated")
    expect(newest(page)).not_to_contain_text(f"{kept[-1].t_ms / 1000:.2f} s")


def test_a_window_that_looks_on_sees_and_changes_nothing(
    windows: Windows, program: RealProgram
) -> None:
    engineer(windows, program)
    other = windows.open(program.page("/engineer"))
    expect(newest(other)).to_contain_text("Cartridge seated")
    for name in ("Record", "Replay"):
        expect(button(other, name)).to_be_disabled()
    button(other, "Calibration").click()
    expect(button(other, "Begin")).to_be_disabled()
    button(other, "Versions").click()
    expect(button(other, "Let the pen test itself")).to_be_disabled()
