"""H33-H35, H39: heat, battery, sensors that lie, and a stop path that is broken."""

import pytest

from firmware import words as place
from protocol import codes
from tests.hazards.bench import nothing_moved, refused, to_state, watch
from tests.system.harness import BenchPen, plan_image, row

pytestmark = pytest.mark.system

FAULT = (codes.STATE_FAULT,)


def ntc_code(celsius: int) -> int:
    """ADC code of the thermistor at 40..45 degrees: between 1505 at 40 and 1348 at 45."""
    return 1505 - (celsius - 40) * 157 // 5


def test_h33_the_housing_is_warned_of_at_41_and_stopped_at_43_degrees(pen: BenchPen) -> None:
    pen.running()
    pen.bench.faults.ntc_code = ntc_code(40)
    pen.pump(1500)
    assert not pen.status().has(codes.COND_TEMPERATURE_WARN)
    pen.bench.faults.ntc_code = ntc_code(42)
    pen.pump(1500)
    status = pen.status()
    assert status.has(codes.COND_TEMPERATURE_WARN)
    assert status.state == codes.STATE_RUNNING
    pen.bench.faults.ntc_code = ntc_code(44)
    after = watch(pen, 2500, FAULT)
    assert after.end.fault == codes.FAULT_TEMPERATURE
    assert after.end.needles_in
    assert refused(lambda: pen.pen.acknowledge(codes.FAULT_TEMPERATURE)) == (
        codes.RESULT_CAUSE_PRESENT
    )


# What is broken while needles run, and how.
LIES = [
    ("hall_code", 0),
    ("hall_code", 4095),
    ("hall_drift_um", 300.0),
    ("current_code", 0),
    ("current_code", 4095),
    ("ntc_open", True),
    ("ntc_shorted", True),
    ("battery_code", 0),
    ("battery_code", 4095),
    ("tach_lost", True),
    ("tach_stuck", True),
    ("tach_noise_hz", 300.0),
    ("tach_noise_hz", 3000.0),
    ("boost_dead", True),
    ("bridge_open", True),
    ("watchdog_dead", True),
    ("enable_sense_stuck", 0),
    ("stall_stuck", 1),
]


@pytest.mark.parametrize(("part", "value"), LIES)
def test_h35_a_sensor_that_lies_while_needles_run_stops_them(
    pen: BenchPen, part: str, value: float
) -> None:
    pen.running()
    setattr(pen.bench.faults, part, value)
    after = watch(pen, 3500, FAULT)
    assert after.end.state == codes.STATE_FAULT
    assert after.strokes <= 45
    assert after.deepest_um < 1150
    assert pen.truth.depth_um < 50 or pen.truth.tip_um <= 0
    assert after.undriven_ms <= 500


def test_h35_a_converter_that_froze_is_found_in_a_fifth_of_a_second(pen: BenchPen) -> None:
    pen.running()
    pen.bench.faults.adc_frozen = True
    after = watch(pen, 3500, FAULT)
    assert after.end.state == codes.STATE_FAULT
    assert after.undriven_ms <= 200


@pytest.mark.parametrize("held_ms", [4, 5, 6, 8, 12, 40])
def test_h36_a_tick_that_stays_away_is_told_as_late_and_cleared_by_hand(
    pen: BenchPen, held_ms: int
) -> None:
    """After 5 ms the line falls by itself, as it shall: nothing of it is broken."""
    pen.running()
    pen.bench.hold_tick = True
    pen.bench.advance(held_ms)
    pen.bench.hold_tick = False
    after = watch(pen, 1500, FAULT)
    assert (after.end.state, after.end.fault) == (codes.STATE_FAULT, codes.FAULT_TICK_LATE)
    assert pen.truth.depth_um < 50
    pen.person.release()
    pen.pen.acknowledge(codes.FAULT_TICK_LATE)
    pen.wait_state(codes.STATE_CONFIGURED)


@pytest.mark.parametrize("frozen_ms", [0, 10, 25])
def test_h35_a_converter_that_froze_is_found_at_the_next_stop_at_the_latest(
    pen: BenchPen, frozen_ms: int
) -> None:
    """Needles that run betray it after 32 ms; a stop before that, by a stage that stays deep."""
    pen.running()
    pen.bench.faults.adc_frozen = True
    pen.bench.advance(frozen_ms)
    status = pen.status()
    assert (status.state, status.fault) == (codes.STATE_RUNNING, 0)
    pen.pen.stop()
    after = watch(pen, 3500, FAULT)
    assert (after.end.state, after.end.fault) == (codes.STATE_FAULT, codes.FAULT_WITHDRAW)
    assert not after.end.needles_in  # it cannot know that they are
    assert after.undriven_ms <= 25
    assert pen.truth.depth_um < 50


@pytest.mark.parametrize(
    ("part", "value"), [("hall_code", 1650), ("home_open", True), ("home_shorted", True)]
)
def test_h35_a_depth_sense_that_froze_is_found_at_the_next_stop(
    pen: BenchPen, part: str, value: float
) -> None:
    pen.running()
    setattr(pen.bench.faults, part, value)
    pen.pump(100)
    assert pen.truth.tip_max_um < 1150
    pen.pen.stop()
    after = watch(pen, 3500, FAULT)
    if part == "home_shorted":  # withdrawn all the same: the Hall sensor says so
        assert pen.truth.depth_um < 50
    else:
        frozen = codes.FAULT_DEPTH_SENSOR if part == "hall_code" else codes.FAULT_DEPTH_ERROR
        assert after.end.fault in (codes.FAULT_WITHDRAW, frozen)
        assert not after.end.needles_in


@pytest.mark.parametrize("part", ["home_shorted", "home_open", "hall_code"])
def test_h35_a_broken_depth_sense_is_found_by_homing(pen: BenchPen, part: str) -> None:
    setattr(pen.bench.faults, part, 1650 if part == "hall_code" else True)
    pen.bench.restart()
    pen.bench.advance(12_000)
    pen.connect()
    assert pen.status().fault in (codes.FAULT_HOMING, codes.FAULT_DEPTH_SENSOR)


@pytest.mark.parametrize("share", [0.2, 0.3, 0.5])
def test_h35_missing_pulses_never_let_the_rate_pass_its_hard_limit(
    pen: BenchPen, share: float
) -> None:
    """What pulses do not say, back-EMF bounds."""
    pen.running()
    pen.bench.faults.tach_drop_share = share
    pen.bench.observer.mark()
    pen.pump(3000)
    assert pen.bench.observer.zones["cheek"].rate_hz_max < 140


def test_h35_a_tachometer_that_loses_a_tenth_of_its_pulses_is_noticed(pen: BenchPen) -> None:
    pen.running()
    pen.bench.faults.tach_drop_share = 0.1
    after = watch(pen, 3000, FAULT)
    assert after.end.fault == codes.FAULT_TACHOMETER
    assert after.undriven_ms <= 500


def test_h35_an_index_mark_that_is_lost_stops_before_parking_needs_it(pen: BenchPen) -> None:
    pen.running()
    pen.bench.faults.index_stuck = 0
    after = watch(pen, 3000, FAULT)
    assert after.end.fault == codes.FAULT_TACHOMETER
    assert after.undriven_ms <= 120
    assert after.end.needles_in


@pytest.mark.parametrize("seed", range(4))
def test_h35_a_sound_pen_never_counts_a_wrong_turn(seed: int) -> None:
    with BenchPen(seed=seed) as pen:
        pen.running(
            plan_image([row("cheek-acne-scar", 1000, (5000, 8000, 12000, 15000)[seed])]),
            "cheek-acne-scar",
        )
        pen.pump(4000)
        words = pen.bench.twin.app.readings.words  # type: ignore[attr-defined]
        assert pen.status().state == codes.STATE_RUNNING
        assert words[place.TURNS_WRONG] == 0


def test_h35_a_tachometer_that_loses_half_its_pulses_is_noticed(pen: BenchPen) -> None:
    pen.running()
    pen.bench.faults.tach_drop_share = 0.5
    assert watch(pen, 3000, FAULT).end.state == codes.STATE_FAULT


def test_h34_a_battery_below_30_percent_is_not_armed(pen: BenchPen) -> None:
    pen.configure()
    pen.client.hold_lease()
    pen.bench.faults.battery_code = 3590 * 4096 // 6600
    pen.pump(30_000)
    assert refused(pen.pen.arm) == codes.RESULT_BATTERY_LOW
    assert nothing_moved(pen)


@pytest.mark.parametrize("voltage_mv", [2600, 3050, 3095])
def test_h34_a_battery_that_gives_out_stops_in_order(pen: BenchPen, voltage_mv: int) -> None:
    pen.running()
    pen.bench.faults.battery_code = voltage_mv * 4096 // 6600
    after = watch(pen, 3000, FAULT)
    assert after.end.fault == codes.FAULT_BATTERY_EMPTY
    assert after.end.needles_in


def test_h34_three_times_the_resistance_keeps_the_rate_or_stops(pen: BenchPen) -> None:
    pen.running(plan_image([row("cheek", 1500, 15000)]))
    pen.bench.faults.battery_resistance_factor = 3.0
    pen.pump(1000)
    if pen.status().state == codes.STATE_RUNNING:
        assert pen.truth.stroke_rate_hz > 142
    else:
        assert pen.status().fault


@pytest.mark.parametrize("part", ["countdown_stuck", "watchdog_stuck"])
def test_h39_a_stop_path_that_does_not_fall_is_found_at_power_up(pen: BenchPen, part: str) -> None:
    setattr(pen.bench.faults, part, True)
    pen.bench.restart()
    pen.bench.advance(3000)
    pen.connect()
    assert pen.status().fault in (codes.FAULT_ENABLE, codes.FAULT_SELF_TEST)
    assert nothing_moved(pen)


@pytest.mark.parametrize("part", ["countdown_stuck", "watchdog_stuck"])
def test_h39_and_again_with_every_cartridge_before_it_can_be_armed(
    pen: BenchPen, part: str
) -> None:
    pen.configure()
    pen.client.hold_lease()
    setattr(pen.bench.faults, part, True)
    pen.bench.faults.cartridge_out_ms = 50.0  # a new seating
    pen.pump(1500)
    assert refused(pen.pen.arm) != codes.RESULT_OK
    assert pen.status().fault == codes.FAULT_ENABLE
    assert refused(lambda: pen.pen.acknowledge(codes.FAULT_ENABLE)) == codes.RESULT_NOT_BY_HOST


def test_h39_a_line_that_reads_back_wrong_is_a_fault_at_rest(pen: BenchPen) -> None:
    to_state(pen, codes.STATE_ARMED)
    pen.bench.faults.enable_sense_stuck = 1
    after = watch(pen, 200, FAULT)
    assert after.end.fault == codes.FAULT_ENABLE
