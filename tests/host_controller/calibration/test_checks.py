"""The judgement of a calibration: limits restated by hand, over every offset and slope."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_controller.calibration import depth_check, rate_check
from host_controller.calibration.depth_check import DepthPoint, judge
from host_controller.calibration.failures import CalibrationRefused
from host_controller.calibration.rate_check import RateResult


def points(
    *gauges_um: int, measured: tuple[int, ...] = (500, 1000, 1500)
) -> tuple[DepthPoint, ...]:
    return tuple(
        DepthPoint(nominal, nominal, seen, 8, 100, gauge)
        for nominal, seen, gauge in zip((500, 1000, 1500), measured, gauges_um, strict=True)
    )


@given(st.integers(-100, 100))
def test_a_constant_error_is_an_offset_and_nothing_is_left(off_um: int) -> None:
    result = judge(points(500 + off_um, 1000 + off_um, 1500 + off_um))
    assert result.stage.offset_um == off_um
    assert (result.stage.gain_ppt, result.stage.residual_um) == (1000, 0)
    assert result.accepted


@given(st.integers(900, 1100))
def test_a_scale_error_is_the_gain_and_is_refused_beyond_its_limit(gain_ppt: int) -> None:
    result = judge(points(*(depth * gain_ppt // 1000 for depth in (500, 1000, 1500))))
    assert abs(result.stage.gain_ppt - gain_ppt) <= 1
    assert result.stage.gain_good == (abs(result.stage.gain_ppt - 1000) <= 15)
    assert result.sensor.gain_good == (abs(result.sensor.gain_ppt - 1000) <= 40)


@pytest.mark.parametrize(("bend_um", "stage_good", "sensor_good"), [
    (0, True, True), (30, True, True), (33, False, True), (45, False, True), (48, False, False),
])  # fmt: skip
def test_a_bent_line_leaves_two_thirds_of_its_bend(
    bend_um: int, stage_good: bool, sensor_good: bool
) -> None:
    result = judge(points(500, 1000 + bend_um, 1500))
    assert result.stage.residual_um == bend_um * 2 // 3
    assert result.stage.residual_good == stage_good
    assert result.sensor.residual_good == sensor_good


def test_stage_and_sensor_are_judged_by_themselves() -> None:
    result = judge(points(520, 1020, 1520, measured=(560, 1060, 1560)))
    assert result.stage.offset_um == 20
    assert result.sensor.offset_um == -40


@given(st.integers(-400, 400))
def test_a_gauge_further_off_than_the_pen_would_run_is_a_slip(off_um: int) -> None:
    if abs(off_um) <= 150:
        depth_check.check_reading(1000, 1000 + off_um)
    else:
        with pytest.raises(CalibrationRefused) as refused:
            depth_check.check_reading(1000, 1000 + off_um)
        assert "0.15 mm is the most" in refused.value.sentence


def test_half_a_millimetre_read_as_five_is_refused() -> None:
    with pytest.raises(CalibrationRefused):
        depth_check.check_reading(502, 5000)


@given(st.integers(2500, 15_000), st.integers(-30, 30))
def test_a_rate_within_one_percent_is_right(rate_chz: int, off_ppt: int) -> None:
    reference_chz = round(rate_chz * 1000 / (1000 + off_ppt))
    result = RateResult(rate_chz, reference_chz, 100)
    assert result.accepted == (abs(result.error_ppt) <= 10)
    assert abs(result.error_ppt - off_ppt) <= 1


@pytest.mark.parametrize("reference_chz", [5000, 3333, 20_000, 600_000, 7900])
def test_half_the_rate_or_turns_a_minute_are_slips(reference_chz: int) -> None:
    with pytest.raises(CalibrationRefused):
        rate_check.check_reading(10_000, reference_chz)


def test_one_turn_is_one_stroke() -> None:
    assert rate_check.from_rpm(6000.0) == 10_000
