"""What goes wrong is told in the language of the program, with its number and a next step."""

import inspect
import re
from collections.abc import Iterator

import pytest

from host_controller import errors
from host_controller.errors import PenError, all_errors
from host_controller.library import store as libraries
from host_controller.library.guardrail import Range
from host_controller.library.library import STATES
from host_controller.library.starter import load as device
from host_controller.planning.proposal import Request, propose
from host_controller.planning.screening import QUESTIONS, REASONS
from host_controller.refusals import PenRefused
from host_controller.ui import problems, typed
from host_controller.ui.catalogue import LANGUAGES, Texts
from host_controller.ui.plan_editor import reasons
from host_controller.ui.plan_page import notes
from protocol import codes
from protocol.texts import RESULT_TEXTS
from protocol.zones import ZONES

RESULTS = [getattr(codes, name) for name in dir(codes) if name.startswith("RESULT_")]
FOREHEAD = next(number for number, name in ZONES if name == "forehead")
# Flashing, and writing and approving libraries, are the command line's: no page does it.
ELSEWHERE = re.compile(r"E17[1-9]|E18[45689]|E19[016-9]")
ENTRY = typed.EntryRefused  # has words by what was typed
ENGLISH = re.compile(r"\b(the|is|not|and|with|again|needles)\b")


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    problems.speak(Texts("en"))


def told(problem: PenError, language: str = "de") -> problems.Words:
    problems.speak(Texts(language))
    return problems.words(problem)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [code for code in RESULTS if code != codes.RESULT_OK])
def test_every_refusal_has_its_words_in_every_language(code: int, language: str) -> None:
    words = told(PenRefused(code, FOREHEAD, 1, 2, 3), language)
    assert words.number == f"R{code:02d}"
    assert words.sentence.endswith((".", "?"))
    assert words.next_step.endswith(".")
    assert not re.search(r"[{}`]", f"{words}")
    if language != "en":
        assert not ENGLISH.search(f"{words}")


def test_the_table_of_refusals_is_the_one_of_the_wire() -> None:
    known = {code for code in range(100) if Texts("en").knows(f"refusal.r{code:02d}")}
    assert known == RESULT_TEXTS.keys() - {codes.RESULT_OK}


def test_a_refusal_carries_its_figures_with_the_mark_of_the_language() -> None:
    cap = PenRefused(codes.RESULT_ABOVE_ZONE_CAP, FOREHEAD, 1250, 0, 1000)
    assert "forehead: 1.25 mm was asked, the cap is 1.00 mm." in told(cap, "en").sentence
    assert "Stirn: verlangt 1,25 mm, die Grenze ist 1,00 mm." in told(cap).sentence


def test_a_latched_fault_is_named_in_the_language() -> None:
    latched = PenRefused(codes.RESULT_FAULT_LATCHED, 0, codes.FAULT_STALL)
    assert "F22: Der Nadelmotor wurde angetrieben" in told(latched).sentence


def test_a_refusal_of_newer_firmware_is_told_by_its_number() -> None:
    words = told(PenRefused(99))
    assert words.number == "R99"
    assert "99" in words.sentence


@pytest.mark.parametrize(
    "kind",
    [e for e in all_errors() if not (ELSEWHERE.fullmatch(e.number) or issubclass(e, ENTRY))],
    ids=lambda e: e.number,
)
def test_every_error_that_a_page_can_meet_has_german_words(kind: type[PenError]) -> None:
    words = told(kind("X-7 failed."))
    assert words.number == kind.number
    assert not ENGLISH.search(f"{words}".replace("X-7 failed.", ""))
    assert words.next_step.endswith((".", "`"))


def test_names_and_paths_of_an_error_are_kept() -> None:
    words = told(errors.FileUnwritable("/home/anna/report.pdf cannot be written."))
    assert "/home/anna/report.pdf" in words.sentence


def test_english_is_what_the_error_says_itself() -> None:
    problem = errors.FileUnwritable("a.pdf cannot be written.", next_step="Free 2 MB.")
    words = told(problem, "en")
    assert words[1:] == (problem.sentence, problem.cause, "Free 2 MB.")


@pytest.mark.parametrize("text", ["5", ".5", ",5", "0.505", "half", "1,55"])
def test_a_refused_entry_is_told_in_the_language(text: str) -> None:
    with pytest.raises(typed.EntryRefused) as refused:
        typed.read(text, "depth", Range(250, 1500))
    english, german = told(refused.value, "en"), told(refused.value)
    assert english.sentence == refused.value.sentence
    assert english.next_step == refused.value.next_step
    assert not ENGLISH.search(f"{german}".replace(text, ""))
    assert german.number == english.number


def test_a_refused_5_names_both_readings_with_a_comma() -> None:
    with pytest.raises(typed.EntryRefused) as refused:
        typed.read("5", "depth", Range(250, 1500))
    assert "5,00 mm oder 0,50 mm" in told(refused.value).sentence


def test_what_was_typed_is_told_back_as_it_was_typed() -> None:
    with pytest.raises(typed.EntryRefused) as refused:
        typed.read(".5", "depth", Range(250, 1500))
    assert "„.5“" in told(refused.value).sentence
    assert told(refused.value).next_step == "0,50 schreiben."


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_and_short_lists_have_words_in_every_language(language: str) -> None:
    say = Texts(language)
    assert all(say(f"question.{key}").endswith("?") for key in QUESTIONS)
    assert all(say(f"decision.{word}") for word in REASONS)
    assert reasons(say).keys() == device().override_reasons.keys()
    if language != "en":
        english = Texts("en")
        for section, keys in (("question", QUESTIONS), ("decision", REASONS)):
            assert all(say(f"{section}.{k}") != english(f"{section}.{k}") for k in keys)


def test_the_questions_of_the_pages_are_those_of_the_plan() -> None:
    say = Texts("en")
    assert {key: say(f"question.{key}") for key in QUESTIONS} == QUESTIONS
    assert {word: say(f"decision.{word}") for word in REASONS} == REASONS


def test_what_the_shipped_library_says_is_known_in_german() -> None:
    library, say = libraries.in_force(), Texts("de")
    said = {text for entry in library.entries.values() for text in entry.warnings}
    for text in {*said, *STATES, library.approval}:
        assert say.of_library(text) != text
    assert say.of_library("Words of a clinic's own.") == "Words of a clinic's own."


@pytest.mark.parametrize("concern", libraries.in_force().indications)
@pytest.mark.parametrize("skin", ["", "II", "V"])
def test_english_notes_of_a_plan_are_the_planners_own(concern: str, skin: str) -> None:
    proposal = propose(libraries.in_force(), Request("C-1", concern, (), fitzpatrick=skin))
    say, german = Texts("en"), Texts("de")
    assert len(notes(say, proposal)) == len(proposal.notes)
    assert not any(ENGLISH.search(note) for note in notes(german, proposal))
    assert [note for note in notes(say, proposal) if "share skin" not in note] == [
        note for note in proposal.notes if "share skin" not in note
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_depths_have_the_mark_of_the_language_and_are_read_back(language: str) -> None:
    say = Texts(language)
    for um in range(250, 1501, 50):
        field = say.figures(typed.typed("depth", um))
        assert ("," in field) == (language == "de")
        assert typed.read(field, "depth", Range(250, 1500)) == um
        assert say.mm(um) == f"{field} mm"


def test_no_page_shows_the_words_of_an_error_past_the_catalogue() -> None:
    from pathlib import Path

    import host_controller.ui as pages

    folder = Path(inspect.getfile(pages)).parent
    past = [
        file.name
        for file in folder.rglob("*.py")
        if file.name not in ("problems.py", "alarms.py")
        and re.search(r"problem\.(sentence|next_step|cause)", file.read_text())
    ]
    assert past == []
