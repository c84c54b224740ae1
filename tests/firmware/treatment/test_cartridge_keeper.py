"""The cartridge is read when it is new, judged again when the plan is, and marked when armed."""

from typing import Any

import pytest

from firmware import words as place
from firmware.treatment import cartridge as judgement
from firmware.treatment.cartridge_keeper import CartridgeKeeper
from firmware.treatment.treatment import Treatment
from protocol import codes, plan_layout
from protocol.cartridge_layout import Identity, UsedMark

UNIX_S = 946_684_800 + 9499 * 86_400
VALID = 1 << codes.COND_CARTRIDGE_VALID
FITS = 1 << codes.COND_CARTRIDGE_FITS


class Chip:
    """A memory chip that may be busy or deaf."""

    def __init__(self) -> None:
        self.identity: Identity | None = None
        self.mark: UsedMark | None = None
        self.blank = False
        self.unique_id = bytearray(b"\x00\x00\x12\x34")
        self.held: UsedMark | None = None
        self.deaf_reads = 0
        self.keeps = True
        self.reads = 0
        self.writes = 0

    def forget(self) -> None:
        self.identity = None
        self.mark = None
        self.blank = False

    def read(self) -> bool:
        self.reads += 1
        self.forget()
        if self.deaf_reads:
            self.deaf_reads -= 1
            return False
        self.identity = Identity(1, 12, 2500, b"LOT", 36_000)
        self.mark = self.held
        self.blank = self.held is None
        return True

    def write_mark(self, session_id: int, day: int) -> bool:
        self.writes += 1
        if self.keeps:
            self.held = UsedMark(session_id, day)
        self.deaf_reads = 1
        return True


def plan(session_id: int = 77, pins: int = 12) -> plan_layout.Plan:
    row = plan_layout.PlanRow(6, 2, 1000, 10000, 600, 1000, 4000, 0)
    return plan_layout.Plan(session_id, 0, pins, 2500, b"", b"", [row])


class Desk:
    """Keeper, chip and treatment, one pass of 1 ms at a time."""

    def __init__(self) -> None:
        self.chip = Chip()
        self.treatment = Treatment(place.new())
        self.used_elsewhere = False
        self.keeper = CartridgeKeeper(
            self.chip, self.treatment, lambda _id, _session: self.used_elsewhere
        )
        self.seated = 1
        self.generation = 3
        self.armed = False
        self.unix_s = UNIX_S

    def take(self, taken: plan_layout.Plan) -> None:
        self.treatment.put_in_force(taken, b"")
        self.keeper.look_again()

    def passes(self, count: int = 1) -> None:
        for _ in range(count):
            self.keeper.poll(self.seated, self.generation, self.armed, self.unix_s, 1)

    @property
    def facts(self) -> int:
        return self.treatment.facts & (VALID | FITS)


def test_a_seated_cartridge_is_read_once_and_judged() -> None:
    desk = Desk()
    desk.passes(100)
    assert desk.chip.reads == 1
    assert desk.facts == VALID  # there is no plan that it could fit
    assert desk.treatment.seat_generation == 3
    desk.take(plan())
    desk.passes(100)
    assert desk.chip.reads == 2
    assert desk.facts == VALID | FITS
    assert (desk.treatment.pins, desk.treatment.current_limit_ma) == (12, 500)
    assert desk.treatment.cartridge_depth_um == 2500


def test_a_new_seating_is_a_new_reading() -> None:
    desk = Desk()
    desk.take(plan())
    desk.passes(10)
    desk.generation = 4
    desk.passes(10)
    assert desk.chip.reads == 2
    assert desk.treatment.seat_generation == 4


def test_a_removed_cartridge_is_forgotten() -> None:
    desk = Desk()
    desk.take(plan())
    desk.passes(10)
    desk.seated = 0
    desk.passes(2)
    assert desk.facts == 0
    assert desk.keeper.verdict[0] == codes.RESULT_NO_CARTRIDGE
    assert desk.chip.identity is None


def test_a_chip_that_is_busy_is_asked_again() -> None:
    desk = Desk()
    desk.chip.deaf_reads = 5
    desk.passes(40)
    assert desk.facts == 0
    desk.passes(40)
    assert desk.facts == VALID


def test_a_chip_that_never_answers_is_unreadable_after_a_tenth_of_a_second() -> None:
    desk = Desk()
    desk.chip.deaf_reads = 1000
    desk.passes(120)
    assert desk.keeper.verdict[0] == codes.RESULT_CARTRIDGE_UNREADABLE
    assert desk.chip.reads == 10
    assert desk.facts == 0


def test_the_wrong_cartridge_is_valid_but_does_not_fit() -> None:
    desk = Desk()
    desk.take(plan(pins=36))
    desk.passes(10)
    assert desk.facts == VALID


def test_a_plan_of_another_session_makes_a_used_cartridge_unfit() -> None:
    desk = Desk()
    desk.take(plan(77))
    desk.chip.held = UsedMark(77, 1)
    desk.passes(10)
    assert desk.facts == VALID | FITS
    desk.take(plan(78))
    desk.passes(10)
    assert desk.facts == 0
    assert desk.keeper.verdict[0] == codes.RESULT_CARTRIDGE_USED


def test_a_cartridge_that_this_pen_used_elsewhere_is_refused_though_its_mark_is_blank() -> None:
    desk = Desk()
    desk.take(plan())
    desk.used_elsewhere = True
    desk.passes(10)
    assert desk.facts == 0
    assert desk.keeper.verdict[0] == codes.RESULT_CARTRIDGE_USED


def test_arming_marks_it_once_and_proves_the_mark() -> None:
    desk = Desk()
    desk.take(plan())
    desk.passes(10)
    desk.armed = True
    desk.passes(1)
    assert desk.chip.writes == 1
    assert desk.facts == VALID | FITS  # not for a moment it seems to be gone
    for _ in range(100):
        desk.passes(1)
        assert desk.facts == VALID | FITS
    assert desk.chip.writes == 1
    assert desk.chip.mark is not None
    assert desk.chip.mark.session_id == 77
    assert desk.chip.mark.day == judgement.day_of(UNIX_S)
    assert desk.keeper.mark_failed == 0


def test_a_mark_that_does_not_stay_is_told() -> None:
    desk = Desk()
    desk.chip.keeps = False
    desk.take(plan())
    desk.passes(10)
    desk.armed = True
    desk.passes(30)
    assert desk.keeper.mark_failed == 1


def test_a_chip_that_cannot_be_written_is_told() -> None:
    desk = Desk()
    desk.take(plan())
    desk.passes(10)
    desk.chip.write_mark = lambda _session_id, _day: False  # type: ignore[method-assign]
    desk.armed = True
    desk.passes(1)
    assert desk.keeper.mark_failed == 1


@pytest.mark.parametrize("unix_s", [0, UNIX_S + 36_000 * 86_400])
def test_setting_the_clock_judges_again(unix_s: int) -> None:
    desk = Desk()
    desk.take(plan())
    desk.unix_s = unix_s
    desk.passes(10)
    assert desk.facts == 0
    desk.unix_s = UNIX_S
    desk.keeper.look_again()
    desk.passes(10)
    assert desk.facts == VALID | FITS


def test_unused_arguments_of_the_history_are_those_of_the_chip() -> None:
    asked: list[Any] = []
    desk = Desk()
    desk.keeper = CartridgeKeeper(
        desk.chip, desk.treatment, lambda chip_id, session: bool(asked.append((chip_id, session)))
    )
    desk.take(plan())
    desk.passes(5)
    assert asked == [(b"\x00\x00\x12\x34", 77)]
