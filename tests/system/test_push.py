"""A plan on its way to the real firmware: all in one write, on a bad cable, at a bad moment."""

import pytest

from host_controller.refusals import PenRefused
from protocol import codes, messages
from protocol.zones import ZONES
from tests.system.harness import TODAY, BenchPen, plan_image, row

pytestmark = pytest.mark.system

NAMES = [name for _, name in ZONES]


def plan(session_id: int, zones: int = 8):  # type: ignore[no-untyped-def]
    rows = [row(name, depth_um=250, rate_chz=8000) for name in NAMES[:zones]]
    return plan_image(rows, session_id)


@pytest.mark.parametrize("zones", [1, 8, 16])
def test_a_plan_arrives_in_one_write_whatever_its_length(zones: int) -> None:
    with BenchPen() as sim:
        sim.pen.set_clock(TODAY)
        sim.pump(3000)
        link = sim.client.link.statistics
        asked, again, began_ms = link.requests, link.retries, sim.bench.now_ms
        image = plan(5, zones)
        assert sim.pen.push_plan(image).sha256 == image.sha256
        assert link.requests - asked == (5 if zones == 16 else 4)
        assert link.retries == again
        assert sim.bench.now_ms - began_ms <= 60


def test_a_bad_cable_costs_time_and_no_plan() -> None:
    with BenchPen() as sim:
        sim.pen.set_clock(TODAY)
        for way in (sim.bench.host.to_pen, sim.bench.host.to_host):
            way.fault.corrupt_ppm = 1_500
            way.fault.drop_ppm = 500
            way.fault.duplicate_ppm = 500
        for number in range(1, 26):
            image = plan(number)
            assert sim.pen.push_plan(image).sha256 == image.sha256
            sim.pump(100)
        assert sim.client.link.statistics.failures >= 1, "no burst was broken: too good a cable"
        for way in (sim.bench.host.to_pen, sim.bench.host.to_host):
            way.fault.clear()
        info = sim.pen.plan_info()
        assert info is not None
        assert info.session_id == 25
        assert sim.bench.misuses == []


def test_a_plan_that_comes_while_the_stop_path_is_proven_is_stored_after_it() -> None:
    with BenchPen() as sim:
        sim.pen.set_clock(TODAY)
        sim.pump(3000)
        link = sim.client.link
        sim.bench.host_write(link.request(messages.SELF_TEST, b"", sim.bench.now_ms))
        sim.bench.advance(2)
        link._forget()  # nobody waits for its answer
        image = plan(9)
        assert sim.pen.push_plan(image).sha256 == image.sha256
        assert link.statistics.failures == 1, "the commit did not have to wait"
        assert sim.status().fault == codes.FAULT_NONE


def test_what_a_limit_forbids_is_refused_with_its_figures_and_the_old_plan_stays() -> None:
    with BenchPen() as sim:
        sim.pen.set_clock(TODAY)
        sim.pen.push_plan(plan(3))
        with pytest.raises(PenRefused) as refused:
            sim.pen.push_plan(plan_image([row("cheek"), row("nose", 600)]))
        assert refused.value.code == codes.RESULT_ABOVE_ZONE_CAP
        info = sim.pen.plan_info()
        assert info is not None
        assert info.session_id == 3
