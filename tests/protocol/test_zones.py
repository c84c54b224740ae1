"""Zones by number and name; there is none for the eyelid."""

import pytest

from protocol import zones


def test_numbers_count_from_one_and_names_are_unique() -> None:
    assert [number for number, _name in zones.ZONES] == list(range(1, zones.ZONE_COUNT + 1))
    assert len({name for _number, name in zones.ZONES}) == zones.ZONE_COUNT == 16


@pytest.mark.parametrize(("number", "name"), zones.ZONES)
def test_there_and_back(number: int, name: str) -> None:
    assert zones.zone_name(number) == name
    assert zones.zone_id(name) == number


def test_what_the_table_does_not_know() -> None:
    assert zones.zone_name(0) == "zone 0"
    assert zones.zone_name(17) == "zone 17"
    assert zones.zone_id("eyelid") == 0


def test_nothing_inside_the_orbital_rim() -> None:
    assert not [name for _number, name in zones.ZONES if "lid" in name or "orbital-rim" in name]
