"""Whoever asks while the stage is on its way home is answered, and the stage arrives."""

import pytest

from host_controller.client import Client
from host_controller.pen import Pen
from protocol import codes
from protocol.requester_link import RequesterLink
from protocol.zones import zone_id
from tests.system.harness import BenchPen, BenchTransport, plan_image, row

pytestmark = pytest.mark.system


def greeted(pen: BenchPen) -> Pen:
    """A host that is quicker than the pen's homing."""
    client = Client(BenchTransport(pen.bench), lambda: pen.bench.now_ms)
    client.link = RequesterLink(1 << 16, 1)
    pen.client, pen.pen = client, Pen(client, client.say_hello())
    return pen.pen


@pytest.mark.parametrize("left_um", [1700, 1650, 1500, 1200, 900, 600, 300, 120, 50])
@pytest.mark.parametrize("what", ["setting", "plan", "zone"])
def test_what_is_stored_meanwhile_costs_no_steps(what: str, left_um: int) -> None:
    with BenchPen(seed=29) as pen:
        image = plan_image([row("cheek"), row("nose", 500)])
        pen.pen.push_plan(image)
        pen.plant.place_carriage(1700)
        pen.bench.restart()
        host = greeted(pen)
        while pen.plant.stage.carriage_um > left_um:
            pen.pump(1)
        assert pen.status().state == codes.STATE_BOOT
        slips = pen.plant.stage.slips
        if what == "setting":
            host.set_settings({"light_percent": 50})
        elif what == "plan":
            host.push_plan(plan_image([row("nose", 500)], session_id=78))
        else:
            host.select_zone(zone_id("nose"))
        pen.wait_state(codes.STATE_IDLE, limit_ms=2000)
        assert pen.plant.stage.slips == slips
        assert pen.status().fault == codes.FAULT_NONE
