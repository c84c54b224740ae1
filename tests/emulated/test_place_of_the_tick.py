"""The tick keeps its place in the bench's millisecond: its outputs act in the next one, always."""

from firmware.boards.image import Image
from hardware.simulator.twin_rp2040 import Rp2040Twin
from tests.emulated.chip import ask
from tests.system.harness import TODAY, BenchPen, plan_image, row

PUSHES = 4  # each programs two pages of 0.4 ms: 0.8, 1.6, 2.4, 3.2 ms in all
INSTRUCTION_US = 1  # a step ends with the instruction that is under way


def place_us(sim: BenchPen) -> float:
    """Where the chip's own clock stands when a millisecond of the bench is over."""
    sim.pump(5)
    return float(ask(sim, do="time")["us"]) % 1000


def test_the_flash_does_not_move_the_tick(image: Image) -> None:
    with BenchPen(Rp2040Twin(image.area())) as sim:
        sim.pen.set_clock(TODAY)
        before_us = place_us(sim)
        for number in range(1, PUSHES + 1):
            sim.pen.push_plan(plan_image([row()], session_id=number))
            moved_us = (place_us(sim) - before_us + 500) % 1000 - 500
            assert abs(moved_us) <= INSTRUCTION_US, f"after push {number}"
