"""The clinic's page in a real browser: of an empty clinic, then of one with a year of work."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from host_controller import dates
from host_controller.records.home import Home
from host_controller.records.store import Store
from tests.browser import axe
from tests.browser.chromium import Windows
from tests.browser.real_program import RealProgram
from tests.browser.walk import Walk, in_control
from tests.host_controller.ui.clinic.demo_clinic import SHOWN, fill

PATIENCE_MS = 30_000  # on a busy machine; nothing is timed here
TABS = ("Who is due", "Client", "Month", "Pens", "Records")


def tab(page: Page, name: str) -> None:
    page.get_by_label("Parts of the clinic's page").get_by_role("button", name=name).click()


def opened(window: Page, program: RealProgram) -> Page:
    """The clinic's page in a window that controls."""
    window.goto(program.page("/clinic"))
    return in_control(window)


def course_of(page: Page, client: str = SHOWN) -> Page:
    """A client of the clinic, shown anew, whatever part was open.

    By way of another part: a part that is opened twice is made twice, and what was typed is gone.
    """
    tab(page, "Who is due")
    rows(page, "Who is due").first.wait_for()
    tab(page, "Client")
    page.get_by_role("heading", name="Client", exact=True).wait_for()
    number = page.get_by_label("Client number")
    number.fill(client)
    number.press("Enter")
    page.get_by_role("heading", name=client).wait_for()
    return page


def rows(page: Page, caption: str) -> Locator:
    return page.get_by_role("region", name=caption).locator("tbody tr")


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def filled(program: RealProgram) -> Path:
    """The program's records are those of the demo clinic; returns the folder of its photos."""
    data = program.folder / "data"
    store = Store.open(Home(f"sqlite:///{data / 'records.sqlite'}", data))
    made = fill(store, program.folder / "pictures", dates.today())
    store.close()
    return made.photos


def test_an_empty_clinic_says_what_to_do(window: Page, program: RealProgram) -> None:
    page = opened(window, program)
    expect(page.get_by_text("Nobody is due within a week.")).to_be_visible()
    expect(page.get_by_text("Begin one under Treatment")).to_be_visible()
    for name, text in (
        ("Client", "No client was treated yet."),
        ("Month", "No treatment is recorded for"),
        ("Pens", "No pen has treated or been calibrated yet."),
        ("Records", "There are no records yet."),
    ):
        tab(page, name)
        expect(page.get_by_text(text)).to_be_visible()


def test_loading_the_page_again_stays_where_one_is(
    window: Page, program: RealProgram, filled: Path
) -> None:
    page = opened(window, program)
    tab(page, "Month")
    expect(page).to_have_url(re.compile(r"/clinic\?part=month$"))
    page.reload()
    expect(page.get_by_role("heading", name="Month", exact=True)).to_be_visible()
    page.get_by_role("button", name="Engineer", exact=True).click()
    page.get_by_role("button", name="Versions").click()
    expect(page).to_have_url(re.compile(r"/engineer\?part=versions$"))
    page.get_by_role("button", name="Clinic", exact=True).click()
    expect(page.get_by_role("heading", name="Month", exact=True)).to_be_visible()
    page.get_by_role("button", name="Treatment", exact=True).click()
    expect(page).to_have_url(program.page("/").partition("?")[0])
    page.reload()
    expect(in_control(page).get_by_label("Client number")).to_be_visible()


def test_a_visit_begins_from_the_list(window: Page, program: RealProgram, filled: Path) -> None:
    page = opened(window, program)
    expect(rows(page, "Who is due").filter(has_text=SHOWN)).to_contain_text("in 3 days")
    page.get_by_role("button", name=f"Begin a visit for {SHOWN}").click()
    expect(page.get_by_label("Client number")).to_have_value(SHOWN)
    expect(page.get_by_label("Concern")).to_have_value("acne scars")


def test_the_last_treatment_is_repeated(window: Page, program: RealProgram, filled: Path) -> None:
    """Up to the plan: the three zones of last time, early only for a reason."""
    page = course_of(opened(window, program))
    page.get_by_role("button", name="Repeat the last treatment").click()
    expect(page.get_by_text(f"As last time for {SHOWN}")).to_be_visible()
    expect(page.get_by_label("Skin type")).to_have_value("III")
    page.get_by_label("Your staff code").fill("np-07")
    page.get_by_role("button", name="Ask the questions").click()
    Walk(page, program).questions()
    for depth in ("1.50", "0.75", "0.50"):
        expect(page.get_by_text(re.compile(f"^{depth} mm · ")).first).to_be_visible()
    expect(page.get_by_text("days of rest are asked for").first).to_be_visible()
    expect(page.get_by_role("button", name="Send to the pen")).to_be_disabled()


def test_a_course_is_drawn_and_its_report_comes_as_pdf(
    window: Page, program: RealProgram, filled: Path
) -> None:
    page = course_of(opened(window, program))
    drawing = page.get_by_role("img", name=re.compile(f"{SHOWN}, Atrophic acne scars"))
    expect(drawing).to_be_visible()
    assert drawing.locator(".clinic-grade-dot").count() == 5
    expect(rows(page, "Sessions")).to_have_count(5)
    with page.expect_download() as download:
        rows(page, "Sessions").first.get_by_role("button", name=re.compile("as PDF")).click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")


def test_photos_are_shown_beside_each_other_when_their_hash_is_right(
    window: Page, program: RealProgram, filled: Path
) -> None:
    page = course_of(opened(window, program))
    expect(page.get_by_text("Choose the photo folder to see it.")).to_have_count(2)
    page.get_by_role("button", name="Choose the photo folder").click()
    page.get_by_label("Folder", exact=True).fill(str(filled))
    page.get_by_role("button", name="Use this folder").click()
    photos = page.locator("img.clinic-photo")
    expect(photos).to_have_count(2)
    page.wait_for_function(
        "[...document.querySelectorAll('img.clinic-photo')].every((p) => p.naturalWidth === 480)"
    )
    expect(page.get_by_text("the hash is the recorded one")).to_have_count(2)
    shown = photos.first.get_attribute("src")
    assert shown is not None
    known = {hashlib.sha256(file.read_bytes()).hexdigest(): file for file in filled.iterdir()}
    file = known[shown.rpartition("/")[2]]
    whole = file.read_bytes()
    file.write_bytes(whole + b"edited")
    course_of(page)
    expect(page.get_by_text("No file in the photo folder has this hash.")).to_have_count(1)
    file.write_bytes(whole)


def test_a_wrong_grade_is_corrected_and_stays(
    window: Page, program: RealProgram, filled: Path
) -> None:
    page = course_of(opened(window, program))
    grades = rows(page, "Grades")
    expect(grades).to_have_count(5)
    grades.first.get_by_role("button", name=re.compile("Correct")).click()
    page.get_by_role("button", name="1 almost clear").click()
    page.get_by_label("Your staff code").fill("Jane Doe")
    page.get_by_role("button", name="Keep the grade").click()
    expect(page.get_by_text("never names")).to_be_visible()
    page.get_by_role("button", name="OK", exact=True).click()
    page.get_by_label("Your staff code").fill("np-11")
    page.get_by_role("button", name="Keep the grade").click()
    expect(grades).to_have_count(6)
    expect(grades.nth(0)).to_contain_text("1 almost clear")
    expect(grades.nth(0)).to_contain_text("np-11")
    expect(grades.nth(1)).to_contain_text("2 mild")
    expect(grades.nth(1)).to_contain_text("replaced")
    assert page.locator(".clinic-grade-text").all_text_contents()[-1] == "1"


def test_a_month_is_shown_and_saved(window: Page, program: RealProgram, filled: Path) -> None:
    page = opened(window, program)
    tab(page, "Month")
    page.get_by_role("button", name="Month before").click()
    expect(page.get_by_text("treated zones")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    lines = Path(download.value.path()).read_text().splitlines()
    assert lines[0] == "month,what,which,count"
    assert re.fullmatch(r"\d{4}-\d{2},sessions,,[1-9]\d*", lines[1])


def test_pens_tell_what_is_due(window: Page, program: RealProgram, filled: Path) -> None:
    page = opened(window, program)
    tab(page, "Pens")
    expect(rows(page, "Pens").filter(has_text="PEN-A-00031")).to_contain_text("none is recorded")
    expect(rows(page, "Pens").filter(has_text="PEN-A-00023")).to_contain_text(re.compile(r"\d h"))


def test_records_are_found_and_their_chains_proved(
    window: Page, program: RealProgram, filled: Path
) -> None:
    page = opened(window, program)
    tab(page, "Records")
    page.get_by_label(re.compile("Record, client, pen")).fill(SHOWN.lower())
    page.keyboard.press("Enter")
    expect(rows(page, "Records")).to_have_count(5)
    page.get_by_role("button", name="Verify the chains").click()
    expect(page.get_by_text(re.compile(r"Whole: \d+ entries"))).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as JSON").last.click()
    saved = Path(download.value.path()).read_text()
    assert '"client": ""' in saved
    assert SHOWN not in saved


def test_who_looks_on_cannot_begin_a_visit_and_keeps_the_page(
    window: Page, windows: Windows, program: RealProgram, filled: Path
) -> None:
    page = course_of(opened(window, program))
    other = in_control(windows.open(program.address))
    Walk(other, program).home()  # whatever visit was left there
    page.get_by_role("button", name="Begin a visit").click()
    expect(page.get_by_text("This window looks on. Take control")).to_be_visible()
    expect(page.get_by_role("heading", name=SHOWN)).to_be_visible()
    expect(other.get_by_label("Client number")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_part_can_be_used_by_everybody(
    windows: Windows, program: RealProgram, filled: Path, theme: str
) -> None:
    page = windows.open(program.page("/clinic"), color_scheme=theme)
    found = []
    for name in TABS:
        if name == "Client":
            course_of(page)
            page.get_by_role("button", name="Grade now").click()
            page.get_by_role("button", name="Keep the grade").wait_for()
        else:
            tab(page, name)
            page.locator(".clinic-page table").first.wait_for()
        found += [f"{name}: {line}" for line in axe.grave(page)]
    assert found == []
