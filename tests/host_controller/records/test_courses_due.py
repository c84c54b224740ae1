"""Whose course is open: the newest session in which a needle touched skin, of each concern."""

from datetime import timedelta
from typing import Any

from host_controller.records import courses_due
from host_controller.records.merge import merge
from host_controller.records.spool import Spool
from host_controller.records.store import Store
from tests.host_controller.records.made_up import DAY, treatment


def had(store: Store, *sessions: tuple[str, int, dict[str, Any]]) -> None:
    """(client, day, changes) of each session."""
    for number, (client, day, changes) in enumerate(sessions):
        entries = treatment(
            f"r{number}",
            DAY + timedelta(days=day),
            client=client,
            session_id=number + 1,
            **{key: value for key, value in changes.items() if key != "untouched"},
        )
        if changes.get("untouched"):
            for entry in entries:
                if entry["type"] == "zone end":
                    entry |= {"punctures_per_cm2": 0, "contact_ms": 0}
        Spool(store.home).append(entries)
    merge(store)


def of(concern: str) -> dict[str, Any]:
    return {"planning": {"concern": concern}}


def test_of_each_client_and_concern_the_newest_counts(store: Store) -> None:
    had(store, ("C-1", 0, {}), ("C-2", 1, {}), ("C-1", 2, {}), ("C-1", 3, of("wrinkles")))
    found = courses_due.last_sessions(store, DAY)
    assert [(client, session.record_id) for client, session in found] == [
        ("C-1", "r3"), ("C-1", "r2"), ("C-2", "r1"),
    ]  # fmt: skip
    only = courses_due.last_sessions(store, DAY, concern="wrinkles")
    assert [session.record_id for _, session in only] == ["r3"]


def test_a_session_that_touched_nobody_does_not_hide_the_one_before(store: Store) -> None:
    had(store, ("C-1", 0, {}), ("C-1", 9, {"untouched": True}))
    assert [session.record_id for _, session in courses_due.last_sessions(store, DAY)] == ["r0"]


def test_simulated_ones_count_where_they_are_asked_for_and_demonstrations_never(
    store: Store,
) -> None:
    had(store, ("C-1", 0, {}), ("C-1", 1, {"simulated": "cpython"}), ("C-1", 2, {"demo": True}))
    assert [session.record_id for _, session in courses_due.last_sessions(store, DAY)] == ["r0"]
    found = courses_due.last_sessions(store, DAY, simulated=True)
    assert [session.record_id for _, session in found] == ["r1"]


def test_a_span_leaves_out_who_came_again_after_it(store: Store) -> None:
    had(store, ("C-1", 0, {}), ("C-2", 1, {}), ("C-1", 40, {}))
    found = courses_due.last_sessions(store, DAY, DAY + timedelta(days=30))
    assert [client for client, _ in found] == ["C-2"]


def test_the_newest_come_first_and_no_more_than_asked_for(store: Store) -> None:
    had(store, *[(f"C-{number}", number, {}) for number in range(5)])
    found = courses_due.last_sessions(store, DAY, count=2)
    assert [client for client, _ in found] == ["C-4", "C-3"]
