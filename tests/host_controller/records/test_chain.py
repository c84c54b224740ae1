"""The hash chain: any change shows, and a line cut by a power loss is accounted for."""

import json

from hypothesis import given
from hypothesis import strategies as st

from host_controller.records import chain

TEXT = st.text(max_size=12)
ENTRIES = st.lists(
    st.dictionaries(
        TEXT.filter(lambda key: key not in ("hash", "previous")), TEXT | st.integers(), max_size=3
    ),
    min_size=2,
    max_size=6,
)


def lines_of(entries: list[dict[str, object]]) -> list[bytes]:
    previous, lines = chain.FIRST, []
    for entry in entries:
        line, previous = chain.seal(entry, previous)
        lines.append(line)
    return lines


@given(ENTRIES)
def test_an_untouched_chain_is_whole(entries: list[dict[str, object]]) -> None:
    verdict = chain.verify(lines_of(entries))
    assert (verdict.lines, verdict.reason) == (len(entries), "")


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
    assert chain.verify(lines[:index] + lines[index + 1 :]).reason
    lines[index], lines[index + 1] = lines[index + 1], lines[index]
    assert chain.verify(lines).reason


def test_a_rewritten_line_with_a_right_hash_of_its_own_breaks_the_next() -> None:
    lines = lines_of([{"depth_um": 500}, {"depth_um": 600}, {"depth_um": 700}])
    first = json.loads(lines[0])
    lines[1], _ = chain.seal({"depth_um": 100}, first["hash"])
    verdict = chain.verify(lines)
    assert verdict.broken_line == 3
    assert verdict.lines == 2


def test_a_half_line_is_whole_only_when_the_next_accounts_for_it() -> None:
    lines = lines_of([{"a": 1}, {"a": 2}])
    head = json.loads(lines[1])["hash"]
    fragment = b'{"a": 3, "previ'
    assert chain.verify([*lines, fragment]).reason == "the last line is only half written"
    accounted, _ = chain.seal(chain.torn_entry(fragment), head)
    verdict = chain.verify([*lines, fragment + b"\n", accounted])
    assert (verdict.reason, verdict.lines) == ("", 3)
    other, _ = chain.seal({"a": 4}, head)
    assert chain.verify([*lines, fragment + b"\n", other]).broken_line == 3
