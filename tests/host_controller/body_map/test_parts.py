"""Parts of the drawing: large enough for the zones that are shown, and nothing else in them."""

import re

import pytest

from host_controller.body_map.drawing import (
    BODY,
    HEAD,
    HEAD_AND_CHEST,
    WHOLE,
    Mark,
    body_map,
    part_for,
)


@pytest.mark.parametrize(
    ("zones", "part"),
    [
        (("forehead", "chin"), HEAD),
        (("forehead", "decolletage"), HEAD_AND_CHEST),
        (("striae", "body-scar"), BODY),
        (("forehead", "hand"), WHOLE),
    ],
)
def test_the_smallest_part_that_shows_every_zone(
    zones: tuple[str, ...], part: tuple[int, int, int, int]
) -> None:
    assert part_for(zones) == part


def shown(svg: str) -> set[str]:
    return set(re.findall(r"data-zone='([a-z-]+)'", svg))


def test_a_part_shows_its_zones_alone() -> None:
    head = shown(body_map({"nose": Mark(250, "0.25")}, "the face", HEAD))
    assert {"nose", "forehead", "chin"} <= head
    assert not head & {"striae", "hand", "decolletage"}
    body = shown(body_map({}, "the body", BODY))
    assert body == {"body-scar", "striae", "hand"}


def test_a_mark_is_shown_whatever_the_part() -> None:
    assert "hand" in shown(body_map({"hand": Mark(250, "0.25")}, "the face", HEAD))
