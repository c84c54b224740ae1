"""Power fails while a run is armed, extending, running or parking: what it may have done counts.

The pen cannot write while needles move, so that a run's end is not in the flash when its supply
goes. It then counts as if it had gone on to its limits: too much is safe, too little is not.
"""

from collections.abc import Iterator

import pytest

from hardware.simulator.cartridges import make_cartridge
from protocol import codes
from protocol.zones import zone_id
from tests.hazards.bench import refused
from tests.system.harness import TODAY, BenchPen, plan_image, row

pytestmark = pytest.mark.system

CHEEK = row("cheek", 1000, time_limit_s=60, dose_limit_per_cm2=100, area_mm2=4000)
IMAGE = plan_image([CHEEK, row("chin", 500)], session_id=4)


@pytest.fixture
def sim() -> Iterator[BenchPen]:
    with BenchPen() as pen:
        yield pen


def refusal(pen: BenchPen) -> int:
    pen.client.hold_lease()
    pen.pump(300)
    return refused(pen.pen.arm)


def after_a_cut(pen: BenchPen) -> None:
    pen.bench.power_off()
    pen.person.release()
    pen.bench.advance(300)
    pen.bench.power_on()
    pen.connect()


def bring(pen: BenchPen, state: int) -> None:
    """A cheek, from CONFIGURED to `state`; not yet at the limit of anything."""
    pen.configure(IMAGE)
    pen.pump(100)
    if state == codes.STATE_CONFIGURED:
        return
    pen.person.touch("cheek")
    pen.arm()
    if state == codes.STATE_ARMED:
        pen.pump(20)
        return
    pen.person.press()
    pen.wait_state(state if state < codes.STATE_PARKING else codes.STATE_RUNNING, limit_ms=2000)
    if state == codes.STATE_RUNNING:
        pen.pump(1000)
    if state == codes.STATE_PARKING:
        pen.person.release()
        pen.pump(500)
        pen.person.press()
        pen.wait_state(state)


@pytest.mark.parametrize(
    "state",
    [codes.STATE_ARMED, codes.STATE_POSITIONING, codes.STATE_RUNNING, codes.STATE_PARKING],
    ids=lambda state: codes.STATE_NAMES[state],
)
def test_a_run_that_the_supply_ended_counts_to_its_limits(sim: BenchPen, state: int) -> None:
    bring(sim, state)
    done = sim.truth.punctures
    after_a_cut(sim)
    entries = list(sim.pen.usage())
    assert len(entries) == 1
    entry = entries[0]
    assert entry.stop_reason == codes.STOP_SUPPLY
    assert (entry.session_id, entry.zone, entry.passes) == (4, zone_id("cheek"), 1)
    assert entry.zone_ms == 60_000  # all of the zone's time
    assert entry.punctures == 4000  # 100 per cm2 on 40 cm2, less than 60 s could make
    assert entry.punctures >= done
    sim.configure(IMAGE)
    assert refusal(sim) == codes.RESULT_DOSE_REACHED
    sim.pen.select_zone(zone_id("chin"))  # the rest of the session goes on
    assert refusal(sim) == codes.RESULT_OK


@pytest.mark.parametrize("state", [codes.STATE_CONFIGURED, codes.STATE_ARMED, codes.STATE_RUNNING])
def test_what_ended_before_the_supply_went_is_counted_as_it_was(sim: BenchPen, state: int) -> None:
    bring(sim, state)
    sim.person.release()
    sim.pen.stop()
    sim.wait_state(codes.STATE_CONFIGURED, limit_ms=2000)
    sim.pump(50)
    counted = sim.status().punctures
    after_a_cut(sim)
    entries = list(sim.pen.usage())
    assert [entry.punctures for entry in entries] == ([counted] if counted else [])
    sim.configure(IMAGE)
    assert refusal(sim) == codes.RESULT_OK


def test_a_second_run_of_the_same_arming_is_counted_on_top_of_the_first(sim: BenchPen) -> None:
    bring(sim, codes.STATE_RUNNING)
    sim.person.release()
    sim.pump(100)
    sim.person.press()
    sim.wait_state(codes.STATE_ARMED, limit_ms=2000)
    sim.person.release()
    sim.pump(100)
    first = next(iter(sim.pen.usage()))
    assert first.stop_reason == codes.STOP_BUTTON
    sim.person.press()
    sim.wait_state(codes.STATE_RUNNING, limit_ms=2000)
    after_a_cut(sim)
    entries = list(sim.pen.usage())
    assert [entry.stop_reason for entry in entries] == [codes.STOP_SUPPLY, codes.STOP_BUTTON]
    assert entries[0].zone_ms == 60_000
    assert entries[0].passes == 2


def test_a_cartridge_whose_run_the_supply_ended_is_used(sim: BenchPen) -> None:
    """Also when its own memory does not say so: the pen knows its number."""
    bring(sim, codes.STATE_RUNNING)
    after_a_cut(sim)
    sim.plant.remove()
    sim.wait_state(codes.STATE_IDLE)
    sim.plant.insert(make_cartridge(12))  # the same number, a blank memory
    sim.pump(100)
    other = plan_image([CHEEK], session_id=5)
    sim.pen.set_clock(TODAY)
    sim.pen.push_plan(other)
    sim.pen.select_zone(zone_id("cheek"))
    sim.pump(200)
    assert refusal(sim) == codes.RESULT_CARTRIDGE_USED


def test_the_time_of_the_session_is_counted_too(sim: BenchPen) -> None:
    long = plan_image([row("cheek", 500, time_limit_s=1800, dose_limit_per_cm2=5000)], session_id=6)
    sim.configure(long)
    sim.arm()
    sim.start()
    after_a_cut(sim)
    assert next(iter(sim.pen.usage())).zone_ms == 30 * 60 * 1000
    sim.configure(plan_image([row("chin", 500)], session_id=6), "chin")
    assert refusal(sim) == codes.RESULT_SESSION_OVER


def test_a_reset_of_the_processor_is_counted_as_a_lost_supply(sim: BenchPen) -> None:
    bring(sim, codes.STATE_RUNNING)
    sim.person.release()
    sim.bench.restart()
    sim.connect()
    assert next(iter(sim.pen.usage())).stop_reason == codes.STOP_SUPPLY
    after_a_cut(sim)  # once, however often the pen starts
    assert len(list(sim.pen.usage())) == 1
