"""What safety's objects find in the words when they are made, and what a panic leaves."""

from firmware import words as place
from firmware.safety import requests
from firmware.safety.conditions import Conditions
from firmware.safety.faults import Faults
from firmware.safety.stop_path import StopPathProof
from firmware.safety.supervisor import Supervisor


class Line:
    """Drive-enable, which counts how often it is cut."""

    def __init__(self) -> None:
        self.cuts = 0

    def cut(self) -> None:
        self.cuts += 1


def test_a_pen_that_starts() -> None:
    words = place.new()
    for at in (place.STATE, place.MODE, place.FACTS_SEEN, place.LEASE_MS, place.DRIVE_TO_PARK):
        words[at] = 77
    line = Line()
    pen = Supervisor(words, line)  # type: ignore[arg-type]
    assert (pen.state, pen.mode) == (0, 1)  # boot: the stage looks for its home
    assert words[place.FACTS_SEEN] == -1
    assert words[place.LEASE_MS] == 250  # nobody has renewed it
    assert words[place.DRIVE_TO_PARK] == 1
    assert line.cuts == 0
    for part in (pen, pen.conditions, pen.faults, *pen.faults.snapshots, pen.proof):
        assert part.words is words


def test_parts_by_themselves() -> None:
    words = place.new()
    assert Conditions(words).lease_ms == 250
    assert Faults(words).drive_to_park == 1
    assert StopPathProof(words).words is words


def test_a_panic_cuts_the_line_at_once_and_latches_the_fault() -> None:
    words = place.new()
    line = Line()
    pen = Supervisor(words, line)  # type: ignore[arg-type]
    words[place.LINE] = words[place.LINE_ASKED] = 1
    pen.panic()
    assert line.cuts == 1
    assert words[place.LINE] == 2
    assert words[place.LINE_ASKED] == 0
    assert (pen.faults.current, pen.faults.count) == (63, 1)
    assert pen.faults.drive_to_park == 0


def test_a_snapshot_is_read_by_its_names() -> None:
    words = place.new()
    for number in range(39):
        words[128 + number] = 100 + number
    for rank, seen in enumerate(Faults(words).snapshots):
        assert [
            seen.fault, seen.t_ms, seen.state, seen.conditions, seen.rate_set_chz, seen.rate_chz,
            seen.depth_set_um, seen.depth_um, seen.current_ma, seen.supply_mv,
            seen.temperature_cdeg, seen.winding_cdeg, seen.duty,
        ] == list(range(100 + 13 * rank, 113 + 13 * rank))  # fmt: skip
        seen.fault, seen.duty = 0, 7
        assert (words[128 + 13 * rank], words[140 + 13 * rank]) == (0, 7)


def configured() -> Supervisor:
    """Everything is there that arming needs, the lease included."""
    words = place.new()
    pen = Supervisor(words, Line())  # type: ignore[arg-type]
    words[place.STATE] = 3
    words[place.CONDITIONS] = 0xFFFFF & ~(1 << 7)  # all but the button
    words[place.BATTERY_PERCENT] = 80
    return pen


def test_who_arms_is_told_to_the_tick() -> None:
    pen = configured()
    assert requests.arm(pen, False) == (0, 0, 0, 0, 0)
    assert pen.words[place.ASK_ARM] == 24
    assert requests.arm(pen, True) == (0, 0, 0, 0, 0)
    assert pen.words[place.ASK_ARM] == 25


def test_a_plan_that_needs_the_lease_is_armed_by_the_host_alone() -> None:
    pen = configured()
    pen.words[place.TETHERED] = 1
    assert requests.arm(pen, True) == (29, 0, 0, 0, 0)
    assert pen.words[place.ASK_ARM] == 0
    assert requests.arm(pen, False) == (0, 0, 0, 0, 0)


def test_what_the_main_loop_says_stands_in_words_of_its_own() -> None:
    pen = configured()
    words = pen.words
    words[place.MAIN_LOOP_MS], words[place.LEASE_MS] = 77, 78
    requests.main_loop_lives(pen)
    assert (words[place.MAIN_LOOP_MS], words[place.LEASE_MS]) == (0, 78)
    requests.renew_lease(pen)
    assert (words[place.MAIN_LOOP_MS], words[place.LEASE_MS]) == (0, 0)
    for passed, said in ((True, 1), (False, 2)):
        requests.report_self_test(pen, passed)
        assert words[place.ASK_SELF_TEST] == said
    requests.begin_session(pen, 0)
    assert words[place.ASK_SESSION] == 1
    requests.begin_session(pen, 1_800_000)
    assert words[place.ASK_SESSION] == 1_800_001
    requests.fault(pen, 62)
    requests.stop(pen, 2)
    assert (words[place.ASK_FAULT], words[place.ASK_STOP]) == (62, 2)
    assert requests.prove_stop_path(pen) == (0, 0, 0, 0, 0)
    assert words[place.ASK_PROOF] == 1
