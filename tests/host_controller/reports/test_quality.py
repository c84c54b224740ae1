"""A month's figures count real treatments only, and count each thing once."""

from dataclasses import replace

from host_controller.records.views import StopRecord
from host_controller.reports.quality import quality
from tests.host_controller.reports.made_up import session


def test_an_empty_month_has_no_share() -> None:
    month = quality("2026-11", [])
    assert month.sessions == 0
    assert month.share_in_library is None


def test_shares_overrides_faults_and_outcomes() -> None:
    early = replace(session(), early_reason="travel", overrides=(), outcome="interrupted")
    month = quality("2026-11", [session(), early])
    assert month.sessions == 2
    assert month.zones == 4  # two treated in each, the nose was not
    assert month.in_library == 3
    assert month.share_in_library == 0.75
    assert month.overrides == {"cheek, depth: thick-scar": 1}
    assert month.faults == {"F22": 2}
    assert month.early == {"travel": 1}
    assert month.outcomes == {"complete": 1, "interrupted": 1}


def test_hard_stops_are_those_that_nobody_wanted() -> None:
    stops = tuple(
        StopRecord(1000, "cheek", reason, True)
        for reason in ("button", "host", "zone time", "dose reached", "arm expired", "plan changed",
                       "lease lost", "dwell", "dwell", "cartridge removed", "fault", "supply lost")
    )  # fmt: skip
    month = quality("2026-11", [replace(session(), stops=stops)])
    assert month.hard_stops == {
        "dwell": 2, "lease lost": 1, "cartridge removed": 1, "fault": 1, "supply lost": 1,
    }  # fmt: skip


def test_simulated_records_and_demonstrations_do_not_count() -> None:
    shown = [replace(session(), simulated="cpython"), replace(session(), demo=True)]
    assert quality("2026-11", shown).sessions == 0
