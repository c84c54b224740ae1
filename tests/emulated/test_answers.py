"""A request is answered soon, at any phase of the tick, and nothing of it goes too deep."""

import statistics

from firmware.boards.image import Image
from hardware.simulator.twin_rp2040 import Rp2040Twin
from protocol import messages
from tests.evidence.budget import read
from tests.evidence.measure_wire import python_stack_pct, round_trips_ms
from tests.system.harness import BenchPen, plan_image, row

REQUESTS = 40


def test_the_budget_is_the_limit_that_was_set_or_less() -> None:
    budget = read()
    assert budget["round_trip_ms"]["most"] <= 2
    assert budget["round_trip_busy_ms"]["most"] <= 2
    assert budget["python_stack_pct"]["most"] <= 67  # a third is left for what no run has met


def test_half_of_all_requests_are_answered_within_the_budget(image: Image) -> None:
    budget = read()
    with BenchPen(Rp2040Twin(image.area())) as sim:
        sim.configure(plan_image([row()]))
        at_rest = statistics.median(round_trips_ms(sim, REQUESTS))
        sim.person.touch("cheek")
        sim.arm()
        sim.start()
        sim.client.request(messages.TELEMETRY_RATE, 100)
        busy = statistics.median(round_trips_ms(sim, REQUESTS))
        stack = python_stack_pct(sim, image)
    assert 0.2 < at_rest <= budget["round_trip_ms"]["most"]
    assert 0.2 < busy <= budget["round_trip_busy_ms"]["most"]
    assert 10 < stack <= budget["python_stack_pct"]["most"]
