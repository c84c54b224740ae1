"""Drive-enable is held by a state machine that counts, not by a program that means well."""

import random

import pytest

from firmware.boards.image import Image
from hardware.simulator.twin_rp2040 import Rp2040Twin
from tests.conftest import SEED
from tests.emulated.chip import ask, hangs
from tests.system.harness import BenchPen, plan_image, row

HANGS = 54
WAYS = {"main", "tick", "masked", "exception", "collection", "erase"}
LIMIT_US = 5001  # 5 ms and the countdown's own microsecond


@pytest.mark.parametrize(("depth_um", "rate_chz"), [(1000, 10000), (500, 15000)])
def test_whatever_hangs_the_line_is_low_5_ms_after_the_last_grant(
    image: Image, depth_um: int, rate_chz: int
) -> None:
    rng = random.Random(SEED << 16 | rate_chz)
    with BenchPen(Rp2040Twin(image.area())) as sim:
        sim.running(plan_image([row(depth_um=depth_um, rate_chz=rate_chz)]))
        done = hangs(sim, image, rng, HANGS)
    assert {one["way"] for one in done} == WAYS
    assert all(one["enabled"] for one in done), "the line was up when it was broken"
    assert [one for one in done if not 0 < one["took_us"] <= LIMIT_US] == []
    # What only stops the grants leaves the line up for the whole countdown: it is really that.
    assert {one["way"] for one in done if one["took_us"] > 4990} >= {"main", "tick", "masked"}


def test_while_the_tick_comes_the_line_stays_up(image: Image) -> None:
    with BenchPen(Rp2040Twin(image.area())) as sim:
        sim.running()
        ask(sim, do="reset ticks")
        for _ in range(500):
            sim.pump(1)
            assert sim.plant.enable_level
        assert ask(sim, do="ticks")["missed"] == 0
