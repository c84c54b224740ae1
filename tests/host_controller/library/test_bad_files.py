"""Whatever is in a file, reading it ends with a library or with an error that has a number."""

import tomllib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from host_controller import errors
from host_controller.library import reader
from host_controller.library.library import Library
from host_controller.planning import plan_file, plan_source, plan_writer, screening
from host_controller.planning.proposal import Request, propose
from tests.host_controller.library.small import TEXT, parsed

LINES = TEXT.splitlines()
STRANGE = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**30), 10**30), st.text(max_size=8),
    st.sampled_from([Decimal("NaN"), Decimal("Infinity"), Decimal("1E+400"), Decimal("0.255")]),
    st.lists(st.integers(-5, 5), max_size=3), st.just({}), st.just({"default": 1}),
    st.dates(), st.datetimes(), st.times(), st.lists(st.just({}), max_size=2),
)  # fmt: skip


def outcome(read: Callable[[], object]) -> object:
    """What was read, or the error; anything else that is raised fails the test."""
    try:
        return read()
    except errors.PenError as error:
        return error


def number(found: object) -> str:
    """The number of an error with a next step; "" for what could be read."""
    if not isinstance(found, errors.PenError):
        return ""
    assert found.next_step
    return found.number


def good(text: str) -> None:
    raw = text.encode("utf-8", "replace")
    found = outcome(lambda: reader.parse("clinic.toml", raw))
    assert number(found) in ("", "E180", "E181", "E182")
    if isinstance(found, Library):
        assert all(not entry.depth.unnested for entry in found.entries.values())


@given(st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.text(max_size=12)), max_size=3))
def test_lines_replaced(edits: list[tuple[int, str]]) -> None:
    lines = list(LINES)
    for place, text in edits:
        lines[place] = text
    good("\n".join(lines))


@given(st.lists(st.tuples(st.integers(0, len(TEXT) - 1), st.characters()), max_size=4))
def test_characters_replaced(edits: list[tuple[int, str]]) -> None:
    letters = list(TEXT)
    for place, letter in edits:
        letters[place] = letter
    good("".join(letters))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in parsed content."""
    keys: list[Any] = []
    if isinstance(value, dict):
        keys = list(value)
    elif isinstance(value, list):
        keys = list(range(len(value)))
    found = [path] if path else []
    for key in keys:
        found += places(value[key], (*path, key))
    return found


def fresh() -> dict[str, Any]:
    return tomllib.loads(TEXT, parse_float=Decimal)


PLACES = places(fresh())


@given(st.lists(st.tuples(st.sampled_from(PLACES), STRANGE), min_size=1, max_size=2))
def test_values_of_another_kind(edits: list[tuple[tuple[Any, ...], Any]]) -> None:
    data = fresh()
    for path, strange in edits:
        inside: Any = data
        try:
            for key in path[:-1]:
                inside = inside[key]
            inside[path[-1]] = strange
        except (KeyError, IndexError, TypeError):
            continue  # the edit before has taken that place away
    found = outcome(lambda: reader.check("clinic.toml", data))
    assert number(found) in ("", "E181", "E182")


CLINIC = parsed()
PLAN = plan_writer.text(propose(CLINIC, Request("C-1", "fine-lines", (), fitzpatrick="II")))
PLAN_LINES = PLAN.splitlines()


@given(st.lists(st.tuples(st.integers(0, len(PLAN_LINES) - 1), st.text(max_size=12)), max_size=3))
def test_a_plan_with_lines_replaced(edits: list[tuple[int, str]]) -> None:
    lines = list(PLAN_LINES)
    for place, text in edits:
        lines[place] = text
    raw = "\n".join(lines).encode("utf-8", "replace")

    def read() -> object:
        return plan_file.check(plan_source.parse("p.toml", raw), lambda _: CLINIC)

    assert number(outcome(read)) in ("", "E130", "E131", "E132")


@given(st.dictionaries(st.sampled_from([*screening.QUESTIONS, "client", "asked_on"]), STRANGE))
def test_answers_of_another_kind(strange: dict[str, Any]) -> None:
    data: dict[str, Any] = {"format": "pen-screen/1", "client": "C-1", **strange}
    source = plan_source.PlanSource("s.toml", data, {})
    assert number(outcome(lambda: screening.check(source))) in ("", "E131")
