"""A treatment on the bench, and a stop watch on what really happens after something goes wrong.

Everything measured here is the plant's truth, not the pen's word. Owns nothing.
"""

from collections.abc import Callable
from typing import NamedTuple

from firmware.app import App
from hardware.simulator.twin_cpython import CpythonTwin
from host_controller.refusals import PenRefused
from host_controller.replies import Reading
from protocol import codes
from tests.system.harness import TODAY, BenchPen

# States in which a cartridge sits and a zone is chosen.
READY_STATES = tuple(range(codes.STATE_CONFIGURED, codes.STATE_PARKING + 1))
EVERY_STATE = tuple(range(len(codes.STATE_NAMES)))
STILL_OUT_UM = 100  # the stage counts as withdrawn below this


class Consequence(NamedTuple):
    """What followed: times in ms after the event, counts, and what the pen said at the end."""

    undriven_ms: int  # the motor got no voltage from here on
    inside_ms: int  # no needle tip stood out from here on
    strokes: int  # full extensions after the event
    deepest_um: float  # furthest protrusion that the stage set after the event
    end: Reading


def watch(pen: BenchPen, milliseconds: int, until: tuple[int, ...] = ()) -> Consequence:
    """Let time pass, the host holding its lease, until one of the states or the time is over."""
    start_ms, strokes = pen.bench.now_ms, pen.truth.strokes
    undriven_ms = inside_ms = 0
    deepest_um = pen.truth.depth_um
    end = None
    while (now_ms := pen.bench.now_ms - start_ms) < milliseconds:
        pen.client.pump(0.001)
        now_ms = pen.bench.now_ms - start_ms
        if pen.truth.driven:
            undriven_ms = now_ms
        if pen.truth.tip_um > 0:
            inside_ms = now_ms
        deepest_um = max(deepest_um, pen.truth.depth_um)
        if until and now_ms % 50 == 0:
            end = pen.status()
            if end.state in until:
                break
    end = pen.status()
    return Consequence(undriven_ms, inside_ms, pen.truth.strokes - strokes, deepest_um, end)


def app_of(pen: BenchPen) -> App:
    """The firmware's own objects, to look into or to break from inside."""
    twin = pen.bench.twin
    assert isinstance(twin, CpythonTwin)
    assert isinstance(twin.app, App)
    return twin.app


def to_state(pen: BenchPen, state: int) -> None:
    """Bring a booted pen into any state as a person would; BOOT is in the middle of homing."""
    if state == codes.STATE_BOOT:
        pen.bench.restart()
        pen.bench.advance(60)
        return
    if state == codes.STATE_IDLE:
        pen.plant.remove()
        pen.wait_state(codes.STATE_IDLE)
        return
    if state == codes.STATE_CARTRIDGE_OK:
        pen.pen.set_clock(TODAY)
        pen.wait_state(codes.STATE_CARTRIDGE_OK)
        return
    pen.configure()
    if state == codes.STATE_CONFIGURED:
        return
    pen.person.touch("cheek")
    pen.arm()
    if state == codes.STATE_ARMED:
        return
    if state == codes.STATE_FAULT:
        pen.pump(100)  # the used mark is written and read back
        pen.bench.faults.cartridge_out_ms = 30.0
        pen.wait_state(codes.STATE_FAULT)
        pen.pump(300)
        return
    pen.person.press()
    if state == codes.STATE_POSITIONING:
        pen.pump_until(lambda: pen.truth.depth_um > 300, 2000)
        return
    pen.wait_state(codes.STATE_RUNNING, limit_ms=2000)
    pen.person.release()
    pen.pump(300)
    if state == codes.STATE_PARKING:
        pen.pen.stop()
        pen.pump(3)


def refused(action: Callable[[], object]) -> int:
    """The RESULT_* with which the pen refuses `action`; RESULT_OK when it does not refuse."""
    try:
        action()
    except PenRefused as refusal:
        return refusal.code
    return codes.RESULT_OK


def nothing_moved(pen: BenchPen) -> bool:
    """No stroke was made and no needle ever could have stood out."""
    return pen.truth.strokes == 0 and pen.truth.depth_um < STILL_OUT_UM


def sound(pen: BenchPen) -> bool:
    """The firmware lives and did nothing that the hardware cannot do."""
    return pen.bench.firmware_error is None and pen.bench.misuses == []
