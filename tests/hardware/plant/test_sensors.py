"""Codes of the four analogue inputs, decoded by the board's formulas."""

from itertools import pairwise
from random import Random
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.board import rev_a as board
from hardware.plant.parameters import SenseParameters, replace
from hardware.plant.sensors import Senses, ntc_celsius, ntc_code, ntc_ohm


def make(seed: int = 1, **changes: float) -> Senses:
    return Senses(replace(SenseParameters(), **changes), Random(seed))


def hall_um(code: int) -> int:
    return (code - board.HALL_ZERO_CODE) * board.HALL_UM_Q16 >> 16


@pytest.mark.parametrize("seed", range(8))
def test_hall_is_monotone_and_within_fifteen_micrometres(seed: int) -> None:
    senses = make(seed, hall_nonlinearity_um=15.0)
    codes = [senses.hall_code(um) for um in range(-150, 2651)]
    assert all(after > before for before, after in pairwise(codes))
    for um, code in zip(range(-150, 2651), codes, strict=True):
        assert abs(hall_um(round(code)) - um) <= 15 + 2  # two roundings of 0.73 um


def test_hall_noise_is_four_micrometres() -> None:
    senses = make()
    exact = senses.hall_code(1000.0)
    read = []
    for _ in range(4000):
        senses.sample(0.0, exact, 3.7)
        read.append(senses.hall)
    assert stdev(read) * 3000 / 4096 == pytest.approx(4.0, rel=0.1)
    assert mean(read) == pytest.approx(exact, abs=0.5)


@given(st.floats(-2.9, 2.9))
def test_current_is_a_magnitude_in_steps_of_0_73_ma(amperes: float) -> None:
    senses = make(current_noise_ma=0.0)
    senses.sample(amperes, 0.0, 3.7)
    assert senses.current * 3000 >> 12 == pytest.approx(abs(amperes) * 1000, abs=1.5)


@given(st.floats(2.5, 4.3))
def test_battery_code(volts: float) -> None:
    senses = make(battery_noise_codes=0.0)
    senses.sample(0.0, 0.0, volts)
    assert senses.battery * 6600 >> 12 == pytest.approx(volts * 1000, abs=3)


@given(st.floats(-9.0, 89.0))
def test_ntc_code_by_the_boards_table(celsius: float) -> None:
    senses = make(ntc_noise_codes=0.0)
    senses.set_temperature(celsius)
    senses.sample(0.0, 0.0, 3.7)
    codes = board.NTC_CODES
    index = max(i for i in range(len(codes) - 1) if codes[i] >= senses.ntc)
    share = (codes[index] - senses.ntc) / (codes[index] - codes[index + 1])
    cdeg = board.NTC_FIRST_CDEG + (index + share) * board.NTC_STEP_CDEG
    # The table's lines 0.09 C, half a code 0.04 C at 90 C.
    assert cdeg / 100 == pytest.approx(celsius, abs=0.15)


def test_ntc_equation_both_ways() -> None:
    assert ntc_ohm(25.0) == pytest.approx(10_000)
    assert ntc_code(ntc_ohm(25.0)) == pytest.approx(2048)
    for celsius in (-20.0, 0.0, 41.0, 43.0, 100.0):
        assert ntc_celsius(ntc_ohm(celsius)) == pytest.approx(celsius)


@given(st.floats(-50.0, 50.0), st.floats(-9000.0, 9000.0), st.floats(0.0, 20.0))
def test_codes_never_leave_twelve_bits(amperes: float, um: float, volts: float) -> None:
    senses = make()
    senses.sample(amperes, senses.hall_code(um), volts)
    for code in (senses.current, senses.hall, senses.ntc, senses.battery):
        assert 0 <= code <= 4095


def test_drift_moves_the_hall_alone() -> None:
    senses = make()
    before = senses.hall_code(1000.0)
    senses.hall_drift_um = 300.0
    assert (senses.hall_code(1000.0) - before) * 3000 / 4096 == pytest.approx(300.0)
