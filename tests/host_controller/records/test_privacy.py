"""No name gets into database, spool, copies or exports, whatever somebody types."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_controller import errors
from host_controller.cli.main import run
from host_controller.records.pseudonyms import chosen, is_pseudonym, pseudonym
from tests.host_controller.fake_pen import FakePen, served
from tests.host_controller.records.made_up import treatment

NAME, MAIL, BORN = "Annegret Mustermann", "annegret@clinic.example", "1980-04-17"
CANARIES = ("Annegret", "annegret", "Mustermann", "mustermann", "clinic.example", "1980-04-17")
PLAN = "host_controller/planning/examples/three_zones.toml"


@pytest.mark.parametrize("text", ["C-0042", "np_07", "7", "C1042", "dr-3", "0000000001"])
def test_numbers_and_codes_are_taken(text: str) -> None:
    assert pseudonym(text, "a staff code") == text


@pytest.mark.parametrize(
    "text",
    [NAME, MAIL, BORN, "", "Anna", "Anna-1980", "x" * 33, "Änn-1", "-1", "C-", "a\n", "C-1\n",
     "C-12345678901", "C--1", "ABCD-1"],
)  # fmt: skip
def test_what_could_be_a_name_is_refused(text: str) -> None:
    with pytest.raises(errors.UsageError, match="cannot be used as a client number"):
        pseudonym(text, "a client number")


def test_one_client_has_one_way_to_be_written() -> None:
    assert pseudonym("np-07", "a staff code") == "np-07"
    with pytest.raises(errors.UsageError) as caught:
        pseudonym("c-0042", "a client number")
    assert caught.value.next_step == "Write capital letters: C-0042."


@given(st.text(max_size=20))
def test_a_pseudonym_has_at_most_three_letters(text: str) -> None:
    if is_pseudonym(text):
        assert sum(letter.isalpha() for letter in text) <= 3
        assert any(digit.isdigit() for digit in text)
        assert text.isascii()


def test_a_reason_is_one_of_a_short_list() -> None:
    assert chosen("missing", ("missing",), "reason") == "missing"
    with pytest.raises(errors.UsageError, match="is no reason"):
        chosen(NAME, ("missing",), "reason")


def contents(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def typed_everywhere(url: str, plan: Path) -> list[tuple[str, ...]]:
    at = ("--port", url)
    return [
        (*at, "treat", PLAN, "--yes", "--client", NAME),
        (*at, "treat", PLAN, "--yes", "--operator", MAIL),
        (*at, "treat", str(plan), "--yes", "--json"),
        (*at, "treat", PLAN, "--yes", "--continue", NAME),
        ("records", "correct", "r1", "client", NAME, "--reason", "wrong client", "--by", "np-07"),
        ("records", "correct", "r1", "client", "C-1", "--reason", NAME, "--by", "np-07"),
        ("records", "correct", "r1", "operator", "np-1", "--reason", "missing", "--by", NAME),
        ("records", "accept-clock", "--by", MAIL),
        ("records", "list", "--client", NAME),
        ("records", "show", NAME),
    ]


def test_whatever_is_typed_no_name_is_kept(folders: Path, fake: FakePen) -> None:
    from host_controller.records.home import home
    from host_controller.records.spool import Spool

    Spool(home()).append(treatment("r1"))
    plan = folders / "plan.toml"
    text = Path(PLAN).read_text(encoding="utf-8")
    row = 'override = { reason = "scar", approved_by = "Annegret Mustermann" }\n'
    plan.write_text(text.replace("zone = ", row + "zone = ", 1), encoding="utf-8")
    with served(fake) as url:
        for words in typed_everywhere(url, plan):
            assert run(list(words)) != 0 or words[1] == "list", words
    plan.unlink()
    kept = contents(folders)
    assert b"C-0042" in kept  # it was looked into the right place
    for canary in CANARIES:
        assert canary.encode() not in kept
