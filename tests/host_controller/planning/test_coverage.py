"""Punctures and time to expect, checked by hand and against what the pen counts."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_controller.planning import coverage

PINS = st.sampled_from([0, 12, 24, 36])
RATES_CHZ = st.integers(2500, 15000)
DOSES = st.integers(1, 5000)
AREAS_MM2 = st.integers(100, 60_000)


@pytest.mark.parametrize(
    ("pins", "rate_chz", "head_um", "glide_um_s", "per_cm2"),
    [
        # 12 * 100 strokes/s over 8 mm * 100 mm/s = 800 mm²/s: 1.5 per mm²
        (12, 10_000, 8000, 100_000, 150),
        (36, 11_000, 8000, 20_000, 2475),
        (24, 5000, 10_000, 40_000, 300),
        (0, 10_000, 8000, 100_000, 450),  # nano counts as 36
    ],
)
def test_punctures_of_a_pass(
    pins: int, rate_chz: int, head_um: int, glide_um_s: int, per_cm2: int
) -> None:
    assert coverage.per_pass_per_cm2(pins, rate_chz, head_um, glide_um_s) == per_cm2


def test_the_matching_speed_makes_the_dose() -> None:
    # 12 pins at 110 Hz are 1320 a second; 2 passes of 150/cm² over 0.8 cm: 1320/(150*0.8) = 11 cm/s
    assert coverage.matching_glide_um_s(12, 11_000, 8000, 300, 2) == 110_000
    found = coverage.coverage(12, 11_000, 2, 300, 4000, 0, 8000)
    assert (found.glide_um_s, found.per_pass_per_cm2, found.total_per_cm2) == (110_000, 150, 300)
    # 40 cm² * 300 = 12000 punctures at 1320 a second
    assert found.needles_s == 10


def test_a_given_speed_tells_what_it_would_make() -> None:
    found = coverage.coverage(12, 11_000, 2, 300, 4000, 55_000, 8000)
    assert (found.per_pass_per_cm2, found.total_per_cm2) == (300, 600)
    assert found.matching_glide_um_s == 110_000


@given(PINS, RATES_CHZ, DOSES, AREAS_MM2)
def test_time_is_enough_for_the_dose_and_not_a_second_more(
    pins: int, rate_chz: int, dose: int, area_mm2: int
) -> None:
    seconds = coverage.needles_s(pins, rate_chz, dose, area_mm2)
    per_s = Fraction((pins or 36) * rate_chz, 100)
    wanted = dose * area_mm2 // 100  # as the pen counts its limit
    assert per_s * seconds >= wanted > per_s * (seconds - 1)


@given(PINS, RATES_CHZ, DOSES, st.integers(1, 6))
def test_at_the_matching_speed_the_dose_is_reached(
    pins: int, rate_chz: int, dose: int, passes: int
) -> None:
    glide = coverage.matching_glide_um_s(pins, rate_chz, 8000, dose, passes)
    exact = Fraction((pins or 36) * rate_chz * 10**8 * passes, 100 * 8000 * glide)
    if glide > 5000:
        assert exact >= dose
    assert glide >= 5000


@given(st.integers(0, 100_000))
def test_a_time_limit_is_within_the_pens_own(expected_s: int) -> None:
    limit = coverage.time_limit_s(expected_s)
    assert 300 <= limit <= 1800
    assert limit >= min(expected_s, 1800)
