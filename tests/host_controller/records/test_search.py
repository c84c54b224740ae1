"""A search knows by the way it is written whether a record, a client, a pen or a day is meant."""

from datetime import timedelta

import pytest

from host_controller.records import search
from host_controller.records.merge import merge
from host_controller.records.spool import Spool
from host_controller.records.store import Store
from tests.host_controller.records.made_up import DAY, treatment


@pytest.fixture
def filled(store: Store) -> Store:
    for number in range(4):
        at = DAY + timedelta(days=20 * number)
        Spool(store.home).append(
            treatment(
                f"{at:%Y%m%d}-090000-00000{number}",
                at,
                client=f"C-100{number % 2}",
                pen=f"PEN0000{number % 3}",
                session_id=number + 1,
                simulated="cpython" if number == 3 else "",
            )
        )
    merge(store)
    return store


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [2, 1, 0]),
        ("C-1000", [2, 0]),
        ("c-1001", [1]),
        ("PEN00001", [1]),
        ("pen00002", [2]),
        ("20260302", [0]),
        ("202603", []),
        ("20260302-0900", [0]),
        ("2026-03-02", [0]),
        ("2026-03", [1, 0]),
        ("2026-13", []),
        ("C-9999", []),
        ("%", []),
    ],
)
def test_what_is_found(filled: Store, text: str, found: list[int]) -> None:
    rows = search.search(filled, text, simulated=False)
    assert [row.session_id - 1 for row in rows] == found


def test_simulated_ones_where_they_are_asked_for(filled: Store) -> None:
    assert len(search.search(filled, "", simulated=True)) == 4
