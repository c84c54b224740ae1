"""What changed between two libraries: every value, and whether it allows more."""

import pytest

from host_controller.library.difference import Change, compare
from tests.host_controller.library.small import TEXT, changed, parsed

CHEEK = "fine-lines, cheek"


def between(before: str, after: str) -> list[Change]:
    return compare(parsed(), parsed(changed(before, after)))


def test_the_same_library_has_no_difference() -> None:
    assert compare(parsed(), parsed()) == []


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("default = 0.80,", "default = 0.90,",
         Change(CHEEK, "depth default", "0.80 mm", "0.90 mm", True)),
        ("default = 0.80,", "default = 0.70,",
         Change(CHEEK, "depth default", "0.80 mm", "0.70 mm", False)),
        ("soft = [0.50, 1.20]", "soft = [0.60, 1.20]",
         Change(CHEEK, "depth soft", "0.50 to 1.20 mm", "0.60 to 1.20 mm", False)),
        ("soft = [0.50, 1.20]", "soft = [0.40, 1.20]",
         Change(CHEEK, "depth soft", "0.50 to 1.20 mm", "0.40 to 1.20 mm", True)),
        ("interval_days = 42", "interval_days = 28",
         Change("acne-scars, cheek", "interval", "42 days", "28 days", True)),
        ("version = 3", "version = 4", Change("library", "version", "3", "4", False)),
        ("pins = 36", "pins = 24", Change(CHEEK, "cartridge", "36", "24", False)),
    ],
)  # fmt: skip
def test_a_change_is_told_with_both_values(before: str, after: str, change: Change) -> None:
    assert change in between(before, after)


def test_entries_that_come_and_go_are_told() -> None:
    nose = TEXT[TEXT.index('[[entries]]\nindication = "fine-lines"\nzone = "nose"') :]
    nose = nose[: nose.index("\n\n") + 2]
    without = changed('[[narrowings]]\nrole = "esthetician"\nzones = ["nose"]\nforbidden = true\n'
                      'sources = ["house"]\n', "", changed(nose, ""))  # fmt: skip
    gone = compare(parsed(), parsed(without))
    assert (
        Change("fine-lines, nose", "entry", "0.25 mm, 0.25 to 0.75 mm at most", "", False) in gone
    )
    assert Change("esthetician", "narrowing", "kept out in nose", "", True) in gone
    come = compare(parsed(without), parsed())
    assert Change("fine-lines, nose", "entry", "", "0.25 mm, 0.25 to 0.75 mm at most", True) in come


def test_a_narrowing_that_changes_is_told_as_one_gone_and_one_come() -> None:
    changes = between("depth_most_mm = 0.60", "depth_most_mm = 0.55")
    assert [(c.before, c.after) for c in changes] == [
        ("at most 0.60 mm, no overrides", ""),
        ("", "at most 0.55 mm, no overrides"),
    ]
