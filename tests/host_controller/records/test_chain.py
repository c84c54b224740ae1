"""The hash chain: any change shows, and a line cut by a power loss is accounted for."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_controller.records import chain
from host_controller.records.chain import Head

START = Head("abcdef-123456", 0, chain.FIRST)
OWN = ("hash", "previous", "writer", "number")
TEXT = st.text(max_size=12)
ENTRIES = st.lists(
    st.dictionaries(TEXT.filter(lambda key: key not in OWN), TEXT | st.integers(), max_size=3),
    min_size=2,
    max_size=6,
)


def lines_of(entries: list[dict[str, object]], head: Head = START) -> list[bytes]:
    lines = []
    for entry in entries:
        line, head = chain.seal(entry, head)
        lines.append(line + b"\n")
    return lines


@given(ENTRIES)
def test_an_untouched_chain_is_whole(entries: list[dict[str, object]]) -> None:
    lines = lines_of(entries)
    verdict = chain.verify(lines)
    assert (verdict.lines, verdict.reason) == (len(entries), "")
    assert [json.loads(line)["number"] for line in lines] == list(range(1, len(entries) + 1))


@given(ENTRIES, st.data())
def test_any_changed_byte_shows(entries: list[dict[str, object]], data: st.DataObject) -> None:
    lines = lines_of(entries)
    index = data.draw(st.integers(0, len(lines) - 1))
    at = data.draw(st.integers(0, len(lines[index]) - 2))
    changed = bytearray(lines[index])
    changed[at] ^= 1 << data.draw(st.integers(0, 6))
    lines[index] = bytes(changed)
    assert chain.verify(lines).reason


@given(ENTRIES, st.data())
def test_a_removed_or_exchanged_line_shows(
    entries: list[dict[str, object]], data: st.DataObject
) -> None:
    lines = lines_of(entries)
    index = data.draw(st.integers(0, len(lines) - 2))  # the end can be cut unseen: documented
    if index:  # a piece may begin anywhere: a spool is trimmed
        assert chain.verify(lines[:index] + lines[index + 1 :]).reason
    lines[index], lines[index + 1] = lines[index + 1], lines[index]
    assert chain.verify(lines).reason


def test_a_rewritten_line_with_a_right_hash_of_its_own_breaks_the_next() -> None:
    lines = lines_of([{"depth_um": 500}, {"depth_um": 600}, {"depth_um": 700}])
    first = json.loads(lines[0])
    lines[1], _ = chain.seal({"depth_um": 100}, chain.head_of(first))
    verdict = chain.verify(lines)
    assert verdict.broken_line == 3
    assert verdict.lines == 2


def test_a_line_of_another_chain_does_not_fit() -> None:
    mine, other = lines_of([{"a": 1}, {"a": 2}]), lines_of([{"a": 1}, {"a": 2}], Head("x", 0, ""))
    assert chain.verify([mine[0], other[1]]).broken_line == 2


@pytest.mark.parametrize("line", [b"", b"[]", b"{}", b"7", b'{"hash":"x"}', b"\xff"])
def test_what_is_no_entry_is_not_opened(line: bytes) -> None:
    assert chain.opened(line) is None


def test_a_half_line_is_whole_only_when_the_next_accounts_for_it() -> None:
    lines = lines_of([{"a": 1}, {"a": 2}])
    head = chain.head_of(json.loads(lines[1]))
    fragment = b'{"a": 3, "previ'
    assert chain.verify([*lines, fragment]).reason == "is only half written"
    accounted, _ = chain.seal(chain.torn_entry(fragment), head)
    verdict = chain.verify([*lines, fragment + b"\n", accounted])
    assert (verdict.reason, verdict.lines) == ("", 3)
    other, _ = chain.seal({"a": 4}, head)
    assert chain.verify([*lines, fragment + b"\n", other]).broken_line == 3
