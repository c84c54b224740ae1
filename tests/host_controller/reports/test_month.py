"""A month's figures from the index are those of reading every record of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_controller.records.failures import BadPeriod
from host_controller.records.home import Home
from host_controller.records.merge import merge
from host_controller.records.spool import Spool
from host_controller.records.store import Store
from host_controller.reports.month import month_of, month_quality
from host_controller.reports.quality import quality
from tests.host_controller.records.made_up import DAY, DEVIATIONS, ZONES, fault, treatment

MONTH = "2026-03"

sessions = st.fixed_dictionaries(
    {
        "day": st.integers(-4, 40),  # some in the months before and after
        "zones": st.integers(1, 3),
        "simulated": st.sampled_from(["", "", "", "cpython"]),
        "demo": st.sampled_from([False, False, True]),
        "planning": st.sampled_from([{"concern": "acne-scars"}, DEVIATIONS]),
        "reason": st.sampled_from(["dose reached", "host", "lease lost", "dwell", "fault"]),
        "fault": st.sampled_from(["", "", "F22", "F31"]),
        "cut": st.sampled_from([0, 0, 0, 1, 4, 7]),  # entries that a crash took from the end
    }
)


def written(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries of these sessions."""
    found: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        at = DAY + timedelta(days=row["day"])
        entries = treatment(
            f"r{number}",
            at,
            zones=ZONES[: row["zones"]],
            session_id=number + 1,
            simulated=row["simulated"],
            demo=row["demo"],
            planning=row["planning"],
        )
        for entry in entries:
            if entry["type"] == "stop":
                entry["reason"] = row["reason"]
        if row["fault"]:
            entries.insert(-1, fault(f"r{number}", at, row["fault"]))
        if row["cut"]:
            del entries[-row["cut"] :]
            entries.append({**entries[-1], "type": "end", "outcome": "interrupted", "faults": [],
                            "needles_in": None, "battery_pct": None, "error": None,
                            "recovered": True})  # fmt: skip
        found += entries
    return found


@given(rows=st.lists(sessions, min_size=1, max_size=6), simulated=st.booleans())
def test_the_index_and_the_records_say_the_same(
    rows: list[dict[str, Any]], simulated: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("month")
    store = Store.open(Home(f"sqlite:///{folder / 'records.sqlite'}", folder))
    try:
        Spool(store.home).append(written(rows))
        merge(store)
        read = quality(MONTH, store.sessions(*month_of(MONTH)), simulated)
        assert month_quality(store, MONTH, simulated) == read
    finally:
        store.close()


def test_an_early_session_is_counted_with_its_reason(tmp_path: Any) -> None:
    store = Store.open(Home(f"sqlite:///{tmp_path / 'records.sqlite'}", tmp_path))
    Spool(store.home).append(treatment("r1", planning=DEVIATIONS))
    merge(store)
    assert store.session("r1").early_reason == "clinician"
    month = month_quality(store, MONTH)
    store.close()
    assert month.early == {"clinician": 1}
    assert month.overrides == {"cheek, depth: scar": 1, "cheek, rate: scar": 1}
    assert (month.zones, month.in_library) == (3, 2)


def test_december_ends_with_the_year() -> None:
    assert month_of("2026-12") == (
        datetime(2026, 12, 1, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    )
    with pytest.raises(BadPeriod):
        month_of("2026-13")
