"""H26, H27 and what of H11 concerns the count: too long on one spot, too much in one zone."""

import pytest

from firmware import words as place
from firmware.safety import requests
from protocol import codes, messages
from protocol.zones import zone_id
from tests.hazards.bench import app_of, refused, to_state, watch
from tests.system.harness import BenchPen, plan_image, row

pytestmark = pytest.mark.system

CONFIGURED = (codes.STATE_CONFIGURED,)


def test_h26_a_pen_held_still_is_warned_after_5_s_and_stopped_after_10(pen: BenchPen) -> None:
    pen.running(plan_image([row("cheek", 1000, 8000)]))
    pen.person.release()
    pen.pump(4000)
    assert not pen.status().has(codes.COND_DWELL_WARN)
    pen.pump(2000)
    assert pen.status().has(codes.COND_DWELL_WARN)
    after = watch(pen, 6000, CONFIGURED)
    assert after.end.stop_reason == codes.STOP_DWELL


def test_h26_a_lift_ends_dwelling_but_never_the_dose(pen: BenchPen) -> None:
    pen.running(plan_image([row("cheek", 1000, 8000)]))
    pen.person.release()
    punctures = 0
    for _ in range(4):
        pen.person.touch("cheek")
        pen.pump(3500)
        pen.person.lift()
        pen.pump(700)
        status = pen.status()
        assert status.state == codes.STATE_RUNNING
        assert status.punctures > punctures
        punctures = status.punctures
    assert punctures >= 0.9 * pen.truth.punctures_by_zone["cheek"]


def test_h26_the_count_is_never_below_the_truth_where_contact_cannot_be_felt(
    pen: BenchPen,
) -> None:
    pen.running(plan_image([row("nose", 250, 8000)]), "nose")
    pen.pump(2000)
    pen.pen.stop()
    pen.pen.wait_parked()
    assert pen.status().punctures >= 0.95 * pen.truth.punctures_by_zone["nose"]


@pytest.mark.parametrize("rate_chz", [8000, 10_000, 15_000])
@pytest.mark.parametrize("held_ms", [20, 80, 250])
def test_h26_h27_short_presses_lose_no_stroke(pen: BenchPen, held_ms: int, rate_chz: int) -> None:
    """Stamping: every press ends with the strokes of braking and parking, and they all count."""
    pen.configure(plan_image([row("cheek", 1000, rate_chz)], latch=False))
    pen.person.touch("cheek")
    pen.arm()
    for _ in range(6):
        pen.start()
        pen.pump(held_ms)
        pen.person.release()
        pen.wait_state(codes.STATE_ARMED)
        pen.pump(300)  # six presses within 3.5 s would be no thumb's
    truth = pen.truth.punctures_by_zone["cheek"]
    assert truth > 0
    assert truth <= pen.status().punctures <= truth + 6 * 12
    pen.pen.stop()
    pen.wait_state(codes.STATE_CONFIGURED)
    pen.pump(300)
    assert next(pen.pen.usage()).punctures == pen.status().punctures


def test_h26_h27_the_strokes_of_a_run_that_a_fault_ended_count(pen: BenchPen) -> None:
    pen.running(plan_image([row("cheek", 1000, 10_000)]))
    requests.fault(app_of(pen).supervisor, codes.FAULT_OVERCURRENT)
    pen.wait_state(codes.STATE_FAULT)
    pen.pump(300)
    counted = pen.status().punctures
    assert counted >= pen.truth.punctures_by_zone["cheek"]
    assert next(pen.pen.usage()).punctures == counted


def test_h26_h27_a_run_ended_by_a_dead_current_sensor_is_kept_in_its_own_zone(
    pen: BenchPen,
) -> None:
    """No back-EMF says that the needles stand; the zone that is chosen next gets none of them."""
    pen.running(plan_image([row("cheek", 1000, 10_000), row("chin", 800, 8000)]))
    pen.pump(500)
    pen.bench.faults.current_code = 300
    pen.wait_state(codes.STATE_FAULT)
    counted = pen.status().punctures
    assert counted >= 0.97 * pen.truth.punctures_by_zone["cheek"] > 0
    pen.client.request(messages.SELECT_ZONE, zone_id("chin"))
    pen.pump(300)
    newest = next(pen.pen.usage())
    assert (newest.zone, newest.stop_reason) == (zone_id("cheek"), codes.STOP_FAULT)
    assert newest.punctures == counted
    assert pen.status().punctures == 0


def test_h27_a_zone_that_is_full_by_its_last_strokes_is_not_started_again(pen: BenchPen) -> None:
    pen.configure(plan_image([row("cheek", 1000, 10_000)], latch=False))
    pen.person.touch("cheek")
    pen.arm()
    pen.start()
    pen.pump(100)
    words = app_of(pen).supervisor.words
    words[place.DOSE_LIMIT] = pen.status().punctures + 12  # one stroke: it is made in braking
    pen.person.release()
    pen.wait_state(codes.STATE_CONFIGURED, codes.STATE_ARMED)
    assert pen.status().punctures >= words[place.DOSE_LIMIT]
    assert pen.status().state == codes.STATE_CONFIGURED
    pen.pump(300)
    assert refused(lambda: pen.client.request(messages.ARM)) == codes.RESULT_DOSE_REACHED


@pytest.mark.slow
def test_h26_running_in_the_air_ends_after_a_minute(pen: BenchPen) -> None:
    pen.configure(plan_image([row("cheek", 1000, 8000)]))
    pen.arm()
    pen.start()
    pen.person.release()
    after = watch(pen, 62_000, CONFIGURED)
    assert after.end.stop_reason == codes.STOP_IDLE


def test_h27_the_dose_of_a_zone_warns_stops_and_is_not_armed_again(pen: BenchPen) -> None:
    pen.running(plan_image([row("cheek", dose_limit_per_cm2=50)]))
    pen.person.release()
    warned = False
    for _ in range(60):
        pen.pump(50)
        status = pen.status()
        warned |= status.has(codes.COND_DOSE_WARN)
        if status.state == codes.STATE_CONFIGURED:
            break
    assert warned
    assert status.stop_reason == codes.STOP_DOSE
    assert refused(pen.pen.arm) == codes.RESULT_DOSE_REACHED
    area_cm2 = 40
    assert pen.truth.punctures_by_zone["cheek"] <= 52 * area_cm2


def test_h27_a_dose_is_not_forgotten_by_a_power_cycle_or_a_new_push(pen: BenchPen) -> None:
    image = plan_image([row("cheek", dose_limit_per_cm2=50)])
    pen.running(image)
    pen.person.release()
    watch(pen, 3000, CONFIGURED)
    pen.pump(200)
    pen.bench.power_cut(300)
    pen.connect()
    pen.configure(image)
    pen.client.hold_lease()
    pen.pump(300)
    assert refused(pen.pen.arm) == codes.RESULT_DOSE_REACHED


def test_h11_h27_a_run_that_a_power_cut_ended_is_counted(pen: BenchPen) -> None:
    to_state(pen, codes.STATE_RUNNING)
    pen.pump(2000)
    done = pen.truth.punctures
    pen.bench.power_off()
    pen.person.release()
    pen.bench.advance(300)
    pen.bench.power_on()
    pen.connect()
    entry = next(iter(pen.pen.usage()), None)
    assert entry is not None
    assert entry.punctures >= done > 1000


def test_h27_a_zone_ends_by_its_time(pen: BenchPen) -> None:
    pen.running(plan_image([row("cheek", time_limit_s=1)]))
    after = watch(pen, 2000, CONFIGURED)
    assert after.end.stop_reason == codes.STOP_ZONE_TIME
    assert after.end.zone_ms == pytest.approx(1000, abs=5)
