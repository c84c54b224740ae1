"""What the records tell of each pen."""

from datetime import timedelta

import pytest

from host_controller import errors
from host_controller.records import fleet, notes
from host_controller.records.merge import merge
from host_controller.records.spool import Spool
from host_controller.records.store import Store
from tests.host_controller.records.made_up import DAY, treatment


def fill(store: Store, count: int = 3) -> None:
    for number in range(count):
        at = DAY + timedelta(days=number)
        Spool(store.home).append(
            treatment(
                f"r{number}",
                at,
                session_id=number + 1,
                pen="PEN00002" if number == 1 else "PEN00001",
                firmware=f"0.{number}.0",
                planning={"library_id": "starter", "library_version": 2},
            )
        )
    merge(store)


def pen_log(store: Store, number: int, fault: str) -> None:
    Spool(store.home).append(
        [
            {"schema": "pen.record/1", "record_id": "", "time": "2026-03-09T00:00:00.000+00:00",
             "type": "pen log", "pen": "PEN00001", "log": "faults", "pen_number": number,
             "body": {"fault": fault, "zone": "nose"}}
        ]
    )  # fmt: skip
    merge(store)


def test_an_empty_clinic_has_no_pens(store: Store) -> None:
    assert fleet.serials(store) == []


def test_a_pen_is_as_its_last_session_saw_it(store: Store) -> None:
    fill(store)
    assert fleet.serials(store) == ["PEN00001", "PEN00002"]
    pen = fleet.pen_seen(store, "PEN00001")
    assert (pen.firmware, pen.library) == ("0.2.0", "starter 2")
    assert pen.last == DAY + timedelta(days=2)
    assert (pen.faults, pen.last_fault, pen.calibration) == (0, "", None)


def test_faults_are_those_of_the_pens_own_log(store: Store) -> None:
    fill(store)
    pen_log(store, 1, "F22")
    pen_log(store, 2, "F31")
    pen = fleet.pen_seen(store, "PEN00001")
    assert (pen.faults, pen.last_fault) == (2, "F31")


def test_a_calibration_is_appended_and_the_newest_counts(store: Store) -> None:
    notes.calibrated(store, "PEN00009", "np-07", -35, 4)
    notes.calibrated(store, "PEN00009", "np-08", 12, -3)
    assert fleet.serials(store) == ["PEN00009"]
    pen = fleet.pen_seen(store, "PEN00009")
    assert pen.last is None
    assert pen.calibration is not None
    assert (pen.calibration.done_by, pen.calibration.depth_error_um) == ("np-08", 12)


@pytest.mark.parametrize(("pen", "by"), [("Jane Doe", "np-07"), ("PEN00001", "Jane"), ("", "np-7")])
def test_a_calibration_names_no_person(store: Store, pen: str, by: str) -> None:
    with pytest.raises(errors.UsageError):
        notes.calibrated(store, pen, by, 0, 0)


@pytest.mark.parametrize("page", [1, 2, 1000])
def test_needle_time_is_the_same_in_pages_of_any_size(
    store: Store, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """20 s for each of three zones of each session."""
    monkeypatch.setattr(fleet, "PAGE", page)
    fill(store, 6)
    since = (DAY + timedelta(days=3)).isoformat(timespec="milliseconds")
    needles = fleet.NeedleTime("PEN00001", since)
    pages = 1
    while needles.more(store):
        pages += 1
    assert needles.all_ms == 5 * 3 * 20_000
    assert needles.since_ms == 2 * 3 * 20_000  # days 4 and 5
    assert pages == 5 // page + 1
