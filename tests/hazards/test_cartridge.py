"""H19-H25, H41: the wrong cartridge, an old one, a loose one, and changing it."""

import pytest

from hardware.plant.cartridge import Cartridge
from hardware.simulator.cartridges import FRESH_UNTIL_DAY, KINDS, LOT, NEEDLE_UM, make_cartridge
from protocol import codes
from protocol.cartridge_layout import IDENTITY_AT, USED_AT, Identity, pack_identity
from protocol.zones import zone_id
from tests.hazards.bench import READY_STATES, nothing_moved, refused, to_state, watch
from tests.system.harness import TODAY, BenchPen, plan_image, row

pytestmark = pytest.mark.system

CHANGED = (codes.STATE_IDLE, codes.STATE_FAULT)


def treated_and_taken_off(pen: BenchPen) -> Cartridge:
    """One short treatment; the cartridge in the hand."""
    pen.running()
    pen.person.release()
    pen.pen.stop()
    pen.pen.wait_parked()
    pen.pump(200)
    used = pen.plant.cartridge
    assert used is not None
    pen.plant.remove()
    pen.pump(300)
    return used


def next_client(pen: BenchPen, cartridge: Cartridge) -> int:
    """Fit a cartridge for another session; what arming says."""
    pen.plant.insert(cartridge)
    pen.pen.set_clock(TODAY)
    pen.pump(500)
    pen.pen.push_plan(plan_image([row()], session_id=1001))
    pen.pen.select_zone(zone_id("cheek"))
    pen.client.hold_lease()
    pen.pump(500)
    return refused(pen.pen.arm)


def test_h19_a_used_cartridge_is_refused_for_the_next_client(pen: BenchPen) -> None:
    used = treated_and_taken_off(pen)
    assert next_client(pen, used) == codes.RESULT_CARTRIDGE_USED
    assert next_client(pen, make_cartridge(12, unique_id=77)) == codes.RESULT_OK


def test_h19_also_after_a_power_cycle_and_with_another_pen() -> None:
    with BenchPen() as pen:
        used = treated_and_taken_off(pen)
        pen.bench.power_cut(300)
        pen.connect()
        assert next_client(pen, used) == codes.RESULT_CARTRIDGE_USED
    with BenchPen(seed=2) as other:
        assert next_client(other, used) == codes.RESULT_CARTRIDGE_USED


def test_h19_also_when_its_mark_was_wiped_out(pen: BenchPen) -> None:
    used = treated_and_taken_off(pen)
    used.memory.content[USED_AT : USED_AT + 16] = b"\xff" * 16
    assert next_client(pen, used) == codes.RESULT_CARTRIDGE_USED


def test_h19_its_own_session_may_go_on_with_it(pen: BenchPen) -> None:
    used = treated_and_taken_off(pen)
    pen.plant.insert(used)
    pen.pump(500)
    assert refused(pen.pen.arm) == codes.RESULT_OK


def test_h19_a_mark_that_cannot_be_written_ends_the_arming(pen: BenchPen) -> None:
    pen.configure()
    pen.client.hold_lease()
    pen.pump(100)
    pen.bench.faults.memory_dead = True
    pen.pen.arm()
    pen.pump(300)
    status = pen.status()
    assert status.state not in (codes.STATE_ARMED, codes.STATE_POSITIONING)
    assert status.stop_reason == codes.STOP_CARTRIDGE


@pytest.mark.parametrize("state", READY_STATES, ids=lambda state: codes.STATE_NAMES[state])
def test_h20_a_cartridge_that_is_taken_off_stops_and_disarms_in_every_state(
    pen: BenchPen, state: int
) -> None:
    to_state(pen, state)
    pen.plant.remove()
    after = watch(pen, 2500, CHANGED)
    assert after.end.state in CHANGED
    assert after.undriven_ms <= 8
    if state >= codes.STATE_ARMED:  # at once after arming it is missed while its mark is written
        lost = after.end.fault == codes.FAULT_CARTRIDGE_LOST
        assert lost or after.end.stop_reason == codes.STOP_CARTRIDGE
    pen.person.release()
    pen.plant.insert(make_cartridge(12, unique_id=55))
    pen.pump(500)
    strokes = pen.truth.strokes
    pen.person.press()
    pen.pump(300)
    assert pen.truth.strokes == strokes
    assert pen.status().state not in (codes.STATE_ARMED, codes.STATE_RUNNING)


def test_h20_the_record_names_the_cartridge_that_was_used(pen: BenchPen) -> None:
    treated_and_taken_off(pen)
    assert next_client(pen, make_cartridge(12, unique_id=0xABCD)) == codes.RESULT_OK
    pen.wait_state(codes.STATE_ARMED)
    pen.start()
    pen.pump(300)
    pen.pen.stop()
    pen.pen.wait_parked()
    pen.pump(200)
    newest, before = list(pen.pen.usage())
    assert newest.cartridge_id == (0xABCD).to_bytes(4, "big")
    assert before.cartridge_id != newest.cartridge_id


@pytest.mark.parametrize("planned", KINDS)
@pytest.mark.parametrize("fitted", KINDS)
def test_h21_only_the_planned_cartridge_is_armed(pen: BenchPen, planned: int, fitted: int) -> None:
    pen.plant.insert(make_cartridge(fitted))
    pen.pen.set_clock(TODAY)
    pen.pen.push_plan(plan_image([row("cheek", 500)], pins=planned))
    pen.pen.select_zone(zone_id("cheek"))
    pen.client.hold_lease()
    pen.pump(500)
    assert (refused(pen.pen.arm) == codes.RESULT_OK) == (planned == fitted)


def test_h21_needles_of_another_length_are_not_armed(pen: BenchPen) -> None:
    pen.plant.insert(with_needles(1500, FRESH_UNTIL_DAY))
    pen.pen.set_clock(TODAY)
    pen.pen.push_plan(plan_image([row("cheek", 500)]))
    pen.pen.select_zone(zone_id("cheek"))
    pen.client.hold_lease()
    pen.pump(500)
    assert refused(pen.pen.arm) != codes.RESULT_OK


def test_h21_a_nano_cartridge_caps_the_depth(pen: BenchPen) -> None:
    image = plan_image([row("cheek", 600)], pins=0)
    assert refused(lambda: pen.pen.push_plan(image)) == codes.RESULT_ABOVE_OVERRIDE_MAX


def with_needles(needle_um: int, expiry_day: int) -> Cartridge:
    """A 12-pin cartridge with another identity."""
    made = make_cartridge(12)
    identity = pack_identity(Identity(KINDS[12], 12, needle_um, LOT, expiry_day))
    made.memory.content[IDENTITY_AT : IDENTITY_AT + len(identity)] = identity
    return made


@pytest.mark.parametrize(
    ("state", "result"),
    [
        ("expired", codes.RESULT_CARTRIDGE_EXPIRED),
        ("used", codes.RESULT_CARTRIDGE_USED),
        ("blank", codes.RESULT_CARTRIDGE_UNREADABLE),
    ],
)
def test_h22_a_cartridge_that_is_not_good_is_refused_by_name(
    pen: BenchPen, state: str, result: int
) -> None:
    assert next_client(pen, make_cartridge(12, state)) == result
    assert nothing_moved(pen)


def test_h22_the_day_after_its_last_a_cartridge_is_refused(pen: BenchPen) -> None:
    today = 9497  # 2026-01-01 in days since 2000-01-01; TODAY is the second
    assert next_client(pen, with_needles(NEEDLE_UM, today + 1)) == codes.RESULT_OK
    pen.pen.disarm()
    assert next_client(pen, with_needles(NEEDLE_UM, today)) == codes.RESULT_CARTRIDGE_EXPIRED


def test_h22_a_memory_that_does_not_answer_or_is_damaged_is_refused(pen: BenchPen) -> None:
    damaged = make_cartridge(12)
    damaged.memory.content[6] ^= 4
    assert next_client(pen, damaged) == codes.RESULT_CARTRIDGE_UNREADABLE
    pen.bench.faults.memory_dead = True
    assert next_client(pen, make_cartridge(12)) == codes.RESULT_CARTRIDGE_UNREADABLE


def test_h22_h32_without_a_date_nothing_is_armed(pen: BenchPen) -> None:
    pen.pen.push_plan(plan_image([row()]))
    pen.pen.select_zone(zone_id("cheek"))
    pen.client.hold_lease()
    pen.pump(500)
    assert refused(pen.pen.arm) == codes.RESULT_CLOCK_UNSET


def test_h23_a_cartridge_that_comes_loose_stops_the_drive_in_milliseconds(pen: BenchPen) -> None:
    pen.running()
    strokes = pen.truth.strokes
    for _ in range(20):  # opens 6 ms of every 10
        pen.bench.faults.cartridge_out_ms = 6.0
        pen.pump(10)
    assert pen.status().fault == codes.FAULT_CARTRIDGE_LOST
    assert pen.truth.strokes - strokes <= 3
    assert not pen.truth.driven


def test_h23_a_contact_that_opens_for_a_moment_makes_no_air_of_skin(pen: BenchPen) -> None:
    """The motor comes up to speed again, which takes more than a touch does."""
    pen.plant.remove()
    pen.pump(100)
    pen.plant.insert(make_cartridge(36, "worn"))
    pen.configure(plan_image([row(depth_um=310, rate_chz=12_900)], latch=False, pins=36))
    pen.person.touch("cheek")
    pen.arm()
    pen.start()
    pen.pump(1200)
    pen.bench.faults.cartridge_out_ms = 2.5
    pen.pump(1800)
    pen.person.release()
    pen.pump(1000)
    (entry,) = pen.pen.usage()
    assert entry.punctures >= pen.truth.punctures - 5 * 36  # it ran out after the last tick of it


def test_h41_with_the_cartridge_off_nothing_can_be_started(pen: BenchPen) -> None:
    pen.configure()
    pen.client.hold_lease()
    pen.plant.remove()
    pen.pump(100)
    assert refused(pen.pen.arm) == codes.RESULT_NO_CARTRIDGE
    for _ in range(3):
        pen.person.press()
        pen.pump(1500)
        pen.person.release()
        pen.pump(100)
    assert nothing_moved(pen)


def test_h41_a_cartridge_being_put_on_counts_only_when_it_sits(pen: BenchPen) -> None:
    pen.configure()
    pen.plant.remove()
    pen.pump(100)
    pen.plant.insert(make_cartridge(12, unique_id=9))
    for _ in range(10):  # not locked yet: the contact opens again and again
        pen.pump(150)
        assert pen.status().state == codes.STATE_IDLE
        pen.bench.faults.cartridge_out_ms = 10.0
        pen.pump(10)
    pen.pump(400)
    assert pen.status().state in (codes.STATE_CONFIGURED, codes.STATE_CARTRIDGE_OK)
    assert nothing_moved(pen)
