"""A shallower first pass on the real firmware: another plan of the same session, one dose."""

import dataclasses

import pytest

from host_controller.library import store
from host_controller.planning import plan_file, plan_source, plan_writer
from host_controller.planning.plan import Plan
from host_controller.planning.plan_bytes import compile_plan
from host_controller.planning.proposal import Request, propose
from protocol import codes
from protocol.zones import zone_id
from tests.system.harness import BenchPen

pytestmark = pytest.mark.system
SESSION = 41


def planned() -> Plan:
    """The starter's plan for a cheek, on a small area so that it is over soon."""
    request = Request("C-1042", "wrinkles", ("cheek",), changes=(("cheek", "area", 500),))
    library = store.starter()
    text = plan_writer.text(propose(library, request))
    source = plan_source.parse("plan.toml", text.encode())
    return dataclasses.replace(plan_file.check(source, lambda _: library), latch=True)


def treat(sim: BenchPen, plan: Plan) -> float:
    """Push, choose the cheek, arm, press, let the pen end it; how deep the needles were (um)."""
    sim.pen.push_plan(compile_plan(plan, SESSION))
    sim.pen.select_zone(zone_id("cheek"))
    sim.wait_state(codes.STATE_CONFIGURED)
    sim.person.touch("cheek", 1.0)
    sim.arm()
    sim.start()
    sim.person.release()
    deepest_um = 0.0
    while sim.status().state != codes.STATE_CONFIGURED:  # truth forgets at each retraction
        sim.pump(1)
        deepest_um = max(deepest_um, sim.truth.tip_max_um)
        assert sim.bench.now_ms < 120_000
    return deepest_um


def test_the_first_pass_is_shallower_and_counts_into_the_same_dose() -> None:
    plan = planned()
    ramp = plan.ramp()
    assert ramp is not None
    with BenchPen() as sim:
        sim.configure(compile_plan(ramp, SESSION))
        ramp_um = treat(sim, ramp)
        first = sim.status()
        assert first.stop_reason == codes.STOP_DOSE
        assert 150 <= first.punctures_per_cm2 < 170  # half of 300 for the first of two passes
        assert 600 - 150 <= ramp_um <= 600 + 150
        plan_um = treat(sim, plan)
        second = sim.status()
        assert second.stop_reason == codes.STOP_DOSE
        assert 300 <= second.punctures_per_cm2 < 320
        assert second.pass_number == 2
        assert 1000 - 150 <= plan_um <= 1000 + 150
        info = sim.pen.plan_info()
        assert info is not None
        assert info.sha256 == compile_plan(plan, SESSION).sha256
        assert plan.basis is not None
        # The pen names the very content of the library that the plan was made with.
        assert info.library_id == plan.basis.library_sha256[:8].encode()
