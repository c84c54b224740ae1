"""From ADC codes to units: carriage and temperature; against the formulas, not the code."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.drivers import thermistor
from firmware.drivers.calibration import Calibration
from firmware.drivers.sensors import Sensors, sense
from firmware.hal.pin_calls import Exchange
from firmware.hal.pin_link import PinLinkBoard
from firmware.readings import Readings


class DepthSensor(Readings):
    """The kernel by name."""

    def __init__(self, calibration: Calibration) -> None:
        super().__init__()
        Sensors(PinLinkBoard(Exchange()), self, calibration)

    def from_code(self, code: int) -> int:
        self.hall_code = code
        sense(self.words)
        return self.depth_um


class Thermistor(Readings):
    """The kernel by name."""

    def from_code(self, code: int) -> int:
        self.ntc_code = code
        thermistor.measure(self.words)
        return self.temperature_cdeg


codes = st.integers(min_value=0, max_value=4095)


@given(codes)
def test_carriage_by_the_nominal_line(code: int) -> None:
    assert abs(DepthSensor(Calibration()).from_code(code) - (code - 273) * 3000 / 4096) <= 1


def test_the_table_takes_a_bent_line_away() -> None:
    def bend_um(position_um: float) -> float:
        return 15 * (1 - abs(position_um - 1280) / 1280)  # a roof over the travel

    calibration = Calibration()
    calibration.hall_table_um = tuple(-round(bend_um(256 * cell)) for cell in range(11))
    sensor = DepthSensor(calibration)
    for position_um in range(0, 2560, 37):
        code = round((position_um + bend_um(position_um)) * 4096 / 3000) + 273
        assert abs(sensor.from_code(code) - position_um) <= 3


@given(codes, st.integers(-40, 40), st.integers(-200, 200))
def test_beyond_the_table_its_ends_hold(code: int, end_um: int, offset_um: int) -> None:
    calibration = Calibration()
    calibration.hall_table_um = (end_um,) * 11
    calibration.hall_offset_um = offset_um
    plain = DepthSensor(Calibration()).from_code(code)
    assert DepthSensor(calibration).from_code(code) == plain + offset_um + end_um


def test_a_table_of_another_length_is_refused() -> None:
    calibration = Calibration()
    calibration.hall_table_um = (0, 0)
    with pytest.raises(ValueError, match="11 points"):
        DepthSensor(calibration)


def ntc_code(celsius: float) -> float:
    ohm = 10_000 * exp(3380 * (1 / (celsius + 273.15) - 1 / 298.15))
    return 4096 * ohm / (ohm + 10_000)


def ntc_celsius(code: float) -> float:
    ohm = 10_000 * code / (4096 - code)
    return 1 / (log(ohm / 10_000) / 3380 + 1 / 298.15) - 273.15


@pytest.mark.parametrize("celsius", [-5, 0, 20, 25, 36.6, 41, 43, 60, 85])
def test_temperature_by_the_beta_equation(celsius: float) -> None:
    thermistor = Thermistor()
    code = round(ntc_code(celsius))
    assert abs(thermistor.from_code(code) / 100 - ntc_celsius(code)) < 0.12


sound = st.integers(150, 4000)


@given(st.lists(codes, min_size=1, max_size=10), sound)
def test_temperature_settles_at_what_is_read_whatever_was_before(
    readings: list[int], code: int
) -> None:
    walked = Thermistor()
    for before in readings:
        assert -1000 <= walked.from_code(before) <= 9000
    # 0.97 per reading: of the whole range less than a code is left after 300.
    for _ in range(300):
        found = walked.from_code(code)
    assert found == Thermistor().from_code(code)


@given(sound, sound)
def test_temperature_is_a_mean_over_32_readings(before: int, after: int) -> None:
    thermistor = Thermistor()
    thermistor.from_code(before)
    mean = before * 32
    for _ in range(100):
        mean += after - mean // 32
        assert thermistor.from_code(after) == Thermistor().from_code(mean // 32)


@pytest.mark.parametrize("broken", [0, 149, 4001, 4095])
def test_a_reading_of_no_temperature_leaves_the_last_one(broken: int) -> None:
    thermistor = Thermistor()
    body = thermistor.from_code(1630)
    assert thermistor.from_code(broken) == body


@pytest.mark.parametrize("edge", [150, 4000])
def test_the_last_codes_of_a_temperature_count(edge: int) -> None:
    thermistor = Thermistor()
    body = thermistor.from_code(1630)
    assert thermistor.from_code(edge) != body


@given(st.integers(0, 4094))
def test_temperature_never_rises_with_the_code(code: int) -> None:
    assert Thermistor().from_code(code + 1) <= Thermistor().from_code(code)
