"""Figures of a zone: what counts, from when, and across the wrap of the pen's clock."""

from host_controller.planning.plan import PlanZone
from host_controller.replies import Reading, reading
from host_controller.treatment.zone_figures import SETTLE_MS, ZoneFigures, elapsed_ms
from protocol import codes, schema

ROW = PlanZone(5, 250, 8000, 2, 300, 300, 1200)
BLANK = reading(bytes(schema.TELEMETRY_LAYOUT.size))._replace(zone=5)
IN = 1 << codes.COND_NEEDLES_IN


def at(t_ms: int, state: int, **fields: int) -> Reading:
    return BLANK._replace(t_ms=t_ms % (1 << 30), state=state, **fields)


def running(t_ms: int, **fields: int) -> Reading:
    usual = {"depth_um": 250, "rate_chz": 8000, "rate_set_chz": 8000}
    return at(t_ms, codes.STATE_RUNNING, **{**usual, **fields})


def test_depth_counts_while_running_only() -> None:
    figures = ZoneFigures(ROW)
    figures.take(at(0, codes.STATE_POSITIONING, depth_um=100))
    figures.take(running(10, depth_um=261))
    figures.take(running(20, depth_um=232))
    figures.take(at(30, codes.STATE_PARKING, depth_um=40))
    assert figures.depth_error_max_um == 18


def test_rate_counts_once_it_has_settled() -> None:
    figures = ZoneFigures(ROW)
    figures.take(running(0, rate_set_chz=4000, rate_chz=1000))
    figures.take(running(100, rate_chz=5000))
    figures.take(running(100 + SETTLE_MS - 1, rate_chz=6000))
    assert figures.rate_error_max_pct == 0
    figures.take(running(100 + SETTLE_MS, rate_chz=8120))
    assert figures.rate_error_max_pct == 1.5


def test_a_new_run_has_to_settle_again() -> None:
    figures = ZoneFigures(ROW)
    figures.take(running(0))
    figures.take(running(400))
    figures.take(at(500, codes.STATE_PARKING))
    figures.take(running(900, rate_chz=100))
    assert figures.rate_error_max_pct == 0
    assert figures.runs == 2


def test_parking_is_timed_until_the_needles_are_sensed_inside() -> None:
    figures = ZoneFigures(ROW)
    figures.take(running((1 << 30) - 50))
    figures.take(at((1 << 30) - 20, codes.STATE_PARKING, stop_reason=codes.STOP_DOSE))
    figures.take(at(1 << 30, codes.STATE_PARKING, stop_reason=codes.STOP_DOSE))
    parked = at((1 << 30) + 70, codes.STATE_CONFIGURED, stop_reason=codes.STOP_DOSE)
    figures.take(parked._replace(conditions=IN))
    assert figures.parked_max_ms == 90
    assert figures.stops == ["dose reached"]
    assert figures.ended_by == codes.STOP_DOSE


def test_a_run_too_short_to_be_seen_running_still_ended_for_its_reason() -> None:
    figures = ZoneFigures(ROW)
    figures.take(at(0, codes.STATE_POSITIONING))
    figures.take(at(20, codes.STATE_CONFIGURED, stop_reason=codes.STOP_DOSE))
    assert figures.ended_by == codes.STOP_DOSE
    assert figures.runs == 0


def test_readings_of_another_zone_are_not_ours() -> None:
    figures = ZoneFigures(ROW)
    figures.take(running(0)._replace(zone=6, punctures=99))
    assert (figures.runs, figures.punctures) == (0, 0)


def test_time_is_right_across_the_wrap() -> None:
    assert elapsed_ms((1 << 30) - 5, 5) == 10


def test_the_figures_as_a_row_carry_set_and_measured() -> None:
    figures = ZoneFigures(ROW)
    figures.take(running(0, punctures=120, punctures_per_cm2=10, zone_ms=30, contact_ms=20))
    row = figures.as_dict()
    assert (row["zone"], row["depth_um_set"], row["rate_chz_set"]) == ("nose", 250, 8000)
    assert (row["punctures"], row["punctures_per_cm2"], row["contact_ms"]) == (120, 10, 20)
