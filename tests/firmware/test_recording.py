"""What waits is written when it may be, and no run begins without its entry."""

from types import SimpleNamespace
from typing import Any

import pytest

from firmware import words as place
from firmware.history import USAGE_ACTIVE_MS, USAGE_PASSES, USAGE_PUNCTURES, History
from firmware.recording import Recorder, within
from firmware.storage import layout
from firmware.storage.record_store import RecordStore
from protocol import codes
from tests.firmware.storage.nor import NorFlash

UNKNOWN, HOMING, RESTING, MOVING, SETTLING, RETURNING = range(6)  # what the stage is doing
ROW = SimpleNamespace(time_limit_s=60, rate_chz=10_000, dose_limit_per_cm2=100, area_mm2=4000)


class Pen:
    """As much of an App as the recorder looks at."""

    def __init__(self, flash: NorFlash | None = None) -> None:
        self.flash = flash or NorFlash(128)
        snapshots = [
            SimpleNamespace(
                t_ms=1, fault=0, state=6, conditions=0, rate_set_chz=0, rate_chz=-3,
                depth_set_um=0, depth_um=0, current_ma=0, supply_mv=0, temperature_cdeg=0, duty=0,
            )
            for _ in range(3)
        ]  # fmt: skip
        self.supervisor = SimpleNamespace(
            state=codes.STATE_CONFIGURED,
            faults=SimpleNamespace(count=0, snapshots=snapshots),
            runs=0,
            stop_reason=codes.STOP_BUTTON,
            session_ms=0,
            proof=SimpleNamespace(active=0, asked=0),
            words={
                place.ASK_STOP: 0,
                place.ASK_FAULT: 0,
                place.DEPTH_STATE: RESTING,
                place.COUNTING: 0,
            },
        )
        self.zone = SimpleNamespace(active_ms=0, contact_ms=0, punctures=0, passes=0)
        progress = SimpleNamespace(current=self.zone, punctures_per_cm2=lambda: 3)
        self.treatment: Any = SimpleNamespace(
            zone=6, session_id=77, pins=12, depth_um=1000, rate_chz=10_000, row=ROW,
            progress=progress,
        )  # fmt: skip
        self.readings = SimpleNamespace(battery_percent=80, t_ms=0)
        self.cartridge_memory = SimpleNamespace(unique_id=bytearray(b"\1\2\3\4"))
        self.wall_clock = SimpleNamespace(unix_s=lambda: 1_700_000_000)
        self.history = History(self.flash)
        self.plan_store = RecordStore(self.flash, layout.PLAN_AT)
        self.recorder = Recorder(self)  # type: ignore[arg-type]

    def to(self, state: int) -> None:
        """The state changes, and the main loop passes."""
        self.supervisor.state = state
        self.recorder.poll()

    def latch(self, fault: int, rank: int) -> None:
        """The tick latches a fault."""
        self.supervisor.faults.count += 1
        self.supervisor.faults.snapshots[rank].fault = fault

    def asked(self) -> tuple[int, int]:
        """Stop and fault that the recorder has asked for."""
        words = self.supervisor.words
        return words[place.ASK_STOP], words[place.ASK_FAULT]

    def run(self) -> None:
        """Needles run for ten seconds."""
        self.to(codes.STATE_POSITIONING)
        self.to(codes.STATE_RUNNING)
        self.supervisor.runs += 1
        self.zone.active_ms += 10_000
        self.zone.contact_ms += 9000
        self.zone.punctures += 12_00
        self.zone.passes += 1
        self.to(codes.STATE_PARKING)


def test_an_arming_is_noted_with_what_its_limits_allow() -> None:
    pen = Pen()
    pen.to(codes.STATE_CONFIGURED)
    pen.to(codes.STATE_ARMED)
    noted = History(pen.flash).unfinished_run()
    assert noted is not None
    entry = (0, *noted)  # as with a number
    assert entry[USAGE_ACTIVE_MS] == 60_000
    assert entry[USAGE_PUNCTURES] == 4000  # 100 per cm2 on 40 cm2
    assert entry[USAGE_PASSES] == 1
    assert noted[5] == codes.STOP_SUPPLY
    assert pen.asked() == (0, 0)


@pytest.mark.parametrize(
    ("time_limit_s", "session_ms", "active_ms", "punctures"),
    [
        (2, 0, 2000, (220 + 1) * 12),  # 100 Hz, a tenth faster at most, and a stroke begun
        (600, 1_799_000, 1000, (110 + 1) * 12),  # the session has a second left
        (600, 1_900_000, 0, 12),
    ],
)
def test_the_shortest_limit_bounds_the_run(
    time_limit_s: int, session_ms: int, active_ms: int, punctures: int
) -> None:
    pen = Pen()
    pen.treatment.row = SimpleNamespace(**{**vars(ROW), "time_limit_s": time_limit_s})
    pen.supervisor.session_ms = session_ms
    pen.to(codes.STATE_ARMED)
    noted = History(pen.flash).unfinished_run()
    assert noted is not None
    assert (0, *noted)[USAGE_ACTIVE_MS] == active_ms
    assert (0, *noted)[USAGE_PUNCTURES] == punctures


def test_the_end_of_a_run_closes_it_and_the_next_of_the_arming_is_noted_anew() -> None:
    pen = Pen()
    pen.to(codes.STATE_ARMED)
    pen.run()
    assert pen.history.usage(0) is None  # nothing is written while anything may move
    pen.to(codes.STATE_ARMED)
    usage = pen.history.usage(0)
    assert usage is not None
    assert usage[USAGE_PUNCTURES] == 1200
    noted = History(pen.flash).unfinished_run()
    assert noted is not None
    assert (0, *noted)[USAGE_ACTIVE_MS] == 60_000
    assert (0, *noted)[USAGE_PASSES] == 2
    pen.run()
    pen.to(codes.STATE_CONFIGURED)
    assert History(pen.flash).unfinished_run() is None
    assert pen.history.usage(2) is None


def test_an_arming_that_ends_without_a_run_leaves_nothing_to_count() -> None:
    pen = Pen()
    pen.to(codes.STATE_ARMED)
    pen.to(codes.STATE_CONFIGURED)
    assert History(pen.flash).unfinished_run() is None
    assert pen.history.usage(0) is None


def test_a_button_pressed_before_the_arming_is_noted_waits_for_the_note() -> None:
    """On the chip a pass of the main loop takes milliseconds: the tick may have gone on."""
    pen = Pen()
    words = pen.supervisor.words
    pen.to(codes.STATE_CONFIGURED)
    assert words[place.NOTE_DUE] == 1
    pen.to(codes.STATE_POSITIONING)
    assert pen.asked() == (0, 0)
    assert words[place.NOTE_DUE] == 0
    assert History(pen.flash).unfinished_run() is not None


def test_a_button_pressed_while_an_entry_is_written_drives_nothing_until_it_is() -> None:
    pen = Pen()
    words = pen.supervisor.words
    due = []
    program = pen.flash.program

    def pressed(address: int, data: bytes) -> None:
        pen.supervisor.state = codes.STATE_POSITIONING  # a tick comes in between
        due.append(words[place.NOTE_DUE])
        program(address, data)

    pen.to(codes.STATE_CONFIGURED)
    pen.flash.program = pressed  # type: ignore[method-assign]
    pen.to(codes.STATE_ARMED)
    assert due
    assert set(due) == {1}
    assert words[place.NOTE_DUE] == 0


def test_a_press_that_comes_before_the_flash_is_held_still_is_left_alone() -> None:
    pen = Pen()
    pen.to(codes.STATE_ARMED)
    written = pen.flash.nor.content[:]
    pen.supervisor.faults.count += 1  # something to write
    pen.to(codes.STATE_POSITIONING)
    assert pen.flash.nor.content == written
    assert pen.supervisor.words[place.NOTE_DUE] == 0


def test_a_run_that_was_not_noted_is_stopped() -> None:
    pen = Pen()
    pen.to(codes.STATE_CONFIGURED)
    pen.to(codes.STATE_RUNNING)
    assert pen.asked() == (codes.STOP_NOT_READY, 0)


def test_what_was_not_ended_is_counted_once_at_the_start() -> None:
    pen = Pen()
    pen.to(codes.STATE_ARMED)
    pen.run()
    again = Pen(pen.flash)
    again.recorder.count_unfinished()
    usage = again.history.usage(0)
    assert usage is not None
    assert usage[USAGE_ACTIVE_MS] == 60_000
    once_more = Pen(pen.flash)
    once_more.recorder.count_unfinished()
    assert once_more.history.usage(1) is None


def test_nothing_is_written_while_a_proof_has_the_line_up() -> None:
    pen = Pen()
    pen.supervisor.proof.active = 1
    before = pen.flash.nor.operations
    pen.to(codes.STATE_ARMED)
    assert not pen.recorder.quiet()
    assert pen.flash.nor.operations == before
    pen.supervisor.proof.active = 0
    pen.to(codes.STATE_ARMED)
    assert History(pen.flash).unfinished_run() is not None


@pytest.mark.parametrize("state", [codes.STATE_BOOT, codes.STATE_IDLE, codes.STATE_FAULT])
def test_nothing_is_erased_while_the_stage_travels(state: int) -> None:
    pen = Pen()
    pen.supervisor.state = state
    for doing in (HOMING, MOVING, RETURNING):
        pen.supervisor.words[place.DEPTH_STATE] = doing
        assert not pen.recorder.quiet()
    for doing in (UNKNOWN, RESTING, SETTLING):
        pen.supervisor.words[place.DEPTH_STATE] = doing
        assert pen.recorder.quiet()


def test_a_fault_is_kept_even_while_the_stage_travels() -> None:
    pen = Pen()
    pen.to(codes.STATE_CONFIGURED)  # there is room
    pen.flash.erase = None  # type: ignore[assignment, method-assign]
    pen.supervisor.words[place.DEPTH_STATE] = MOVING
    pen.latch(codes.FAULT_STALL, 0)
    pen.to(codes.STATE_FAULT)
    assert History(pen.flash).fault(0) is not None


def test_a_run_is_kept_when_its_needles_stand_a_fault_at_once() -> None:
    pen = Pen()
    pen.to(codes.STATE_CONFIGURED)
    pen.to(codes.STATE_ARMED)
    pen.run()
    pen.supervisor.words[place.COUNTING] = 2  # the needles run out
    pen.latch(codes.FAULT_STALL, 0)
    for _ in range(3):
        pen.to(codes.STATE_FAULT)
    history = History(pen.flash)
    assert history.fault(0) is not None
    assert history.unfinished_run() is not None
    pen.zone.punctures += 24
    pen.supervisor.words[place.COUNTING] = 0
    pen.to(codes.STATE_FAULT)
    history = History(pen.flash)
    assert history.unfinished_run() is None
    newest = history.usage(0)
    assert newest is not None
    assert newest[USAGE_PUNCTURES] == 1224


def test_each_of_a_sequence_of_faults_is_kept_once_the_first_cause_first() -> None:
    pen = Pen()
    for rank, fault in enumerate((codes.FAULT_STALL, codes.FAULT_WITHDRAW, codes.FAULT_ENABLE)):
        pen.latch(fault, rank)
    for _ in range(5):
        pen.to(codes.STATE_FAULT)
    history = History(pen.flash)
    kept = [entry and entry[3] for entry in map(history.fault, range(4))]
    assert kept == [codes.FAULT_ENABLE, codes.FAULT_WITHDRAW, codes.FAULT_STALL, None]
    pen.latch(codes.FAULT_STALL, 0)  # acknowledged, and again
    pen.to(codes.STATE_FAULT)
    newest = History(pen.flash).fault(0)
    assert newest is not None
    assert newest[3] == codes.FAULT_STALL


def test_a_fault_that_overtakes_its_own_entry_is_one_entry_and_no_error() -> None:
    pen = Pen()
    pen.latch(codes.FAULT_STALL, 0)
    pen.latch(codes.FAULT_PARK, 0)  # the first was acknowledged before it could be written
    for _ in range(3):
        pen.to(codes.STATE_FAULT)
    history = History(pen.flash)
    kept = [entry and entry[3] for entry in map(history.fault, range(2))]
    assert kept == [codes.FAULT_PARK, None]


def test_a_hundred_runs_of_one_arming_need_no_erase_but_end_where_one_is_due() -> None:
    pen = Pen()
    for _ in range(4 * 64):  # every sector of the log of begun runs has been written
        pen.history.close_run()
    pen.to(codes.STATE_CONFIGURED)
    pen.flash.erase = None  # type: ignore[assignment, method-assign]
    runs = 0
    while pen.asked() == (0, 0) and runs < 1000:
        pen.to(codes.STATE_ARMED)
        if pen.asked() == (0, 0):
            pen.run()
            runs += 1
    assert pen.asked() == (codes.STOP_NOT_READY, 0)
    assert runs >= 64


def test_flash_that_does_not_keep_is_a_fault() -> None:
    pen = Pen()
    pen.to(codes.STATE_CONFIGURED)
    pen.flash.program = lambda address, data: None  # type: ignore[method-assign]
    pen.to(codes.STATE_ARMED)
    assert pen.asked() == (0, codes.FAULT_STORAGE)
    pen = Pen()
    pen.to(codes.STATE_ARMED)
    again = Pen(pen.flash)
    again.flash.program = lambda address, data: None  # type: ignore[method-assign]
    again.recorder.count_unfinished()
    assert again.asked() == (0, codes.FAULT_STORAGE)


def test_a_bug_that_arms_without_a_zone_is_a_fault() -> None:
    pen = Pen()
    pen.treatment.row = None
    pen.to(codes.STATE_ARMED)
    assert pen.asked() == (0, codes.FAULT_STORAGE)


def test_a_fault_goes_into_the_history_with_its_fields_in_range() -> None:
    pen = Pen()
    pen.latch(codes.FAULT_STALL, 0)
    pen.to(codes.STATE_BOOT)
    assert pen.history.fault(0) is None
    pen.to(codes.STATE_FAULT)
    entry = pen.history.fault(0)
    assert entry is not None
    assert entry[3] == 22
    assert (within(-3, 0, 0xFFFF), within(70_000, 0, 0xFFFF), within(5, 0, 6)) == (0, 0xFFFF, 5)


def test_the_sector_of_the_next_plan_is_erased_two_seconds_after_the_last_one_at_rest() -> None:
    pen = Pen()
    pen.to(codes.STATE_CONFIGURED)
    assert not pen.plan_store.prepared
    pen.readings.t_ms = 1999
    pen.to(codes.STATE_CONFIGURED)
    assert not pen.plan_store.prepared
    for state in (codes.STATE_ARMED, codes.STATE_POSITIONING, codes.STATE_RUNNING):
        pen.readings.t_ms += 2000
        pen.to(state)
        assert not pen.plan_store.prepared, codes.STATE_NAMES[state]
    pen.supervisor.runs += 1
    pen.to(codes.STATE_CONFIGURED)  # what was done goes first
    assert pen.history.usage(0) is not None
    pen.to(codes.STATE_CONFIGURED)
    pen.to(codes.STATE_CONFIGURED)
    assert pen.plan_store.prepared
    erases = pen.flash.nor.operations
    pen.to(codes.STATE_CONFIGURED)
    assert pen.flash.nor.operations == erases  # once

    pen.readings.t_ms = (1 << 30) - 1000  # the clock wraps within the wait
    pen.plan_store.write(b"a plan")
    pen.recorder.plan_kept()
    pen.readings.t_ms = 999
    pen.to(codes.STATE_CONFIGURED)
    assert not pen.plan_store.prepared
    pen.readings.t_ms = 1000
    pen.to(codes.STATE_CONFIGURED)
    assert pen.plan_store.prepared
    assert pen.plan_store.read() == b"a plan"
    assert pen.asked() == (0, 0)
