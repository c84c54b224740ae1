"""docs/states.md is what the state table says today."""

from docs import generate_states
from firmware.safety.transitions import ROWS


def test_the_page_is_current() -> None:
    assert generate_states.PAGE.read_text(encoding="utf-8") == generate_states.text(), (
        "next step: make docs"
    )


def test_every_row_and_every_arrow_stands_on_the_page() -> None:
    assert generate_states.rows().count("\n") == len(ROWS) + 1
    arrows = {(row[0], row[4]) for row in ROWS}
    assert generate_states.diagram().count(" --> ") == len(arrows) + 1
