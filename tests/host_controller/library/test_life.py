"""The life of a library: two people, one step at a time, and an edit always shows."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_controller.library import life, life_file, reader
from host_controller.library.failures import (
    LibraryDates,
    LibraryEdited,
    LibraryExpired,
    LibraryInvalid,
    LibraryStepRefused,
    LibraryUnwritable,
    SamePerson,
)
from tests.host_controller.library.small import TEXT, changed

TODAY = date(2026, 6, 1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "clinic.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def through(file: Path, *steps: str, by: str = "dr-02", day: date = TODAY) -> None:
    for step in steps:
        life_file.take_step(file, step, by, day)


def test_a_library_goes_through_its_life(file: Path) -> None:
    for state in ("reviewed", "approved", "released", "retired"):
        library = life_file.take_step(file, state, "dr-02", TODAY)
        assert library.state == state
        assert reader.load(file).state == state
    steps = reader.load(file).life
    assert {step.sha256 for step in steps} == {reader.load(file).sha256}


def test_comments_and_everything_else_stay_where_they_are(file: Path) -> None:
    through(file, "reviewed", "approved")
    after = file.read_text(encoding="utf-8")
    assert after.startswith(TEXT)
    assert "# the cheek, as Dr. 3 likes it" in after
    assert after.count("[[life]]") == 2


@pytest.mark.parametrize("state", ["reviewed", "approved"])
def test_the_author_neither_reviews_nor_approves(file: Path, state: str) -> None:
    if state == "approved":
        through(file, "reviewed")
    before = file.read_bytes()
    with pytest.raises(SamePerson, match="np-07"):
        life_file.take_step(file, state, "np-07", TODAY)
    assert file.read_bytes() == before


def test_the_author_may_release_what_another_approved(file: Path) -> None:
    through(file, "reviewed", "approved")
    assert life_file.take_step(file, "released", "np-07", TODAY).state == "released"


@pytest.mark.parametrize(
    ("done", "asked"),
    [
        ((), "approved"), ((), "released"), ((), "retired"), (("reviewed",), "reviewed"),
        (("reviewed",), "released"), (("reviewed", "approved"), "retired"),
        (("reviewed", "approved", "released", "retired"), "released"),
    ],
)  # fmt: skip
def test_no_step_is_skipped_or_repeated(file: Path, done: tuple[str, ...], asked: str) -> None:
    through(file, *done)
    with pytest.raises(LibraryStepRefused):
        life_file.take_step(file, asked, "dr-02", TODAY)


EDITS = [
    ("default = 0.80,", "default = 0.90,"), ("interval_days = 28", "interval_days = 27"),
    ("Even redness.", "Even  redness."), ('author = "np-07"', 'author = "np-08"'),
    ("review_by = 2027-01-01", "review_by = 2028-01-01"), ("pins = 36", "pins = 24"),
    ("may_override = false", "may_override = true"), ("version = 3", "version = 4"),
    ('chart = "A maker', 'chart = "Another maker'),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), EDITS)
def test_an_edit_after_approval_is_found(file: Path, before: str, after: str) -> None:
    through(file, "reviewed", "approved")
    file.write_text(changed(before, after, file.read_text()))
    with pytest.raises(LibraryEdited, match="reviewed by dr-02 on 2026-06-01"):
        reader.load(file)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# the cheek, as Dr. 3 likes it", "# the cheek"),
        ("default = 0.80,", "default = 0.8,"),
        ("soft = [0.50, 1.20]", "soft = [ 0.5, 1.2 ]"),
        ('version = 3\nauthor = "np-07"', 'author = "np-07"\nversion = 3'),
    ],
)
def test_what_changes_no_value_is_no_edit(file: Path, before: str, after: str) -> None:
    through(file, "reviewed")
    file.write_text(changed(before, after, file.read_text()))
    assert reader.load(file).state == "reviewed"


def test_a_state_typed_by_hand_does_not_pass(file: Path) -> None:
    sha = reader.load(file).sha256
    step = '\n[[life]]\nstate = "{}"\nby = "{}"\non = {}\nsha256 = "{}"\n'
    file.write_text(TEXT + step.format("released", "dr-02", TODAY, sha))
    with pytest.raises(LibraryStepRefused, match="due is 'reviewed'"):
        reader.load(file)
    file.write_text(TEXT + step.format("reviewed", "np-07", TODAY, sha))
    with pytest.raises(SamePerson):
        reader.load(file)
    file.write_text(TEXT + step.format("reviewed", "dr-02", TODAY, "0" * 64))
    with pytest.raises(LibraryEdited):
        reader.load(file)
    later = step.format("reviewed", "dr-02", TODAY, sha)
    earlier = step.format("approved", "dr-02", TODAY - timedelta(1), sha)
    file.write_text(TEXT + later + earlier)
    with pytest.raises(LibraryDates):
        reader.load(file)


@pytest.mark.parametrize(
    "row",
    ['state = "draft"', 'by = "Jane Doe"', 'on = "2026-06-01"', 'sha256 = "abc"', "extra = 1"],
)
def test_a_step_of_the_wrong_form_is_named(file: Path, row: str) -> None:
    rows = {
        "state": 'state = "reviewed"', "by": 'by = "dr-02"', "on": "on = 2026-06-01",
        "sha256": f'sha256 = "{"0" * 64}"',
    }  # fmt: skip
    rows[row.partition(" ")[0]] = row
    file.write_text(TEXT + "\n[[life]]\n" + "\n".join(rows.values()) + "\n")
    with pytest.raises(LibraryInvalid, match=r"life\[0\]"):
        reader.load(file)


def test_a_clock_that_went_backwards_is_refused(file: Path) -> None:
    through(file, "reviewed")
    with pytest.raises(LibraryDates, match="Today is 2026-05-31"):
        life_file.take_step(file, "approved", "dr-02", TODAY - timedelta(1))


def test_nothing_is_approved_past_its_review_date_or_without_one(file: Path) -> None:
    through(file, "reviewed")
    with pytest.raises(LibraryExpired):
        life_file.take_step(file, "approved", "dr-02", date(2027, 1, 2))
    file.write_text(changed("review_by = 2027-01-01\n", ""))
    through(file, "reviewed")
    with pytest.raises(LibraryExpired, match="no review date"):
        life_file.take_step(file, "approved", "dr-02", TODAY)


@pytest.mark.parametrize(
    ("day", "good"),
    [
        (date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2027, 1, 1), True),
        (date(2027, 1, 2), False),
    ],
)  # fmt: skip
def test_a_library_is_valid_between_its_dates(file: Path, day: date, good: bool) -> None:
    library = reader.load(file)
    if good:
        life.in_time(library, day)
    else:
        with pytest.raises(LibraryExpired):
            life.in_time(library, day)


def test_a_new_version_is_a_draft_with_the_comments(file: Path, tmp_path: Path) -> None:
    through(file, "reviewed", "approved", "released")
    target = tmp_path / "next.toml"
    after = life_file.new_version(file, target, {"author": "np-09"})
    assert (after.version, after.author, after.state) == (4, "np-09", "draft")
    text = target.read_text(encoding="utf-8")
    assert "# the cheek, as Dr. 3 likes it" in text
    assert "[[life]]" not in text
    assert reader.load(file).state == "released"
    with pytest.raises(LibraryUnwritable, match="not touched"):
        life_file.new_version(file, target, {})


def test_a_library_of_another_name_begins_with_version_1(file: Path, tmp_path: Path) -> None:
    after = life_file.new_version(file, tmp_path / "b.toml", {"id": "branch"})
    assert (after.library_id, after.version) == ("branch", 1)


def test_a_read_only_folder_is_told(file: Path, tmp_path: Path) -> None:
    with pytest.raises(LibraryUnwritable):
        life_file.new_version(file, tmp_path / "nowhere" / "a.toml", {})
    assert list(tmp_path.glob(".*")) == []


@given(st.lists(st.sampled_from(life.STEPS), max_size=5), st.booleans())
def test_no_sequence_of_steps_ends_released_without_two_people(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str], alone: bool
) -> None:
    path = tmp_path_factory.mktemp("life") / "clinic.toml"
    path.write_text(TEXT)
    for state in steps:
        try:
            life_file.take_step(path, state, "np-07" if alone else "dr-02", TODAY)
        except (LibraryStepRefused, SamePerson):
            continue
    library = reader.load(path)
    if library.state in ("approved", "released", "retired"):
        assert not alone
        assert library.life[1].by != library.author
