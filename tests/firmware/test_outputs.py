"""How the outputs are set up is looked at each second and before each start, on the bench."""

import pytest

from firmware import words as place
from protocol import codes, messages
from tests.hazards.bench import refused
from tests.system.harness import BenchPen, plan_image, row

pytestmark = pytest.mark.system


def break_outputs(sim: BenchPen) -> None:
    """A register of an output is no longer what it was made to be."""
    sim.bench.twin.app.board.outputs_wrong = lambda: 4  # type: ignore[attr-defined]


def test_an_output_that_lost_its_set_up_ends_a_run_within_a_second(sim: BenchPen) -> None:
    sim.running()
    break_outputs(sim)
    sim.pump(1100)
    assert not sim.plant.enable_level
    status = sim.wait_state(codes.STATE_FAULT, limit_ms=2000)
    assert status.fault == codes.FAULT_OUTPUT
    assert refused(lambda: sim.pen.acknowledge(codes.FAULT_OUTPUT)) == codes.RESULT_NOT_BY_HOST


def test_an_output_that_lost_its_set_up_is_found_before_the_next_press(sim: BenchPen) -> None:
    """The thumb ended a run: the pen is armed still, and nobody asks it to arm."""
    sim.running(plan_image([row()], latch=False))
    app = sim.bench.twin.app  # type: ignore[attr-defined]
    break_outputs(sim)
    app._outputs_ms = 0  # the next look of its own is a second away
    sim.person.release()
    status = sim.wait_state(codes.STATE_FAULT, limit_ms=500)
    assert status.fault == codes.FAULT_OUTPUT


def test_an_output_that_lost_its_set_up_is_found_by_a_loop_that_missed_the_parking(
    sim: BenchPen,
) -> None:
    """The main loop sees a quick thumb's next press first, and no state between."""
    sim.running(plan_image([row()], latch=False))
    app = sim.bench.twin.app  # type: ignore[attr-defined]
    break_outputs(sim)
    app._told_state = codes.STATE_PARKING
    app._outputs_ms = 0
    app.supervisor.state = codes.STATE_POSITIONING
    app.poll()
    assert app.supervisor.words[place.ASK_FAULT] == codes.FAULT_OUTPUT


def test_an_output_that_lost_its_set_up_is_found_before_arming(sim: BenchPen) -> None:
    sim.configure()
    sim.client.hold_lease()
    sim.pump(100)
    app = sim.bench.twin.app  # type: ignore[attr-defined]
    app._outputs_ms = 0  # the next look of its own is a second away
    break_outputs(sim)
    assert refused(lambda: sim.client.request(messages.ARM)) == codes.RESULT_FAULT_LATCHED
    status = sim.wait_state(codes.STATE_FAULT, limit_ms=50)
    assert status.fault == codes.FAULT_OUTPUT
