"""Host, bytes, firmware and plant together: a treatment works, and what goes wrong ends well.

What is asserted is the plant's truth, not the pen's own opinion of it.
"""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from firmware.hal.pin_layout import CALL_FLASH_READ
from protocol import codes, plan_layout
from tests.system.harness import TODAY, TWIN, BenchPen, plan_image, row

pytestmark = pytest.mark.system

STILL_MS = 50
PARKED_MS = 250


@pytest.fixture
def sim() -> Iterator[BenchPen]:
    """A booted pen that has done nothing it must not when the test is over."""
    with BenchPen() as sim:
        yield sim
        assert sim.bench.firmware_error is None
        assert sim.bench.misuses == []


def parked_within(sim: BenchPen, limit_ms: int) -> int:
    """Milliseconds until the plant is parked; TimeoutError after `limit_ms`."""
    return sim.bench.advance_until(lambda: sim.bench.observer.parked, limit_ms)


@pytest.mark.parametrize("twin", sorted({TWIN, "micropython"}))
def test_a_treatment_is_as_deep_and_as_quick_as_asked(
    twin: str, request: pytest.FixtureRequest
) -> None:
    if twin == "micropython":
        request.getfixturevalue("micropython")
    with BenchPen(twin) as sim:
        sim.running(plan_image([row(depth_um=1000, rate_chz=10000)]), telemetry_hz=100)
        sim.bench.observer.mark()
        sim.pump(2000)
        record = sim.bench.observer.zones["cheek"]
        assert 980 <= record.depth_um_min <= record.depth_um_max <= 1020
        assert 99 <= record.rate_hz_min <= record.rate_hz_max <= 101
        sim.pen.stop()
        status = sim.pen.wait_parked()
        assert status.stop_reason == codes.STOP_HOST
        assert record.stops == 1
        assert record.still_ms_max <= STILL_MS
        assert record.parked_ms_max <= PARKED_MS
        readings = list(sim.client.readings)
        steps = {b.counter - a.counter & 0xFFFF for a, b in pairwise(readings)}
        assert steps == {1}
        assert sim.bench.misuses == []


def test_nothing_is_exposed_before_the_button_is_pressed(sim: BenchPen) -> None:
    exposed: list[int] = []

    def watch() -> bool:
        if sim.truth.exposed:
            exposed.append(sim.bench.now_ms)
        return False

    sim.configure()
    sim.person.touch()
    sim.arm()
    with pytest.raises(TimeoutError):
        sim.pump_until(watch, 3000)
    assert exposed == []
    assert sim.truth.depth_um < 50
    sim.start()
    sim.pump_until(lambda: sim.truth.exposed, 500)


def test_the_button_stops_and_the_pen_stays_armed(sim: BenchPen) -> None:
    sim.running()
    sim.person.release()
    sim.pump(30)
    sim.person.press()
    sim.pump_until(lambda: not sim.truth.driven, 100)
    status = sim.wait_state(codes.STATE_ARMED)
    assert status.stop_reason == codes.STOP_BUTTON
    assert sim.bench.observer.parked


def test_a_held_button_runs_only_while_it_is_held(sim: BenchPen) -> None:
    sim.running(plan_image([row()], latch=False))
    sim.person.release()
    assert parked_within(sim, PARKED_MS + 50) > 0
    sim.wait_state(codes.STATE_ARMED)


def test_a_pulled_cable_stops_a_tethered_pen(sim: BenchPen) -> None:
    sim.running()
    sim.bench.unplug()
    # 250 ms of lease at most, then it stops and parks.
    assert parked_within(sim, 250 + PARKED_MS + 10) > 0
    sim.bench.plug()
    sim.connect()
    assert sim.status().stop_reason == codes.STOP_LEASE


def test_an_untethered_pen_treats_without_its_host(sim: BenchPen) -> None:
    sim.running(plan_image([row()], tethered=False))
    sim.bench.unplug()
    sim.bench.advance(2000)
    assert sim.truth.stroke_rate_hz == pytest.approx(100, rel=0.01)
    assert not sim.bench.observer.parked


def test_the_cartridge_taken_off_stops_the_drive_at_once(sim: BenchPen) -> None:
    sim.running()
    sim.plant.remove()
    sim.bench.advance(2)
    assert not sim.plant.enable_level
    sim.bench.advance_until(lambda: sim.truth.still, STILL_MS)
    sim.connect()
    sim.pump(600)
    assert sim.status().needles_in


def test_a_hanging_interpreter_stops_the_drive_within_5_ms(sim: BenchPen) -> None:
    sim.running()
    sim.bench.hold_all = True
    assert sim.bench.advance_until(lambda: not sim.plant.enable_level, 10) <= 6
    sim.bench.advance_until(lambda: sim.truth.still, STILL_MS)
    sim.bench.hold_all = False
    sim.connect()
    sim.pump(600)
    assert sim.status().needles_in
    assert sim.status().state != codes.STATE_RUNNING


def test_a_lost_tick_stops_the_drive_within_5_ms(sim: BenchPen) -> None:
    sim.running()
    sim.bench.hold_tick = True
    assert sim.bench.advance_until(lambda: not sim.plant.enable_level, 10) <= 6
    sim.bench.advance_until(lambda: sim.truth.still, STILL_MS)
    sim.bench.hold_tick = False


def test_a_hanging_main_loop_stops_and_parks(sim: BenchPen) -> None:
    sim.running()
    sim.bench.hold_main = True
    assert parked_within(sim, 1500) > 0
    sim.bench.hold_main = False


def test_the_firmware_dying_stops_the_needles(sim: BenchPen) -> None:
    sim.running()
    sim.bench.twin.stop()  # as if the interpreter had crashed
    assert sim.bench.advance_until(lambda: not sim.plant.enable_level, 10) <= 6
    sim.bench.advance_until(lambda: sim.truth.still, STILL_MS)
    sim.person.release()  # a held button keeps the pen in BOOT
    sim.bench.restart()
    sim.connect()
    assert sim.bench.observer.pen.truth.depth_um < 50


def test_a_power_cut_while_running_leaves_a_pen_that_withdraws_and_keeps_its_plan(
    sim: BenchPen,
) -> None:
    image = plan_image([row()])
    sim.running(image)
    sim.person.lift()
    sim.person.release()
    sim.bench.power_cut(300)
    assert sim.truth.still
    sim.connect()
    assert sim.truth.depth_um < 50
    info = sim.pen.plan_info()
    assert info is not None
    assert info.sha256 == image.sha256
    assert sim.status().fault == codes.FAULT_NONE
    assert sim.status().state != codes.STATE_RUNNING


def test_a_noisy_cable_never_stops_the_host_from_stopping(sim: BenchPen) -> None:
    sim.running(telemetry_hz=100)
    for way in (sim.bench.host.to_pen, sim.bench.host.to_host):
        way.fault.corrupt_ppm = 3_000
        way.fault.drop_ppm = 1_000
        way.fault.duplicate_ppm = 1_000
    sim.pump(2000)
    sim.pen.stop()
    assert parked_within(sim, PARKED_MS + 100) >= 0


def test_bytes_late_by_less_than_the_lease_do_no_harm(sim: BenchPen) -> None:
    sim.running()
    sim.bench.host.to_pen.fault.delay_ms = 30
    sim.bench.host.to_host.fault.delay_ms = 30
    sim.pump(1500)
    assert sim.status().state == codes.STATE_RUNNING


def test_looking_at_an_empty_history_costs_no_tour_of_the_flash(sim: BenchPen) -> None:
    trace: list[tuple[str, bytes]] = []
    sim.pump(500)
    sim.bench.trace = trace
    sim.pen.set_clock(TODAY)
    sim.pump(200)
    assert len([1 for kind, call in trace if kind == "call" and call[0] == CALL_FLASH_READ]) < 50


def test_the_host_can_never_start_the_needles(sim: BenchPen) -> None:
    sim.configure()
    sim.person.touch()
    sim.arm()
    for _ in range(20):
        sim.pump(100)
        sim.status()
    assert sim.truth.strokes == 0
    assert not sim.plant.enable_level


def test_every_zone_of_a_plan_is_told_apart(sim: BenchPen) -> None:
    rows = [row("forehead", 500, 9000), row("nose", 250, 8000)]
    sim.running(plan_image(rows), "forehead")
    sim.pump(500)
    sim.pen.stop()
    sim.pen.wait_parked()
    sim.person.release()
    sim.pump(100)
    sim.person.touch("nose")
    sim.pen.select_zone(5)
    sim.wait_state(codes.STATE_CONFIGURED)
    sim.arm()
    sim.start()
    sim.pump(600)
    assert sim.bench.observer.zones.keys() == {"forehead", "nose"}
    assert sim.bench.observer.zones["nose"].depth_um_max == pytest.approx(250, abs=20)
    assert sim.status().zone == 5


def test_the_record_of_the_pen_agrees_with_the_truth(sim: BenchPen) -> None:
    sim.running()
    sim.pump(3000)
    sim.pen.stop()
    sim.pen.wait_parked()
    sim.pump(200)
    entry = next(sim.pen.usage())
    truth = sim.truth.punctures_by_zone["cheek"]
    assert entry.punctures == pytest.approx(truth, rel=0.05)
    assert entry.pins == 12
    assert plan_layout.ZONES_MAX == 16


def test_the_observer_of_a_bench_at_rest_has_nothing_to_tell(sim: BenchPen) -> None:
    observer = sim.bench.observer
    sim.pump(1000)
    assert observer.zones == {}
    snapshot = observer.snapshot()
    assert snapshot["strokes"] == 0
    assert snapshot["exposed"] is False


def test_a_thumb_that_stays_down_when_the_dose_is_reached_is_no_fault(sim: BenchPen) -> None:
    small = row("cheek", dose_limit_per_cm2=300, area_mm2=4000)  # reached after some 11 s
    sim.running(plan_image([small], latch=False))
    sim.pump_until(lambda: sim.status().state == codes.STATE_CONFIGURED, 60_000)
    assert sim.status().stop_reason == codes.STOP_DOSE
    assert sim.status().zone_ms > 10_000, "the thumb must have been down for longer than 10 s"
    sim.pump(9_000)
    assert sim.status().fault == 0
    sim.pump(1_500)
    assert sim.status().fault == codes.FAULT_BUTTON_STUCK  # held where it means nothing
