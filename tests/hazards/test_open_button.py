"""H13: the wire of the button breaks while a latched run goes on: the pen cannot see that.

An open wire reads as a released button, which in a latched run means nothing. Every other end of a
run must then still be there, each by itself. Owns nothing.
"""

from collections.abc import Callable

import pytest

from protocol import codes
from protocol.zones import zone_id
from tests.hazards.bench import Consequence, refused, watch
from tests.system.harness import BenchPen, plan_image, row

pytestmark = pytest.mark.system

REST = (codes.STATE_IDLE, codes.STATE_CARTRIDGE_OK, codes.STATE_CONFIGURED, codes.STATE_FAULT)
PARKED_MS = 250


def latched_with_an_open_wire(pen: BenchPen, **limits: int) -> None:
    """Needles run in skin, the thumb is off, and no press will ever be felt again."""
    pen.running(plan_image([row("cheek", **limits)]))
    pen.person.release()
    pen.pump(50)
    pen.bench.faults.button_stuck = 0
    pen.person.press()
    pen.pump(300)
    pen.person.release()
    pen.pump(50)
    assert pen.status().state == codes.STATE_RUNNING  # the press that should have stopped it
    assert pen.truth.driven


def parked_after(pen: BenchPen, milliseconds: int) -> Consequence:
    """The run ends within the time, with its needles in, and nothing starts it again."""
    after = watch(pen, milliseconds, REST)
    assert after.end.state in REST
    assert not pen.truth.driven
    assert pen.truth.tip_um <= 0
    strokes = pen.truth.strokes
    pen.person.press()
    pen.pump(300)
    assert pen.truth.strokes == strokes
    return after


def go_quiet(pen: BenchPen) -> None:
    pen.client.release_lease()


def other_zone(pen: BenchPen) -> None:
    assert refused(lambda: pen.pen.select_zone(zone_id("nose"))) != codes.RESULT_OK


ENDS: dict[str, tuple[Callable[[BenchPen], object], int, int]] = {
    "STOP": (lambda pen: pen.pen.stop(), codes.STOP_HOST, 0),
    "DISARM": (lambda pen: pen.pen.disarm(), codes.STOP_HOST, 0),
    "the lease": (go_quiet, codes.STOP_LEASE, 250),
    "another zone": (other_zone, codes.STOP_PLAN_CHANGED, 0),
}


@pytest.mark.parametrize("way", ENDS)
def test_h13_with_an_open_wire_the_host_still_ends_a_latched_run(pen: BenchPen, way: str) -> None:
    act, reason, wait_ms = ENDS[way]
    latched_with_an_open_wire(pen)
    act(pen)
    after = parked_after(pen, 1000)
    assert after.end.stop_reason == reason
    assert after.inside_ms <= wait_ms + PARKED_MS


@pytest.mark.parametrize(
    ("limits", "reason", "within_ms"),
    [
        ({"time_limit_s": 2}, codes.STOP_ZONE_TIME, 2000),
        ({"dose_limit_per_cm2": 60}, codes.STOP_DOSE, 3000),
        ({}, codes.STOP_DWELL, 10_500),
    ],
    ids=["time", "dose", "dwell"],
)
def test_h13_with_an_open_wire_every_limit_of_the_run_still_ends_it(
    pen: BenchPen, limits: dict[str, int], reason: int, within_ms: int
) -> None:
    latched_with_an_open_wire(pen, **limits)
    assert parked_after(pen, within_ms).end.stop_reason == reason


def test_h13_with_an_open_wire_taking_the_cartridge_off_ends_it_at_once(pen: BenchPen) -> None:
    latched_with_an_open_wire(pen)
    pen.plant.remove()
    after = parked_after(pen, 2000)
    assert after.end.fault == codes.FAULT_CARTRIDGE_LOST
    assert after.undriven_ms <= 8


def test_h13_an_open_wire_starts_nothing(pen: BenchPen) -> None:
    pen.configure()
    pen.bench.faults.button_stuck = 0
    pen.arm()
    for _ in range(3):
        pen.person.press()
        pen.pump(300)
        pen.person.release()
        pen.pump(300)
    assert pen.truth.strokes == 0
