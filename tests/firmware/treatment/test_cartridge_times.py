"""When the memory of a cartridge is read and written, to the pass, and what is told then."""

from firmware.treatment import cartridge_keeper
from protocol import codes
from protocol.cartridge_layout import UsedMark
from tests.firmware.treatment.test_cartridge_keeper import FITS, VALID, Desk, plan

NOTHING = (codes.RESULT_NO_CARTRIDGE, 0, 0, 0, 0)


def reads_at(desk: Desk, passes: int) -> list[int]:
    """Passes, counted from 1, in which the chip was read."""
    found = []
    for number in range(1, passes + 1):
        before = desk.chip.reads
        desk.passes()
        found += [number] * (desk.chip.reads - before)
    return found


def writes_at(desk: Desk, passes: int) -> list[int]:
    found = []
    for number in range(1, passes + 1):
        before = desk.chip.writes
        desk.passes()
        found += [number] * (desk.chip.writes - before)
    return found


def test_a_keeper_begins_with_no_cartridge_and_reads_at_once() -> None:
    desk = Desk()
    assert desk.keeper.verdict == NOTHING
    assert desk.keeper.mark_failed == 0
    assert reads_at(desk, 50) == [1]


def test_the_first_seating_of_all_is_read_too() -> None:
    for generation in (0, 1, 2):
        desk = Desk()
        desk.generation = generation
        assert reads_at(desk, 3) == [1]
        assert desk.treatment.seat_generation == generation


def test_a_deaf_chip_is_asked_ten_times_ten_milliseconds_apart() -> None:
    assert cartridge_keeper.RETRY_MS == 10
    assert cartridge_keeper.TRIES == 10
    desk = Desk()
    desk.chip.deaf_reads = 1000
    assert reads_at(desk, 300) == [1, *range(11, 101, 10)]
    assert desk.keeper.verdict == (codes.RESULT_CARTRIDGE_UNREADABLE, 0, 0, 0, 0)
    desk.keeper.look_again()
    assert reads_at(desk, 300) == [1, *range(11, 101, 10)]  # ten times anew


def test_a_new_seating_after_a_deaf_one_is_asked_ten_times_as_well() -> None:
    desk = Desk()
    desk.chip.deaf_reads = 1000
    desk.passes(300)
    desk.generation = 4
    # After the last read nothing is waited for.
    assert reads_at(desk, 300) == [1, *range(11, 101, 10)]


def test_tries_begin_anew_when_plan_or_clock_changed() -> None:
    desk = Desk()
    desk.chip.deaf_reads = 1000
    desk.passes(45)  # five reads
    desk.keeper.look_again()
    assert reads_at(desk, 200) == [1, *range(11, 101, 10)]


def test_a_cartridge_that_is_taken_out_is_waited_for_no_longer() -> None:
    desk = Desk()
    desk.chip.deaf_reads = 1
    desk.passes(3)
    desk.seated = 0
    desk.passes(1)
    desk.seated = 1
    assert reads_at(desk, 20) == [1]


def test_a_cartridge_that_is_taken_out_is_told_once() -> None:
    desk = Desk()
    desk.take(plan())
    desk.passes(5)
    told: list[tuple[object, ...]] = []
    desk.treatment.judge_cartridge = lambda *what: told.append(what)  # type: ignore[method-assign]
    forgotten: list[int] = []
    desk.chip.forget = lambda: forgotten.append(1)  # type: ignore[method-assign]
    desk.seated = 0
    desk.passes(5)
    assert told == [(3, None, NOTHING)]
    assert forgotten == [1]
    assert desk.keeper.verdict == NOTHING
    desk.seated = 1
    desk.generation = 3  # the same number again: what was there is not trusted
    desk.passes(1)
    assert len(told) == 2


def test_the_verdict_is_a_result_and_four_zeros() -> None:
    desk = Desk()
    desk.take(plan())
    desk.used_elsewhere = True
    desk.passes(1)
    assert desk.keeper.verdict == (codes.RESULT_CARTRIDGE_USED, 0, 0, 0, 0)
    desk.used_elsewhere = False
    desk.keeper.look_again()
    desk.passes(1)
    assert desk.keeper.verdict == (codes.RESULT_OK, 0, 0, 0, 0)


def marked() -> Desk:
    desk = Desk()
    desk.take(plan())
    desk.passes(10)
    desk.armed = True
    desk.passes(1)
    assert desk.chip.writes == 1
    return desk


def test_a_mark_is_read_back_ten_milliseconds_later() -> None:
    desk = marked()
    desk.chip.deaf_reads = 0
    assert reads_at(desk, 100) == [10]
    assert desk.facts == VALID | FITS


def test_a_mark_is_read_back_up_to_ten_times() -> None:
    desk = Desk()
    desk.take(plan())
    desk.chip.deaf_reads = 4
    desk.passes(60)
    desk.armed = True
    desk.passes(1)
    desk.chip.deaf_reads = 1000
    assert reads_at(desk, 300) == list(range(10, 101, 10))


def test_a_mark_is_written_in_the_first_pass_that_is_armed() -> None:
    desk = Desk()
    desk.take(plan())
    desk.armed = True
    desk.passes(1)  # read
    assert writes_at(desk, 50) == [1]


def test_a_mark_is_written_once_also_when_it_does_not_stay() -> None:
    desk = Desk()
    desk.chip.keeps = False
    desk.take(plan())
    desk.passes(10)
    desk.armed = True
    assert writes_at(desk, 21) == [1]
    assert desk.keeper.mark_failed == 1


def test_a_mark_that_did_not_stay_is_written_again_when_asked_again() -> None:
    desk = Desk()
    desk.chip.keeps = False
    desk.take(plan())
    desk.passes(10)
    desk.armed = True
    while not desk.keeper.mark_failed:
        desk.passes(1)
    assert desk.chip.writes == 1
    desk.armed = False  # the app disarms
    assert writes_at(desk, 50) == []
    desk.armed = True
    assert writes_at(desk, 5) == [1]


def test_a_cartridge_that_is_marked_is_not_marked_again() -> None:
    desk = Desk()
    desk.chip.held = UsedMark(77, 1)
    desk.take(plan())
    desk.passes(10)
    desk.armed = True
    assert writes_at(desk, 50) == []


def test_a_chip_that_was_deaf_is_not_written_while_it_is_waited_for() -> None:
    desk = Desk()
    desk.take(plan())
    desk.passes(10)
    desk.chip.deaf_reads = 1
    desk.keeper.look_again()
    desk.passes(1)
    desk.armed = True
    assert writes_at(desk, 11) == [11]


def test_passes_that_take_no_time_do_all_the_same() -> None:
    desk = Desk()
    desk.take(plan())
    desk.armed = True
    for done in ((1, 0), (1, 1)):
        desk.keeper.poll(1, 3, desk.armed, desk.unix_s, 0)
        assert (desk.chip.reads, desk.chip.writes) == done
    fresh = Desk()
    fresh.keeper.poll(1, 3, False, fresh.unix_s, 0)
    assert fresh.chip.reads == 1


def test_any_seating_is_read_again_after_its_mark_and_when_asked() -> None:
    for generation in (0, 1, 2):
        desk = Desk()
        desk.generation = generation
        desk.take(plan())
        desk.passes(1)
        desk.keeper.look_again()
        assert reads_at(desk, 3) == [1]
        desk.armed = True
        desk.passes(1)
        assert desk.chip.writes == 1
        assert reads_at(desk, 30) == [10, 20]  # busy once, then read


def test_a_chip_that_cannot_be_read_is_not_looked_up_in_the_history() -> None:
    desk = Desk()
    desk.take(plan())
    desk.used_elsewhere = True
    desk.chip.deaf_reads = 1000
    desk.passes(120)
    assert desk.keeper.verdict == (codes.RESULT_CARTRIDGE_UNREADABLE, 0, 0, 0, 0)
