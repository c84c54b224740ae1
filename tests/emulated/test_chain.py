"""The system tests of ring 2, unchanged, on the image: those that take the least time for the most.

`make test-emulated` runs every one of them.
"""

from firmware.boards.image import Image
from hardware.simulator.twin_rp2040 import Rp2040Twin
from protocol import codes
from tests.system import test_chain
from tests.system.harness import BenchPen, plan_image, row

CHOSEN = (
    "test_nothing_is_exposed_before_the_button_is_pressed",
    "test_the_button_stops_and_the_pen_stays_armed",
    "test_a_pulled_cable_stops_a_tethered_pen",
    "test_the_cartridge_taken_off_stops_the_drive_at_once",
    "test_a_hanging_interpreter_stops_the_drive_within_5_ms",
    "test_a_lost_tick_stops_the_drive_within_5_ms",
    "test_a_hanging_main_loop_stops_and_parks",
    "test_a_power_cut_while_running_leaves_a_pen_that_withdraws_and_keeps_its_plan",
    "test_a_noisy_cable_never_stops_the_host_from_stopping",
    "test_the_record_of_the_pen_agrees_with_the_truth",
)
for _name in CHOSEN:
    globals()[_name] = getattr(test_chain, _name)


def test_a_treatment_is_as_deep_and_as_quick_as_asked(image: Image) -> None:
    with BenchPen(Rp2040Twin(image.area())) as sim:
        sim.running(plan_image([row(depth_um=1000, rate_chz=10000)]), telemetry_hz=100)
        sim.bench.observer.mark()
        sim.pump(1000)
        record = sim.bench.observer.zones["cheek"]
        assert 980 <= record.depth_um_min <= record.depth_um_max <= 1020
        assert 99 <= record.rate_hz_min <= record.rate_hz_max <= 101
        sim.pen.stop()
        assert sim.pen.wait_parked().stop_reason == codes.STOP_HOST
        assert record.still_ms_max <= test_chain.STILL_MS
        assert record.parked_ms_max <= test_chain.PARKED_MS
