"""Typed numbers: 0.5 is never read as 5, and nothing is made to fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_controller.library.guardrail import Range
from host_controller.ui.catalogue import Texts
from host_controller.ui.typed import EntryOutside, EntryRefused, between, read, spoken, typed

ALL = Range(0, 2500)
DIGITS = "zero one two three four five six seven eight nine"


@pytest.mark.parametrize(
    ("text", "um"),
    [("0.50", 500), ("0.5", 500), ("0,50", 500), ("1.25", 1250), ("0.05", 50), ("0.50 mm", 500)],
)
def test_a_depth_with_its_zero_and_its_point_is_read(text: str, um: int) -> None:
    assert read(text, "depth", ALL) == um


@pytest.mark.parametrize("text", ["5", "05", "50", "500", ".5", ",5", "0.505", "00.5", "0.", "",
                                  "-0.5", "1e0", "0.5.0", "half", "٠.٥"])  # fmt: skip
def test_what_can_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(EntryRefused) as refused:
        read(text, "depth", ALL)
    assert refused.value.number == "E192"
    assert refused.value.sentence
    assert refused.value.next_step


def test_the_refusal_of_5_names_both_readings() -> None:
    with pytest.raises(EntryRefused) as refused:
        read("5", "depth", ALL)
    assert "5.00 mm or 0.50 mm" in refused.value.sentence


def test_beyond_the_hard_limit_is_refused_with_the_range() -> None:
    with pytest.raises(EntryOutside) as refused:
        read("1.55", "depth", Range(250, 1500))
    assert "1.55 mm is outside 0.25 to 1.50 mm" in refused.value.sentence
    assert refused.value.number == "E193"


@given(st.integers(0, 250))
def test_what_stands_in_the_field_is_read_back_as_it_is(hundredths: int) -> None:
    um = hundredths * 10
    assert read(typed("depth", um), "depth", ALL) == um
    assert len(spoken(um, DIGITS, "point").split()) == 4


@given(st.text(max_size=8))
def test_whatever_is_typed_is_in_range_or_refused(text: str) -> None:
    try:
        value = read(text, "depth", Range(250, 1500))
    except (EntryRefused, EntryOutside):
        return
    assert 250 <= value <= 1500
    assert "." in text or "," in text


@pytest.mark.parametrize(
    ("quantity", "text", "value"),
    [("rate", "90", 9000), ("rate", "90 Hz", 9000), ("passes", "3", 3), ("dose", "300", 300)],
)
def test_whole_numbers(quantity: str, text: str, value: int) -> None:
    assert read(text, quantity, Range(1, 15000)) == value


@pytest.mark.parametrize("text", ["0", "09", "9.5", "-1", "", "99999"])
def test_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises((EntryRefused, EntryOutside)):
        read(text, "rate", Range(2500, 15000))


def test_a_depth_is_told_back_digit_by_digit_in_each_language() -> None:
    assert spoken(500, DIGITS, "point") == "zero point five zero"
    say = Texts("de")
    assert spoken(1250, say("plan.digits"), say("plan.point")) == "eins Komma zwei fünf"


def test_a_range_is_told_in_figures_alone() -> None:
    assert between("depth", Range(500, 1500)) == "0.50 – 1.50 mm"
    assert between("rate", Range(9000, 13000)) == "90 – 130 Hz"
    assert between("passes", Range(2, 4)) == "2 – 4"
