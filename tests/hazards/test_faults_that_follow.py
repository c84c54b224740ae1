"""A fault that follows another: the gravest is told, each has its entry, none clears the other."""

import pytest

from host_controller.refusals import PenRefused
from protocol import codes
from tests.hazards.bench import watch
from tests.system.harness import BenchPen, plan_image, row


def test_h10_needles_that_do_not_come_home_are_told_whatever_came_first() -> None:
    """Stage and cam jam while needles run: the motor stalls first, then nothing withdraws."""
    with BenchPen() as pen:
        pen.running()
        pen.bench.faults.depth_jammed = pen.bench.faults.cam_jammed = True
        watch(pen, 5000, (codes.STATE_FAULT,))
        pen.pump(300)
        status = pen.status()
        assert not status.needles_in
        assert status.fault == codes.FAULT_WITHDRAW
        assert [entry.fault for entry in pen.pen.faults()][:2] == [
            codes.FAULT_WITHDRAW,
            codes.FAULT_STALL,
        ]


def test_h07_what_only_a_power_cycle_clears_is_not_cleared_with_what_came_first() -> None:
    """The cartridge is pulled, and then the motor turns by itself for a moment."""
    with BenchPen() as pen:
        pen.running()
        cartridge = pen.plant.remove()
        watch(pen, 3000, (codes.STATE_FAULT,))
        pen.bench.faults.driver_short = 2
        pen.pump(100)
        pen.bench.faults.driver_short = 0
        assert cartridge is not None
        pen.plant.insert(cartridge)
        pen.pump(1000)
        assert pen.status().fault == codes.FAULT_MOTION_UNCOMMANDED
        for fault in (codes.FAULT_CARTRIDGE_LOST, codes.FAULT_MOTION_UNCOMMANDED):
            with pytest.raises(PenRefused):
                pen.pen.acknowledge(fault)
        assert pen.status().state == codes.STATE_FAULT


def test_h13_a_button_that_stays_down_in_a_latched_run_ends_it_after_ten_seconds() -> None:
    with BenchPen() as pen:
        pen.configure(plan_image([row("cheek", 1000, 8000)], latch=True))
        pen.person.touch("cheek")
        pen.arm()
        pen.start()
        pen.bench.faults.button_stuck = 1
        began_ms = pen.bench.now_ms
        while pen.status().state == codes.STATE_RUNNING and pen.bench.now_ms < began_ms + 20_000:
            pen.person.touch("cheek")
            pen.pump(2000)
            pen.person.lift()
            pen.pump(500)
        assert 10_000 <= pen.bench.now_ms - began_ms <= 13_000
        assert pen.status().fault == codes.FAULT_BUTTON_STUCK
