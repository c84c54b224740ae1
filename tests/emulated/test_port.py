"""A pen behind a port: with PORT= a real board (ring 4), without it the emulated one.

Nothing here needs the plant, so the same tests say whether a board talks and refuses as it must.
They start nothing: the button is never pressed.
"""

import hashlib
import os
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from firmware.boards.image import Image
from hardware.simulator.twin_rp2040 import Rp2040Twin
from host_controller.pen import Pen
from host_controller.refusals import PenRefused
from protocol import codes, messages
from tests.system.harness import TODAY, BenchPen, plan_image, row

LIMIT_S = 60
PORT = os.environ.get("PORT", "")

pytestmark = [pytest.mark.board] if PORT else []


@pytest.fixture(scope="module")
def pen(image: Image) -> Iterator[Pen]:
    """A pen that has left BOOT and has read its image."""
    if PORT:
        with Pen.open(PORT) as pen:
            yield ready(pen)
        return
    with BenchPen(Rp2040Twin(image.area())) as sim:
        yield ready(sim.pen)


def ready(pen: Pen) -> Pen:
    end = time.monotonic() + LIMIT_S
    while pen.status().state == codes.STATE_BOOT or not pen.client.say_hello().image:
        assert time.monotonic() < end, "the pen does not get ready"
        time.sleep(0.2)
    return pen


def test_it_says_which_image_it_runs(pen: Pen, image: Image) -> None:
    said = pen.client.say_hello()
    assert len(said.image) == 16
    if not PORT:
        assert said.image == hashlib.sha256(image.binary.read_bytes()).hexdigest()[:16]


def test_a_plan_arrives_whole_and_stays(pen: Pen) -> None:
    plan = plan_image([row("cheek"), row("forehead", 500, 9000)], session_id=int(time.time()))
    pen.set_clock(TODAY)
    assert pen.push_plan(plan).sha256 == plan.sha256
    info = pen.plan_info()
    assert info is not None
    assert info.sha256 == plan.sha256


def test_what_is_out_of_range_is_refused_by_the_pen(pen: Pen) -> None:
    with pytest.raises(PenRefused):
        pen.push_plan(plan_image([row(depth_um=2600)]))
    with pytest.raises(PenRefused):
        pen.client.request(messages.SELECT_ZONE, 99)


def test_nothing_moves_without_the_button(pen: Pen) -> None:
    for _ in range(20):
        status = pen.status()
        assert status.duty == 0
        assert status.state not in (codes.STATE_POSITIONING, codes.STATE_RUNNING)


def test_telemetry_is_numbered_without_a_gap(pen: Pen) -> None:
    numbers = []
    for reading in pen.telemetry(50):
        numbers.append(reading.counter)
        if len(numbers) == 50:
            break
    assert [b - a & 0xFFFF for a, b in pairwise(numbers)] == [1] * 49
    pen.set_telemetry(0)


def test_a_stop_is_always_taken(pen: Pen) -> None:
    pen.stop()
    assert pen.status().duty == 0
