"""Questions before a treatment: all of them, of this client, today; a yes needs a clinician."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_controller import errors
from host_controller.planning import plan_source, screening
from host_controller.planning.failures import ScreeningIncomplete
from host_controller.planning.screening import QUESTIONS, Answer, Screening

TODAY = date(2026, 6, 1)
ALL_NO = dict.fromkeys(QUESTIONS, Answer(yes=False))


def read(text: str) -> Screening:
    return screening.check(plan_source.parse("screen.toml", text.encode()))


def filled(key: str = "", value: str = '"no"') -> str:
    text = screening.template("C-1042", TODAY)
    for name in QUESTIONS:
        answer = value if name == key else '"no"'
        text = text.replace(f'{name} = ""', f"{name} = {answer}")
    return text


def test_the_questions_are_those_of_the_checklist() -> None:
    asked = " ".join(QUESTIONS.values()).lower()
    for word in (
        "clotting", "blood thinners", "immune", "diabetes", "infection", "rash", "cold sores",
        "acne", "eczema", "psoriasis", "vitiligo", "autoimmune", "isotretinoin", "six months",
        "keloid", "tan", "sunburn", "cancer", "chemotherapy", "radiation", "steroids", "pregnant",
        "breastfeeding", "stainless steel", "numbing", "herpes",
    ):  # fmt: skip
        assert word in asked, word


def test_a_fresh_template_answers_nothing() -> None:
    found = read(screening.template("C-1042", TODAY))
    assert found.open_questions == tuple(QUESTIONS)
    with pytest.raises(ScreeningIncomplete, match="12 of 12") as caught:
        screening.must_hold(found, "C-1042", TODAY)
    assert caught.value.number == "E135"
    assert len(caught.value.lines) == 12


def test_all_no_is_enough() -> None:
    found = read(filled())
    screening.must_hold(found, "C-1042", TODAY)
    assert set(found.as_record().values()) == {"no"}


@pytest.mark.parametrize("key", QUESTIONS)
def test_one_open_question_is_one_too_many(key: str) -> None:
    with pytest.raises(ScreeningIncomplete, match="1 of 12"):
        screening.must_hold(read(filled(key, '""')), "C-1042", TODAY)


def test_a_yes_needs_a_reason_and_a_clinician() -> None:
    found = read(filled("sun", '{ answer = "yes", reason = "area-left-out", by = "dr-03" }'))
    screening.must_hold(found, "C-1042", TODAY)
    assert found.as_record()["sun"] == "yes: area-left-out, dr-03"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ('"yes"', "neither a no nor a yes"), ("true", "neither"), ("0", "neither"),
        ('{ answer = "yes", by = "dr-03" }', "sun.reason"),
        ('{ answer = "yes", reason = "fine", by = "dr-03" }', "'fine'"),
        ('{ answer = "yes", reason = "cleared" }', "staff code"),
        ('{ answer = "yes", reason = "cleared", by = "Jane Doe" }', "staff code"),
        ('{ answer = "maybe", reason = "cleared", by = "dr-03" }', "'maybe'"),
        ('{ answer = "yes", reason = "cleared", by = "dr-03", note = "x" }', "'note'"),
    ],
)  # fmt: skip
def test_half_an_answer_is_named(value: str, words: str) -> None:
    with pytest.raises(errors.PlanInvalid, match="nothing was armed") as caught:
        read(filled("sun", value))
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("C-1042", "Jane Doe"), ("2026-06-01", '"today"'), ("pen-screen/1", "pen-plan/1"),
        ("bleeding =", "bleding ="),
    ],
)  # fmt: skip
def test_a_head_that_cannot_be_meant_is_named(before: str, after: str) -> None:
    text = filled()
    with pytest.raises(errors.PlanInvalid):
        read(text.replace(f'client = "{before}"', f'client = "{after}"').replace(before, after))


def test_answers_of_another_client_or_day_do_not_count() -> None:
    found = Screening("C-1042", TODAY, ALL_NO)
    with pytest.raises(ScreeningIncomplete, match="are of C-1042"):
        screening.must_hold(found, "C-1043", TODAY)
    with pytest.raises(ScreeningIncomplete, match="today is 2026-06-02"):
        screening.must_hold(found, "C-1042", TODAY + timedelta(1))


@given(st.dictionaries(st.sampled_from(sorted(QUESTIONS)), st.just(Answer(yes=False))))
def test_it_holds_only_when_nothing_is_open(answers: dict[str, Answer]) -> None:
    found = Screening("C-1042", TODAY, answers)
    if set(answers) == set(QUESTIONS):
        screening.must_hold(found, "C-1042", TODAY)
    else:
        with pytest.raises(ScreeningIncomplete):
            screening.must_hold(found, "C-1042", TODAY)
