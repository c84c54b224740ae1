"""H39: what the proof of the stop path cannot see, and a tick or a judge that is not there.

The proof holds the bridge braked: it sees the line fall, not a current. A wire that is open between
the point of the read-back and the bridge passes it. Here that wire is cut. Owns nothing.
"""

from collections.abc import Callable

import pytest

import firmware.tick
from hardware.plant.pen import Pen as Plant
from hardware.simulator.calls import RESET_WATCHDOG
from protocol import codes
from tests.hazards.bench import nothing_moved, refused, watch
from tests.system.harness import BenchPen

pytestmark = pytest.mark.system

REST = (codes.STATE_CONFIGURED, codes.STATE_FAULT)
WATCHDOG_MS = 1000  # the chip's own, when no Python runs any more

Off = Callable[[BenchPen], None]


def cut_wire(monkeypatch: pytest.MonkeyPatch, floats: bool) -> None:
    """The bridge no longer hears drive-enable: its input stays at one level."""
    turn = Plant._turn

    def deaf(plant: Plant, t_us: int, span_us: int, *, enabled: bool) -> None:
        turn(plant, t_us, span_us, enabled=floats)

    monkeypatch.setattr(Plant, "_turn", deaf)


def proven_and_armed() -> BenchPen:
    """A pen with the cut wire from power-up on: its proof holds, and it can be armed."""
    pen = BenchPen()
    pen.configure()
    pen.person.touch("cheek")
    pen.arm()
    status = pen.status()
    assert status.has(codes.COND_STOP_PATH_PROVEN)
    assert status.fault == 0
    return pen


def test_h39_a_wire_that_leaves_the_bridge_braked_is_found_by_the_first_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cut_wire(monkeypatch, floats=False)
    with proven_and_armed() as pen:
        pen.person.press()
        after = watch(pen, 2500, (codes.STATE_FAULT,))
        assert after.end.fault in (codes.FAULT_PARK, codes.FAULT_STALL)
        assert after.strokes == 0
        assert pen.truth.tip_um <= 0


def test_h39_a_wire_that_leaves_the_bridge_enabled_is_not_found_but_every_stop_still_brakes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A residual risk, stated as it is: the firmware brakes through the bridge itself."""
    cut_wire(monkeypatch, floats=True)
    with proven_and_armed() as pen:
        pen.start()
        pen.person.release()
        pen.pump(300)
        pen.pen.stop()
        after = watch(pen, 1500, REST)
        assert after.end.fault == 0  # nobody can tell
        assert after.end.needles_in
        assert after.inside_ms <= 250
        pen.pump(100)
        pen.arm()
        pen.start()
        pen.plant.remove()  # neither does the open contact cut the drive by itself
        after = watch(pen, 1500, REST)
        assert after.end.fault == codes.FAULT_CARTRIDGE_LOST
        assert after.undriven_ms <= 10


def test_h39_with_that_wire_a_dead_program_drives_on_until_the_chips_watchdog(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second fault on top of the first: it is why the wire has to be looked at on the board."""
    cut_wire(monkeypatch, floats=True)
    with proven_and_armed() as pen:
        pen.start()
        pen.pump(300)
        strokes = pen.truth.strokes
        pen.bench.hold_all = True
        pen.bench.advance(WATCHDOG_MS)
        driven = pen.truth.driven
        assert driven  # five milliseconds would have been enough
        assert pen.truth.strokes - strokes <= 110
        pen.bench.restart(RESET_WATCHDOG)
        pen.bench.hold_all = False
        pen.bench.advance(1500)
        pen.connect()
        assert pen.status().fault == codes.FAULT_WATCHDOG
        assert not pen.truth.driven
        assert pen.truth.depth_um < 50


def tick_lost(pen: BenchPen, monkeypatch: pytest.MonkeyPatch) -> None:
    pen.bench.hold_tick = True


def judge_gone(pen: BenchPen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firmware.tick, "supervise", lambda words: None)


GONE = pytest.mark.parametrize("gone", [tick_lost, judge_gone], ids=["tick", "supervisor"])


@GONE
def test_h39_without_its_tick_or_its_judge_nothing_is_armed_and_nothing_moves(
    pen: BenchPen, gone: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    pen.configure()
    pen.client.hold_lease()
    pen.pump(300)
    gone(pen, monkeypatch)
    pen.pump(100)
    refused(pen.pen.arm)  # whatever is answered, there is nobody who carries it out
    for _ in range(3):
        pen.pump(300)
        assert pen.status().state == codes.STATE_CONFIGURED
        pen.person.press()
        pen.pump(300)
        pen.person.release()
        assert not pen.truth.driven
        assert not pen.plant.enable_level
    assert nothing_moved(pen)


@GONE
def test_h39_when_tick_or_judge_go_in_a_run_the_drive_is_off_in_5_ms(
    pen: BenchPen, gone: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line is asked for anew in every tick, and by nobody but the judge."""
    pen.running()
    strokes = pen.truth.strokes
    gone(pen, monkeypatch)
    pen.bench.advance(6)
    for _ in range(300):
        assert not pen.truth.driven
        pen.bench.advance()
    assert pen.truth.still
    assert pen.truth.strokes - strokes <= 3


def test_h39_that_the_tick_lives_is_told_by_the_time_in_each_record(pen: BenchPen) -> None:
    before = pen.status().t_ms
    pen.pump(200)
    assert pen.status().t_ms - before >= 200
    pen.bench.hold_tick = True
    pen.pump(20)
    before = pen.status().t_ms
    pen.pump(200)
    assert pen.status().t_ms == before
