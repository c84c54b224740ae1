"""What entries mean to a reader: corrections, late ends, a shallower first pass, a crash."""

from typing import Any

from host_controller.records import chain, kinds
from host_controller.records.chain import Entry, Head
from host_controller.records.session_view import session_record
from tests.host_controller.records.made_up import DAY, begin, moment, sample, treatment, usage


def sealed(entries: list[dict[str, Any]], writer: str = "abcdef-000001") -> list[Entry]:
    head, found = Head(writer, 0, chain.FIRST), []
    for entry in entries:
        line, head = chain.seal(
            {"record_id": "r1", "time": moment(DAY), "schema": kinds.SCHEMA, **entry}, head
        )
        opened = chain.opened(line)
        assert opened is not None
        found.append(opened)
    return found


def zone(name: str, depth_um: int) -> dict[str, Any]:
    return {"type": kinds.ZONE, "t_ms": 1, "zone": name, "depth_um": depth_um, "rate_chz": 9000}


def test_a_shallower_first_pass_is_no_part_of_the_measured_depth() -> None:
    entries = [begin(), zone("cheek", 500), sample("cheek", 800, 500),
               sample("cheek", 1600, 500), zone("cheek", 1000),
               sample("cheek", 2400, 995), sample("cheek", 3200, 995)]  # fmt: skip
    cheek = session_record(sealed(entries)).zones[1]
    assert (cheek.depth_um_mean, cheek.depth_um_min, cheek.depth_um_max) == (995, 991, 1001)


def test_a_zone_that_had_its_first_pass_alone_stands_beside_the_depth_of_that_pass() -> None:
    entries = [begin(), zone("cheek", 500), sample("cheek", 800, 500),
               sample("cheek", 1600, 500), zone("cheek", 1000),
               sample("cheek", 2400, 0, running_ms=0)]  # fmt: skip
    cheek = session_record(sealed(entries)).zones[1]
    assert (cheek.depth_um_set, cheek.depth_um_mean) == (500, 500)


def test_steps_in_which_the_needles_began_to_run_do_not_count_as_steady() -> None:
    entries = [begin(), zone("nose", 250), sample("nose", 800, 100, running_ms=400),
               sample("nose", 1600, 240), sample("nose", 2400, 250), sample("nose", 3200, 250),
               sample("nose", 4000, 90, running_ms=100)]  # fmt: skip
    nose = session_record(sealed(entries)).zones[2]
    assert (nose.depth_um_mean, nose.depth_um_min) == (250, 246)
    assert nose.runs == 1


def test_a_zone_that_never_ran_has_no_measured_depth() -> None:
    record = session_record(sealed([begin()]))
    assert all(zone.depth_um_mean is None and not zone.treated for zone in record.zones)
    assert record.outcome == "open"


def test_a_real_end_wins_over_a_closing_at_the_next_start() -> None:
    entries = treatment("r1")
    recovered = {"type": kinds.END, "outcome": "interrupted", "faults": [], "error": None,
                 "needles_in": None, "battery_pct": None, "recovered": True,
                 "time": "2027-01-01T00:00:00.000+00:00"}  # fmt: skip
    assert session_record(sealed([*entries, recovered])).outcome == "complete"
    assert session_record(sealed([*entries[:-1], recovered])).outcome == "interrupted"


def test_deviations_from_a_library_are_told_once_each() -> None:
    row = {"zone": "cheek", "field": "depth", "value": 1000, "default": 800, "low": 500,
           "high": 900, "reason": "scar", "approved_by": "dr-03"}  # fmt: skip
    planning = {"library_id": "starter", "library_version": 3, "library_state": "released",
                "library_approval": "derived, not clinically approved", "deviations": [row],
                "fitzpatrick": "III", "screen": {"pregnant": "no"}}  # fmt: skip
    record = session_record(sealed([begin(planning=planning)]))
    assert [(o.zone, o.reason, o.approved_by) for o in record.overrides] == [
        ("cheek", "scar", "dr-03")
    ]
    assert record.zones[1].override == record.overrides[0]
    assert record.library.approval == "released, derived, not clinically approved"
    assert (record.library.version, record.fitzpatrick) == (3, "III")
    assert record.screen == (("pregnant", "no"),)


def test_the_pens_own_count_is_its_newest_entry_for_the_zone() -> None:
    log = [{"number": 4, **usage(7, "nose")}, {"number": 5, **usage(7, "nose"), "punctures": 9500}]
    nose = session_record(sealed(treatment("r1")), log).zones[2]
    assert nose.pen_count is not None
    assert (nose.pen_count.number, nose.pen_count.punctures) == (5, 9500)


def test_a_fault_is_acknowledged_by_what_comes_after_it() -> None:
    fault = {"type": kinds.FAULT, "t_ms": 500, "fault": "F22", "zone": "nose"}
    done = {"type": kinds.ACKNOWLEDGE, "t_ms": 900, "fault": "F22"}
    assert session_record(sealed([begin(), fault, done])).faults[0].acknowledged
    assert not session_record(sealed([begin(), done | {"t_ms": 100}, fault])).faults[0].acknowledged
