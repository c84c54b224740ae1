"""The model check sees what it is for: bugs planted into the state table are found."""

import pytest

from firmware.safety import transitions
from tests.safety_model.explore import Exploration
from tests.safety_model.planted import NAMED, ROWS, every_bug, table, verdict


@pytest.mark.parametrize("name", NAMED)
def test_a_planted_bug_is_found(explored: Exploration, name: str) -> None:
    assert verdict(explored, NAMED[name]) not in ("", "harmless")


@pytest.mark.slow
def test_every_single_change_of_the_table_is_found_or_harmless(explored: Exploration) -> None:
    bugs = dict(every_bug())
    assert len(bugs) > 400
    verdicts = {name: verdict(explored, rows) for name, rows in bugs.items()}
    assert [name for name, wrong in verdicts.items() if not wrong] == []
    found = [name for name, wrong in verdicts.items() if wrong != "harmless"]
    assert len(found) > 0.8 * len(bugs)


def test_a_found_bug_comes_with_the_shortest_way_to_it() -> None:
    with table(NAMED["start without a press"]):
        found = Exploration(transitions.next_row).run()
    assert found.broken == "positioning without a fresh press in armed, needles in"
    assert found.path[0].startswith("boot --[")
    assert found.path[-1].endswith("]--> positioning")
    assert len(found.path) == 5


def test_the_table_is_put_back() -> None:
    with table(()):
        assert transitions.next_row(0, 1 << transitions.EVENT_FAULT) is None
    assert transitions.table(ROWS) == transitions.TABLE
    assert transitions.next_row(0, 1 << transitions.EVENT_FAULT) == ROWS[0]
