"""What each part of the page asks for, of a clinic that does not exist."""

import csv
import io
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from host_controller.courses import due
from host_controller.courses.history import History, Score
from host_controller.library import starter
from host_controller.library import store as libraries
from host_controller.planning.basis import EARLY_REASONS
from host_controller.records import queries
from host_controller.records.store import Store
from host_controller.records.verify import verify
from host_controller.records.views import OUTCOMES
from host_controller.reports.month import month_quality
from host_controller.reports.quality import WANTED, Quality
from host_controller.ui.catalogue import Texts
from host_controller.ui.clinic import client_tab, course, due_tab, month_tab, parts, pens_tab
from host_controller.ui.clinic.grades import replaced
from protocol import codes
from tests.host_controller.ui.clinic.conftest import TODAY
from tests.host_controller.ui.clinic.demo_clinic import CLIENTS, SHOWN


def test_the_demo_clinic_is_one_that_the_program_would_have_written(clinic_store: Store) -> None:
    assert verify(clinic_store).whole


def test_every_client_stands_in_the_list_once_for_each_concern(clinic_store: Store) -> None:
    library = libraries.in_force()
    rows = [
        row
        for state in due.STATES
        for row in due_tab.found(clinic_store, library, TODAY, state, "", False)
    ]
    assert max(Counter((row.client, row.concern) for row in rows).values()) == 1
    assert len(rows) == CLIENTS
    (shown,) = [row for row in rows if row.client == SHOWN]
    assert (shown.last, shown.due) == (date(2026, 10, 28), date(2026, 11, 25))


def test_a_concern_narrows_the_list(clinic_store: Store) -> None:
    library = libraries.in_force()
    rows = due_tab.found(clinic_store, library, TODAY, due.OVERDUE, "wrinkles", False)
    assert rows
    assert {row.concern for row in rows} == {"wrinkles"}


def test_a_course_has_a_point_for_each_session(clinic_store: Store) -> None:
    history = queries.history(clinic_store, SHOWN)
    points = course.points_of(history, "acne-scars")
    assert len(points) == 5
    assert [point.day for point in points] == sorted(point.day for point in points)
    assert set(points[0].depths_um) == {"cheek-acne-scar", "chin", "temple"}
    assert all(200 < dose < 301 for point in points for dose in point.doses.values())
    assert course.concerns_of(history) == ["acne-scars"]


def test_who_came_last_comes_first(clinic_store: Store) -> None:
    names = client_tab.recent(clinic_store, False)
    newest = queries.ask(clinic_store, queries.newest(1))[0]
    assert names[0] == newest.client
    assert len(names) == len(set(names)) == client_tab.RECENT


def test_pens_are_listed_by_when_they_were_seen(clinic_store: Store) -> None:
    pens = pens_tab.seen(clinic_store, False)
    assert {pen.serial for pen in pens} == {"PEN-A-00017", "PEN-A-00023", "PEN-A-00031"}
    days = [pen.last for pen in pens]
    assert days == sorted(days, reverse=True)  # type: ignore[type-var]


def test_the_months_go_back_over_the_turn_of_a_year() -> None:
    assert month_tab.months(date(2026, 2, 28), 4) == ["2026-02", "2026-01", "2025-12", "2025-11"]


def test_a_month_as_a_table_has_every_count(clinic_store: Store) -> None:
    found = month_quality(clinic_store, "2026-09")
    rows = list(csv.DictReader(io.StringIO(month_tab.as_csv(found))))
    assert {row["month"] for row in rows} == {"2026-09"}
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row["what"]] += int(row["count"])
    assert sums["sessions"] == sums["outcomes"] == found.sessions > 0
    assert sums["zones"] == found.zones
    assert sums["overrides"] == sum(found.overrides.values())


def test_an_empty_month_is_a_table_of_zeros() -> None:
    rows = month_tab.as_csv(Quality("2020-01", 0, 0, 0)).splitlines()
    assert rows[1:] == ["2020-01,sessions,,0", "2020-01,zones,,0", "2020-01,in_library,,0"]


@pytest.mark.parametrize(
    ("days", "gone"),
    [((1, 2), set()), ((1, 1), {0}), ((1, 1, 1), {0, 1}), ((1, 2, 1), {0})],
)
def test_a_grade_of_the_same_day_replaces_the_one_before(
    days: tuple[int, ...], gone: set[int]
) -> None:
    scores = tuple(Score("acne-scars", 2, date(2026, 3, day)) for day in days)
    assert replaced(History("C-1", scores=scores)) == gone


def test_grades_of_two_concerns_do_not_replace_each_other() -> None:
    day = date(2026, 3, 1)
    scores = (Score("acne-scars", 2, day), Score("wrinkles", 3, day))
    assert replaced(History("C-1", scores=scores)) == set()


def test_concerns_are_named_in_the_pages_language_where_it_knows_them() -> None:
    library = libraries.in_force()
    german = parts.concerns(Texts("de"), library)
    assert german["wrinkles"] == "Falten"
    assert german.keys() == library.indications.keys()
    own = replace(library, indications={**library.indications, "wrinkles": "Our own title",
                                        "freckles": "Freckles"})  # fmt: skip
    assert parts.concerns(Texts("en"), own)["wrinkles"] == "Our own title"
    assert parts.concerns(Texts("de"), own)["freckles"] == "Freckles"


def test_every_shipped_concern_outcome_and_stop_has_its_words() -> None:
    say = Texts("de")
    for section, names in (
        ("concern", libraries.in_force().indications),
        ("outcome", OUTCOMES),
        ("stop_reason", set(codes.STOP_NAMES) - WANTED),
        ("early_reason", EARLY_REASONS),
        ("override_reason", starter.load().override_reasons),
    ):
        assert [name for name in names if parts.word(say, section, name) == name] == []
