"""The log of a visit: from when to when, what was seen, what sounds."""

from datetime import UTC, datetime, timedelta

import pytest

from host_controller.records.failures import DatabaseAway
from host_controller.replies import Reading
from host_controller.ui.alarm_log import AlarmLog
from host_controller.ui.alarms import Pressed
from protocol import codes
from tests.host_controller.ui.said import said, view

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DWELL = said(codes.STATE_RUNNING, codes.COND_DWELL_WARN)
STALLED = said(codes.STATE_FAULT, fault=codes.FAULT_STALL)
PARK = said(codes.STATE_FAULT, fault=codes.FAULT_PARK)


class Watched:
    """A log and a clock that begins at 100 s."""

    def __init__(self) -> None:
        self.log = AlarmLog()
        self.now_s, self.stop_s = 100.0, 0.0
        self.take(said())

    def take(self, reading: Reading, after_s: float = 0.1, *problems: DatabaseAway) -> None:
        """A reading `after_s` after the one before."""
        self.now_s += after_s
        now = START + timedelta(seconds=self.now_s - 100)
        self.log.take(view(reading, self.now_s), Pressed(self.stop_s), problems, self.now_s, now)

    @property
    def numbers(self) -> list[str]:
        return [alarm.number for alarm in self.log.current]


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_an_alarm_is_logged_from_when_to_when(watched: Watched) -> None:
    watched.take(STALLED, 1.0)
    watched.take(STALLED, 5.0)
    watched.take(said(), 1.0)
    watched.take(said(), 3.0)
    (row,) = watched.log.rows
    assert row.alarm.number == "F22"
    assert row.since == START + timedelta(seconds=1.1)
    assert row.until is not None
    assert watched.numbers == []


def test_a_flicker_is_one_row_and_can_be_read(watched: Watched) -> None:
    for _ in range(10):
        watched.take(DWELL)
        watched.take(said(codes.STATE_RUNNING))
    assert watched.numbers == ["W16"]
    assert len(watched.log.rows) == 1
    watched.take(said(codes.STATE_RUNNING), 2.8)
    assert watched.numbers == ["W16"]
    watched.take(said(codes.STATE_RUNNING), 0.3)
    assert watched.numbers == []


def test_a_reason_to_stop_stands_until_it_is_seen_or_the_pen_is_armed(watched: Watched) -> None:
    stopped = said(stop_reason=codes.STOP_DWELL)
    watched.take(said(codes.STATE_RUNNING))
    watched.take(stopped)
    watched.take(stopped, 600.0)
    assert watched.numbers == ["S08"]
    watched.log.see("S08")
    assert watched.numbers == []
    watched.take(stopped)
    assert watched.numbers == []
    watched.take(said(codes.STATE_RUNNING, stop_reason=codes.STOP_DWELL))
    watched.take(said(codes.STATE_RUNNING), 4.0)
    watched.take(stopped)
    assert watched.numbers == ["S08"]  # a second time


def test_a_fault_cannot_be_waved_away(watched: Watched) -> None:
    watched.take(STALLED)
    watched.log.see("F22")
    assert watched.numbers == ["F22"]


def test_a_reason_from_before_the_program_is_no_alarm() -> None:
    watched = Watched.__new__(Watched)
    watched.log, watched.now_s, watched.stop_s = AlarmLog(), 100.0, 0.0
    watched.take(said(stop_reason=codes.STOP_LEASE))
    assert watched.numbers == []
    watched.take(said(codes.STATE_RUNNING))
    watched.take(said(stop_reason=codes.STOP_LEASE))
    assert watched.numbers == ["S03"]


def test_a_stop_that_was_obeyed_is_no_alarm_in_the_next_run(watched: Watched) -> None:
    running = said(codes.STATE_RUNNING)
    watched.take(running)
    watched.stop_s = watched.now_s
    watched.take(said(codes.STATE_PARKING), 0.1)
    watched.take(said(), 0.2)
    for _ in range(20):
        watched.take(running, 0.1)
    assert watched.numbers == []
    watched.stop_s = watched.now_s
    watched.take(running, 0.6)
    assert watched.numbers == ["E162"]


def test_only_high_alarms_sound_when_tones_are_off(watched: Watched) -> None:
    watched.take(STALLED)
    assert watched.log.tone == "medium"
    watched.log.mute(True)
    assert watched.log.tone == ""
    watched.take(PARK)
    assert watched.log.tone == "high"


def test_a_new_visit_begins_with_what_still_stands_and_with_tones(watched: Watched) -> None:
    watched.take(said(), 0.1, DatabaseAway("away"))
    watched.take(said(), 4.0)
    watched.take(STALLED)
    watched.log.mute(True)
    watched.log.begin_visit()
    assert [row.alarm.number for row in watched.log.rows] == ["F22"]
    assert not watched.log.muted


def test_nothing_new_changes_no_version(watched: Watched) -> None:
    watched.take(STALLED)
    version = watched.log.version
    watched.take(STALLED, 1.0)
    assert watched.log.version == version
