"""Power fails in any flash operation of a plan push: the pen keeps the old plan or the new one.

Never half of one, never none, and never a fault that was not there.
"""

import pytest

from host_controller import errors
from protocol import codes
from tests.system.harness import TODAY, BenchPen, plan_image, row

pytestmark = [pytest.mark.system, pytest.mark.slow]

OLD = plan_image([row("cheek", 1000)], session_id=1)
NEW = plan_image([row("nose", 250), row("chin", 500)], session_id=2)


def pen_with_old_plan(seed: int) -> BenchPen:
    sim = BenchPen(seed=seed)
    sim.pen.set_clock(TODAY)
    sim.wait_state(codes.STATE_CARTRIDGE_OK)
    sim.pen.push_plan(OLD)
    sim.pump(300)
    return sim


def operations_of_a_push() -> int:
    with pen_with_old_plan(1) as sim:
        before = sim.plant.flash.operations
        sim.pen.push_plan(NEW)
        sim.pump(300)
        return sim.plant.flash.operations - before


def push_new(sim: BenchPen) -> None:
    sim.pen.push_plan(NEW)
    sim.pump(300)
    sim.status()


@pytest.mark.parametrize("fraction", [0.0, 0.3, 0.7, 1.0])
def test_a_cut_at_any_operation_leaves_a_whole_plan(fraction: float) -> None:
    outcomes = []
    total = operations_of_a_push()
    assert total >= 2  # at least an erase and a program
    for operation in range(total):
        with pen_with_old_plan(operation + 1) as sim:
            sim.plant.flash.cut_after(operation, fraction)
            with pytest.raises(errors.NoAnswer):
                push_new(sim)
            assert sim.bench.faults.supply_cut
            sim.bench.advance(200)
            sim.bench.power_on()
            sim.connect()
            info = sim.pen.plan_info()
            assert info is not None
            assert info.sha256 in (OLD.sha256, NEW.sha256)
            outcomes.append(info.sha256 == NEW.sha256)
            assert sim.status().fault == codes.FAULT_NONE
            assert sim.bench.firmware_error is None
            sim.pen.set_clock(TODAY)  # and the pen can still learn: the next push works
            sim.wait_state(codes.STATE_CARTRIDGE_OK)
            sim.pen.push_plan(NEW)
    assert outcomes == sorted(outcomes)  # old until some operation, new from then on
