"""H01-H06: needles too deep, too shallow, or in the wrong place, with the whole chain."""

from functools import partial

import pytest

from hardware.plant.parameters import Parameters, replace
from host_controller.refusals import PenRefused
from host_controller.transport.trace import Sink, TracedTransport, frame_words
from protocol import codes
from protocol.zones import ZONES, zone_id
from tests.hazards.bench import READY_STATES, nothing_moved, refused, to_state, watch
from tests.system.harness import BenchPen, plan_image, row

pytestmark = pytest.mark.system

# Restated by hand: zone, cap without a reason, deepest with one, um.
CAPS = {
    "forehead": (750, 1500),
    "glabella": (750, 1500),
    "temple": (750, 1000),
    "periorbital": (500, 750),
    "nose": (500, 750),
    "cheek": (1500, 2000),
    "malar": (1000, 1500),
    "perioral": (750, 1000),
    "chin": (1000, 1500),
    "neck": (1000, 1500),
    "decolletage": (750, 1000),
    "cheek-acne-scar": (1500, 2000),
    "body-scar": (1500, 2500),
    "striae": (1500, 2000),
    "scalp": (1000, 1500),
    "hand": (750, 1000),
}


def test_h01_too_deep_a_plan_is_refused_in_every_zone_and_nothing_changes(pen: BenchPen) -> None:
    pen.configure()
    before = pen.pen.plan_info()
    assert set(CAPS) == {name for _, name in ZONES}
    for zone, (cap_um, most_um) in CAPS.items():
        for depth_um, reason in (
            (cap_um + 10, 0),
            (most_um + 10, 1),
            (2510, 1),
            (25_000, 1),
            (0xFFFF, 1),
            (0, 0),
        ):
            image = plan_image([row(zone, depth_um, override_reason=reason)])
            assert refused(partial(pen.pen.push_plan, image)) != codes.RESULT_OK
    assert pen.pen.plan_info() == before
    assert nothing_moved(pen)


class Kept(Sink):
    """Keeps what passes, as the file of `--trace` does."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def show(self, direction: str, frame: bytes) -> None:
        self.lines.append(f"{direction} {frame_words(frame)}")


def test_h01_a_refusal_tells_its_figures_and_stands_in_the_trace_but_in_no_log_of_the_pen(
    pen: BenchPen,
) -> None:
    """The fault log is of faults: who asked is told, and keeps it where frames are traced."""
    pen.configure()
    pen.pump(3000)
    kept = Kept()
    pen.client.transport = TracedTransport(pen.client.transport, kept)
    writes = pen.plant.flash.operations
    for zone, (cap_um, most_um) in CAPS.items():
        for depth_um, reason, code, limit_um in (
            (cap_um + 10, 0, codes.RESULT_ABOVE_ZONE_CAP, cap_um),
            (most_um + 10, 1, codes.RESULT_ABOVE_OVERRIDE_MAX, most_um),
        ):
            image = plan_image([row(zone, depth_um, override_reason=reason)])
            with pytest.raises(PenRefused) as told:
                pen.pen.push_plan(image)
            refusal = told.value
            assert (refusal.code, refusal.context) == (code, zone_id(zone))
            assert (refusal.value, refusal.high) == (depth_um, limit_um)
            assert f"{depth_um / 1000:.2f} mm was asked" in str(refusal)
            assert refusal.next_step
    assert sum(" REFUSED" in line for line in kept.lines) >= 2 * len(CAPS)
    assert list(pen.pen.faults()) == []
    assert list(pen.pen.usage()) == []
    assert pen.plant.flash.operations == writes  # no request wears the memory
    assert pen.status().state == codes.STATE_CONFIGURED


def test_h01_the_deepest_that_is_allowed_is_the_deepest_that_happens(pen: BenchPen) -> None:
    pen.running(plan_image([row("body-scar", 2500, override_reason=1)]), "body-scar")
    pen.pump(500)
    assert pen.truth.tip_max_um < 2650
    assert pen.truth.strokes > 10


@pytest.mark.parametrize("way", [1, -1])
def test_h02_h03_a_depth_that_drifts_stops_before_a_fifth_of_a_millimetre(
    pen: BenchPen, way: int
) -> None:
    pen.running()
    for drift_um in range(0, 301, 2):
        pen.bench.faults.hall_drift_um = float(way * drift_um)
        pen.pump(2)
        if pen.status().state != codes.STATE_RUNNING:
            break
    assert drift_um < 200
    status = pen.status()
    assert status.fault == codes.FAULT_DEPTH_ERROR
    pen.wait_state(codes.STATE_FAULT, limit_ms=3000)
    pen.pump(100)
    logged = next(iter(pen.pen.faults()))
    assert logged.fault == codes.FAULT_DEPTH_ERROR
    assert abs(logged.depth_um - logged.depth_set_um) > 120


def test_h02_a_stage_that_slips_outwards_makes_at_most_one_more_stroke(pen: BenchPen) -> None:
    pen.running()
    pen.bench.faults.depth_slip_wells = 3  # 240 um
    after = watch(pen, 2500, (codes.STATE_FAULT,))
    assert after.end.fault == codes.FAULT_DEPTH_ERROR
    assert after.strokes <= 1
    assert after.undriven_ms <= 250  # braked at once, then driven only to park


def test_h02_two_wells_too_deep_are_seen_also_by_a_sensor_that_reads_low() -> None:
    """Two wells are 0.16 mm; the Hall sensor may say 0.01 mm and 1 % less than there is."""
    sense = replace(Parameters().sense, hall_gain=0.991, hall_offset_um=-10.0)
    with BenchPen(parameters=replace(Parameters(), sense=sense)) as pen:
        pen.running()
        pen.bench.faults.depth_slip_wells = 2
        after = watch(pen, 2500, (codes.STATE_FAULT,))
        assert after.end.fault == codes.FAULT_DEPTH_ERROR
        assert after.strokes <= 1


def test_h04_there_is_no_zone_at_the_eye_and_none_can_be_made(pen: BenchPen) -> None:
    assert not [name for _, name in ZONES if "eye" in name or "lid" in name]
    for zone in (0, 17, 100, 255):
        asked = row("periorbital", 250, 8000)
        asked.zone = zone
        image = plan_image([asked])
        assert refused(partial(pen.pen.push_plan, image)) == codes.RESULT_UNKNOWN_ZONE
    deep = plan_image([row("periorbital", 760, 8000, override_reason=1)])
    assert refused(lambda: pen.pen.push_plan(deep)) == codes.RESULT_ABOVE_OVERRIDE_MAX
    assert refused(lambda: pen.pen.limits(17)) == codes.RESULT_UNKNOWN_ZONE
    assert pen.pen.limits(zone_id("periorbital")).cap_um == 500


@pytest.mark.parametrize("state", READY_STATES, ids=lambda state: codes.STATE_NAMES[state])
def test_h05_a_new_depth_is_refused_while_armed_or_moving(pen: BenchPen, state: int) -> None:
    to_state(pen, state)
    other = plan_image([row("cheek", 1400)], session_id=78)
    result = refused(lambda: pen.pen.push_plan(other))
    if state == codes.STATE_CONFIGURED:
        assert result == codes.RESULT_OK
        assert refused(pen.pen.arm) != codes.RESULT_OK  # the zone must be chosen again
        return
    assert result == codes.RESULT_WRONG_STATE
    assert watch(pen, 300).deepest_um < 1150


def test_h05_a_changed_depth_needs_arming_again(pen: BenchPen) -> None:
    to_state(pen, codes.STATE_RUNNING)
    pen.pen.stop()
    pen.pen.wait_parked()
    pen.pen.push_plan(plan_image([row("cheek", 1200)]))
    pen.pen.select_zone(zone_id("cheek"))
    strokes = pen.truth.strokes
    pen.person.press()
    pen.pump(500)
    assert pen.truth.strokes == strokes


def test_h06_another_zone_stops_the_needles_and_needs_arming_again(pen: BenchPen) -> None:
    image = plan_image([row("cheek"), row("forehead", 500, 8000)])
    pen.running(image)
    pen.person.release()
    assert refused(lambda: pen.pen.select_zone(zone_id("forehead"))) == codes.RESULT_WRONG_STATE
    after = watch(pen, 1000, (codes.STATE_CONFIGURED,))
    assert after.end.state == codes.STATE_CONFIGURED
    assert after.end.stop_reason == codes.STOP_PLAN_CHANGED
    assert after.inside_ms <= 250
    pen.pen.select_zone(zone_id("forehead"))
    strokes = pen.truth.strokes
    pen.person.press()
    pen.pump(300)
    assert pen.truth.strokes == strokes


def test_h06_a_zone_that_is_never_changed_ends_by_its_time(pen: BenchPen) -> None:
    pen.running(plan_image([row("cheek", time_limit_s=2)]))
    after = watch(pen, 3000, (codes.STATE_CONFIGURED,))
    assert after.end.stop_reason == codes.STOP_ZONE_TIME
    assert refused(pen.pen.arm) == codes.RESULT_DOSE_REACHED
