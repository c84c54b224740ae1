"""H36: whatever the interpreter does, the needles stop without it."""

import pytest

from protocol import codes
from tests.hazards.bench import app_of, watch
from tests.system.harness import BenchPen

pytestmark = pytest.mark.system


@pytest.mark.parametrize("hold_ms", [200, 1000])
@pytest.mark.parametrize("what", ["hold_all", "hold_tick"])
def test_h36_a_dead_interpreter_stops_the_needles_in_5_ms(
    pen: BenchPen, what: str, hold_ms: int
) -> None:
    pen.running()
    pen.person.release()
    strokes = pen.truth.strokes
    setattr(pen.bench, what, True)
    pen.bench.advance(5)
    pen.bench.advance(1)
    assert not pen.truth.driven
    pen.bench.advance(hold_ms)
    assert not pen.truth.driven
    assert pen.truth.strokes - strokes <= 3
    setattr(pen.bench, what, False)
    after = watch(pen, 2500, (codes.STATE_FAULT, codes.STATE_CONFIGURED))
    assert after.end.state in (codes.STATE_FAULT, codes.STATE_CONFIGURED)
    assert after.end.needles_in
    assert after.strokes <= 1


def test_h36_a_main_loop_that_hangs_is_not_needed_for_a_stop(pen: BenchPen) -> None:
    pen.running()
    pen.bench.hold_main = True
    pen.bench.advance(1500)
    assert pen.truth.tip_um <= 0
    pen.bench.hold_main = False
    pen.pump(500)
    status = pen.status()
    assert status.fault == codes.FAULT_INTERNAL or status.stop_reason == codes.STOP_LEASE


@pytest.mark.parametrize("error", [MemoryError, ValueError, OSError, RecursionError])
def test_h36_an_exception_in_the_tick_cuts_the_drive_in_the_same_millisecond(
    pen: BenchPen, error: type[Exception]
) -> None:
    pen.running()
    ticks = app_of(pen).ticks
    good = ticks._look

    def broken(*_: int) -> None:
        raise error

    ticks._look = broken  # type: ignore[assignment]
    pen.bench.advance(2)
    assert not pen.truth.driven
    pen.bench.advance(20)
    ticks._look = good
    after = watch(pen, 2500, (codes.STATE_FAULT,))
    assert after.end.fault == codes.FAULT_INTERNAL
    assert after.strokes == 0
    assert pen.truth.depth_um < 50


def test_h36_an_exception_in_the_main_loop_stops_and_parks(pen: BenchPen) -> None:
    pen.running()
    app = app_of(pen)
    good = app.session.poll

    def broken() -> None:
        raise MemoryError

    app.session.poll = broken  # type: ignore[method-assign]
    pen.bench.advance(50)
    app.session.poll = good  # type: ignore[method-assign]
    after = watch(pen, 2500, (codes.STATE_FAULT,))
    assert after.end.fault == codes.FAULT_INTERNAL
    assert after.end.needles_in
