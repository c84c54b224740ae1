"""The fuel gauge: right at rest, carried by counting under load, never flattered by sag."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import words
from firmware.drivers import fuel_gauge
from firmware.readings import Readings

# Open-circuit voltage at 0, 10 .. 100 %, restated.
OCV_MV = (3000, 3500, 3600, 3660, 3710, 3770, 3840, 3920, 4000, 4090, 4200)
LOGIC_DROP_MV = 7  # 45 mA through 0.15 ohm


class FuelGauge(Readings):
    """The gauge's kernels and words by name."""

    percent = Readings.battery_percent
    load_ma = words.named(words.GAUGE_LOAD_MA)

    def add(self, duty: int, motor_ma: int) -> None:
        self.duty = duty
        self.current_ma = motor_ma
        fuel_gauge.add(self.words)

    def settle(self, supply_mv: int, charging: int) -> None:
        self.supply_mv = supply_mv
        self.vbus = charging
        if self.words[words.GAUGE_SAMPLES] >= fuel_gauge.FIRST:
            fuel_gauge.close(self.words)
        if self.words[words.GAUGE_WINDOW]:
            fuel_gauge.look_up(self.words)
            fuel_gauge.settle(self.words)


def charge_at(open_mv: int) -> int:
    gauge = FuelGauge()
    gauge.words[words.GAUGE_OPEN_MV] = open_mv
    fuel_gauge.look_up(gauge.words)
    return gauge.words[words.GAUGE_BY_VOLTAGE_UAH]


def rest(gauge: FuelGauge, supply_mv: int, milliseconds: int) -> None:
    run(gauge, 0, 0, supply_mv, milliseconds)


def run(gauge: FuelGauge, duty: int, motor_ma: int, supply_mv: int, milliseconds: int) -> None:
    for _ in range(milliseconds // 8):
        gauge.add(duty, motor_ma)
        gauge.add(duty, motor_ma)
        gauge.settle(supply_mv, 0)


@pytest.mark.parametrize(("percent", "ocv_mv"), list(zip(range(0, 101, 10), OCV_MV, strict=True)))
def test_the_first_look_is_the_table(percent: int, ocv_mv: int) -> None:
    gauge = FuelGauge()
    rest(gauge, ocv_mv - LOGIC_DROP_MV, 40)
    assert abs(gauge.percent - percent) <= 1


def test_a_converter_that_has_not_spoken_yet_is_not_an_empty_battery() -> None:
    gauge = FuelGauge()
    rest(gauge, 2, 200)
    assert gauge.percent == 50
    rest(gauge, 3920, 40)
    assert abs(gauge.percent - 70) <= 2


@given(st.integers(0, 5000))
def test_charge_is_monotonic_and_bounded(open_mv: int) -> None:
    assert 0 <= charge_at(open_mv) <= charge_at(open_mv + 1) <= 800_000


def test_load_is_counted_with_the_converters_loss() -> None:
    gauge = FuelGauge()
    run(gauge, 3000, 400, 3700, 640)
    # 60 % of 6 V at 0.4 A = 1.44 W; / 0.9 / 3.7 V = 432 mA, and 45 mA of logic.
    assert abs(gauge.load_ma - 477) <= 5


def test_backward_duty_loads_the_battery_as_well() -> None:
    gauge = FuelGauge()
    run(gauge, -3000, 400, 3700, 640)
    assert abs(gauge.load_ma - 477) <= 5


def test_sag_under_load_is_not_taken_for_an_empty_battery() -> None:
    gauge = FuelGauge()
    rest(gauge, 3770 - LOGIC_DROP_MV, 5000)
    before = gauge.percent
    run(gauge, 3000, 400, 3770 - 72, 10_000)  # 477 mA through 0.15 ohm are 72 mV
    assert abs(gauge.percent - before) <= 1


def test_an_hour_of_load_uses_what_it_draws() -> None:
    gauge = FuelGauge()
    rest(gauge, 4200, 100)
    # A voltage that stays high (a wrong resistance) must not hide the charge that is drawn.
    run(gauge, 3000, 400, 4200, 3600 * 1000)
    # 1.44 W / 0.9 / 4.2 V + 45 mA = 426 mA: after an hour 374 of 800 mAh are left.
    assert abs(gauge.percent - 47) <= 2


def test_a_falling_voltage_counts_even_under_load() -> None:
    gauge = FuelGauge()
    rest(gauge, 3900, 1000)
    run(gauge, 3000, 400, 3420, 20_000)  # a weak cell
    assert gauge.percent < 12


@given(
    st.lists(
        st.tuples(
            st.integers(-5000, 5000), st.integers(0, 3600), st.integers(0, 6600), st.booleans()
        ),
        min_size=1,
        max_size=40,
    )
)
def test_percent_stays_a_percentage(ticks: list[tuple[int, int, int, bool]]) -> None:
    gauge = FuelGauge()
    for duty, motor_ma, supply_mv, charging in ticks:
        for _ in range(16):
            gauge.add(duty, motor_ma)
        gauge.settle(supply_mv, int(charging))
        assert 0 <= gauge.percent <= 100
