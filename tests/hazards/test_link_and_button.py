"""H12-H18: needles that do not stop when they should, start when they should not, or are misled."""

import random

import pytest

from host_controller.errors import PenError
from host_controller.planning.plan_bytes import PlanImage
from protocol import codes
from tests.hazards.bench import EVERY_STATE, app_of, nothing_moved, refused, to_state, watch
from tests.system.harness import BenchPen, plan_image, row

pytestmark = pytest.mark.system

POWER_ON, WATCHDOG, REQUESTED = range(3)  # causes of a reset
LEASE_MS = 250
MOVING = (codes.STATE_POSITIONING, codes.STATE_RUNNING, codes.STATE_PARKING)
AT_REST = (codes.STATE_CONFIGURED, codes.STATE_CARTRIDGE_OK, codes.STATE_IDLE)


def pen_alone(pen: BenchPen, milliseconds: int) -> int:
    """Let time pass without the host; how long the bridge was still driven at running speed."""
    start_ms = pen.bench.now_ms
    last_ms = 0
    for _ in range(milliseconds):
        pen.bench.advance()
        if pen.truth.driven and pen.truth.rate_hz > 20:
            last_ms = pen.bench.now_ms - start_ms
    return last_ms


@pytest.mark.parametrize("way", ["silent", "unplug", "late", "host asleep"])
def test_h12_a_lost_host_stops_the_needles_and_its_return_starts_nothing(
    pen: BenchPen, way: str
) -> None:
    pen.running()
    pen.person.release()
    if way == "silent":
        pen.bench.host.to_pen.fault.silent = True
    elif way == "unplug":
        pen.bench.unplug()
    elif way == "late":
        pen.bench.host.to_pen.fault.delay_ms = 600
        pen.client.pump(0.09)
    assert pen_alone(pen, 1000) <= LEASE_MS + 20 + (90 if way == "late" else 0)
    assert pen.truth.tip_um <= 0
    pen.bench.host.to_pen.fault.clear()
    pen.bench.plug()
    pen.pump(700)
    pen.connect()
    status = pen.status()
    assert status.state == codes.STATE_CONFIGURED
    assert status.stop_reason == codes.STOP_LEASE
    pen.client.hold_lease()
    strokes = pen.truth.strokes
    pen.person.press()
    pen.pump(500)
    assert pen.truth.strokes == strokes


def test_h12_jitter_below_the_lease_does_no_harm(pen: BenchPen, rng: random.Random) -> None:
    pen.running()
    for _ in range(20):
        pen.bench.host.to_pen.fault.delay_ms = rng.randrange(120)
        pen.pump(50)
    assert pen.status().state == codes.STATE_RUNNING


def test_h13_the_button_stops_with_the_main_loop_blocked(pen: BenchPen) -> None:
    pen.running(plan_image([row()], latch=False))
    pen.bench.hold_main = True
    pen.person.release()
    assert pen_alone(pen, 400) <= 15
    assert pen.truth.tip_um <= 0
    pen.bench.hold_main = False


def test_h13_the_button_stops_with_the_host_gone(pen: BenchPen) -> None:
    pen.running()
    pen.person.release()
    pen.pump(20)
    pen.bench.unplug()
    pen.person.press()
    assert pen_alone(pen, 400) <= 15
    pen.bench.plug()
    pen.connect()
    status = pen.status()
    assert status.state == codes.STATE_CONFIGURED
    assert status.stop_reason == codes.STOP_BUTTON  # the lease ended the arming, not the run


def test_h13_an_open_button_wire_stops_a_hold_run(pen: BenchPen) -> None:
    pen.running(plan_image([row()], latch=False))
    pen.bench.faults.button_stuck = 0
    assert watch(pen, 1000, (codes.STATE_ARMED,)).end.stop_reason == codes.STOP_BUTTON


@pytest.mark.parametrize("latch", [True, False])
def test_h13_with_a_dead_button_the_host_stops(pen: BenchPen, latch: bool) -> None:
    pen.running(plan_image([row()], latch=latch))
    pen.bench.faults.button_stuck = 1
    pen.pump(200)
    pen.pen.stop()
    after = watch(pen, 1000, AT_REST)
    assert after.end.state in AT_REST
    assert after.inside_ms <= 250


def test_h13_a_stuck_button_keeps_the_pen_from_arming(pen: BenchPen) -> None:
    pen.configure()
    pen.client.hold_lease()
    pen.bench.faults.button_stuck = 1
    pen.pump(100)
    assert refused(pen.pen.arm) == codes.RESULT_BUTTON_HELD
    pen.pump(10_000)
    assert pen.status().fault == codes.FAULT_BUTTON_STUCK
    assert nothing_moved(pen)


def test_h13_a_button_that_is_stuck_at_power_up_leaves_boot_to_a_fault_only(pen: BenchPen) -> None:
    pen.bench.faults.button_stuck = 1
    pen.bench.restart()
    pen.bench.advance(12_000)
    pen.connect()
    assert pen.status().fault == codes.FAULT_BUTTON_AT_START
    assert nothing_moved(pen)


@pytest.mark.parametrize("held_ms", [40, 300])
def test_h13_a_thumb_on_the_button_during_the_start_only_delays_it(
    pen: BenchPen, held_ms: int
) -> None:
    """At any moment: also in the last one of the self-test, when the button is looked at."""
    pen.person.release()
    for before_ms in range(5, 700, 30):
        pen.bench.restart()
        pen.bench.advance(before_ms)
        pen.person.press()
        pen.bench.advance(held_ms)
        pen.person.release()
        pen.bench.advance(900)
        supervisor = app_of(pen).supervisor
        assert supervisor.faults.current == codes.FAULT_NONE, before_ms
        assert supervisor.state != codes.STATE_BOOT, before_ms


def test_h14_a_contact_that_presses_by_itself_is_noticed(pen: BenchPen) -> None:
    """A worn switch closes for 10 ms, twice a second, while nobody touches it."""
    pen.running()
    pen.person.release()
    pen.pump(20)
    strokes = pen.truth.strokes
    for _ in range(24):
        pen.bench.faults.button_stuck = 1
        pen.pump(10)
        pen.bench.faults.button_stuck = None
        pen.pump(490)
    assert pen.status().fault == codes.FAULT_BUTTON_STUCK
    assert pen.truth.strokes - strokes < 300


@pytest.mark.parametrize("latch", [True, False])
def test_h14_the_rhythm_of_a_thumb_is_no_fault(pen: BenchPen, latch: bool) -> None:
    """Stamping: in every second the needles start, and stop again."""
    pen.configure(plan_image([row()], latch=latch))
    pen.person.touch("cheek")
    pen.arm()
    for _ in range(12):
        pen.person.press()
        pen.pump(100 if latch else 600)
        pen.person.release()
        pen.pump(600 if latch else 400)
    status = pen.status()
    assert status.fault == 0
    assert pen.truth.strokes > 100


def test_h14_a_knock_on_the_button_is_no_press(pen: BenchPen) -> None:
    to_state(pen, codes.STATE_ARMED)
    for _ in range(20):
        pen.bench.faults.button_stuck = 1
        pen.pump(3)
        pen.bench.faults.button_stuck = None
        pen.pump(20)
    assert pen.status().state == codes.STATE_ARMED
    assert nothing_moved(pen)


def test_h14_an_arming_ends_after_30_s(pen: BenchPen) -> None:
    to_state(pen, codes.STATE_ARMED)
    pen.pump(29_800)
    assert pen.status().state == codes.STATE_ARMED
    pen.pump(400)
    status = pen.status()
    assert status.state == codes.STATE_CONFIGURED
    assert status.stop_reason == codes.STOP_ARM_EXPIRED
    pen.person.press()
    pen.pump(300)
    assert nothing_moved(pen)


@pytest.mark.parametrize("state", EVERY_STATE, ids=lambda state: codes.STATE_NAMES[state])
@pytest.mark.parametrize(
    "cause", [POWER_ON, WATCHDOG, REQUESTED], ids=["power", "watchdog", "host"]
)
def test_h14_h37_a_reset_in_any_state_starts_nothing(pen: BenchPen, state: int, cause: int) -> None:
    to_state(pen, state)
    pen.person.release()
    strokes = pen.truth.strokes
    pen.bench.restart(cause)
    assert pen_alone(pen, 1500) == 0
    pen.connect()
    status = pen.status()
    assert status.state not in (codes.STATE_ARMED, *MOVING)
    assert (status.fault == codes.FAULT_WATCHDOG) == (cause == WATCHDOG)
    pen.person.press()
    pen.pump(300)
    assert pen.truth.strokes - strokes <= 3


@pytest.mark.parametrize("cause", [POWER_ON, REQUESTED], ids=["power", "host"])
def test_h37_after_a_reset_the_needles_are_withdrawn(pen: BenchPen, cause: int) -> None:
    to_state(pen, codes.STATE_RUNNING)
    pen.bench.restart(cause)
    pen.bench.advance(1500)
    assert pen.truth.depth_um < 50


@pytest.mark.parametrize("what", ["watchdog", "thermistor", "battery"])
def test_h10_a_fault_at_power_up_does_not_leave_the_needles_out(pen: BenchPen, what: str) -> None:
    to_state(pen, codes.STATE_RUNNING)
    if what == "watchdog":
        pen.bench.restart(WATCHDOG)
    else:
        pen.bench.power_off()
        pen.bench.advance(300)
        setattr(
            pen.bench.faults, *(("ntc_open", True) if what == "thermistor" else ("battery_code", 0))
        )
        pen.bench.power_on()
    pen.bench.advance(1500)
    assert pen.truth.depth_um < 50


def test_h15_a_plan_over_a_noisy_cable_arrives_right_or_not_at_all(pen: BenchPen) -> None:
    pen.configure(plan_image([row("cheek", 500)]))
    image = plan_image([row("cheek", 1000), row("nose", 250, 8000)])
    pen.bench.host.to_pen.fault.corrupt_ppm = 3000
    arrived = 0
    for _ in range(10):
        try:
            pen.pen.push_plan(image)
        except PenError:
            continue
        arrived += 1
    pen.bench.host.to_pen.fault.clear()
    pen.connect()
    info = pen.pen.plan_info()
    assert info is not None
    assert (info.sha256 == image.sha256) == (arrived > 0)


@pytest.mark.parametrize("byte", [0, 8, 40, 45])
def test_h17_a_plan_that_is_not_the_one_announced_is_refused(pen: BenchPen, byte: int) -> None:
    pen.configure()
    good = plan_image([row("cheek", 1000)], session_id=90)
    changed = bytearray(good.data)
    changed[byte] ^= 1
    push = lambda: pen.pen.push_plan(PlanImage(bytes(changed), good.sha256))  # noqa: E731
    assert refused(push) == codes.RESULT_HASH_MISMATCH
    info = pen.pen.plan_info()
    assert info is not None
    assert info.sha256 != good.sha256


@pytest.mark.parametrize(
    "changes", [{"area_mm2": 20}, {"area_mm2": 65_000}, {"rate_chz": 100}, {"depth_um": 1}]
)
def test_h18_a_slip_of_the_unit_is_out_of_range(pen: BenchPen, changes: dict[str, int]) -> None:
    image = plan_image([row("cheek", **changes)])
    assert refused(lambda: pen.pen.push_plan(image)) in (
        codes.RESULT_OUT_OF_RANGE,
        codes.RESULT_RATE_OUT_OF_RANGE,
    )
