"""Fast cut-offs: just inside a limit nothing ever happens, just beyond it trips to the tick.

Limits and times are restated here by hand; nothing is taken from `limits.py`.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import words as place
from firmware.safety import requests
from protocol import codes
from tests.firmware.safety.rig import Rig

LONG = 2000  # ticks in which a limit that is only touched must not trip

# What is forced while running at 1.00 mm, 100 Hz, 500 mA: field, last good, first bad, ticks, fault
RUNNING = [
    ("depth_um", 1120, 1121, 3, codes.FAULT_DEPTH_ERROR),
    ("depth_um", 880, 879, 3, codes.FAULT_DEPTH_ERROR),
    ("rate_chz", 11000, 11001, 20, codes.FAULT_OVERSPEED),
    ("rate_chz", 8000, 7999, 300, codes.FAULT_RATE_LOW),
    ("current_ma", 500, 501, 100, codes.FAULT_OVERCURRENT),
    ("current_ma", 500, 1501, 3, codes.FAULT_CURRENT_PEAK),
    ("current_code", 8, 7, 96, codes.FAULT_CURRENT_SENSOR),
    ("tick_us", 4000, 4001, 1, codes.FAULT_TICK_LATE),
]


@pytest.mark.parametrize(("field", "good", "bad", "ticks", "fault"), RUNNING)
def test_running_holds_at_the_limit_and_trips_beyond_it(
    field: str, good: int, bad: int, ticks: int, fault: int
) -> None:
    rig = Rig().running()
    rig.force[field] = good
    if field == "rate_chz":
        rig.motion.back_emf_chz = good
    rig.step(LONG)
    assert rig.state == codes.STATE_RUNNING
    rig.force[field] = bad
    assert rig.ticks_to_fault(LONG) == ticks
    assert rig.fault == fault
    assert rig.state == codes.STATE_PARKING


# Over-current counts back (below); a late tick needs no time.
RESTARTED = [row for row in RUNNING if row[0] not in ("current_ma", "tick_us")]


@pytest.mark.parametrize(("field", "good", "bad", "ticks", "fault"), RESTARTED)
def test_one_good_tick_before_the_time_is_full_starts_it_afresh(
    field: str, good: int, bad: int, ticks: int, fault: int
) -> None:
    rig = Rig().running()
    assert fault
    for _ in range(4):
        rig.force[field] = bad
        rig.step(ticks - 1)
        rig.force[field] = good
        rig.step()
    assert rig.fault == 0


def test_absolute_overspeed_is_faster_than_the_relative_one() -> None:
    rig = Rig().running()
    rig.treatment.rate_chz = 15000
    rig.force["rate_chz"] = 16001
    assert rig.ticks_to_fault(100) == 3
    assert rig.fault == codes.FAULT_OVERSPEED


def test_absolute_overspeed_holds_at_160_hz_at_the_fastest_rate() -> None:
    rig = Rig()
    rig.treatment.rate_chz = 15000
    rig.running()
    rig.force["rate_chz"] = 16000
    rig.step(LONG)
    assert rig.fault == 0
    rig.force["rate_chz"] = 16001
    assert rig.ticks_to_fault(100) == 3


def test_the_relative_limit_is_that_of_the_granted_rate() -> None:
    rig = Rig()
    rig.treatment.rate_chz = 8000
    rig.running()
    rig.force["rate_chz"] = 8801
    assert rig.ticks_to_fault(100) == 20


def test_current_that_ripples_around_the_limit_counts_its_net_time() -> None:
    rig = Rig().running()
    for _ in range(98):  # two above, one below: one net per three ticks
        rig.force["current_ma"] = 501
        rig.step(2)
        rig.force["current_ma"] = 100
        rig.step()
    assert rig.fault == 0
    rig.force["current_ma"] = 501
    assert rig.ticks_to_fault(5) == 2
    assert rig.fault == codes.FAULT_OVERCURRENT


@pytest.mark.parametrize(("limit_ma", "pins"), [(400, 0), (500, 12), (650, 24), (800, 36)])
def test_the_current_limit_is_the_cartridges(limit_ma: int, pins: int) -> None:
    rig = Rig()
    rig.treatment.current_limit_ma = limit_ma
    rig.running()
    rig.force["current_ma"] = limit_ma
    rig.step(LONG)
    assert rig.fault == 0
    rig.force["current_ma"] = limit_ma + 1
    assert rig.ticks_to_fault(LONG) == 100


def test_the_start_may_draw_stall_current_for_25_ms_and_not_longer() -> None:
    rig = Rig().positioning()
    rig.step_until(codes.STATE_RUNNING, 20)
    rig.force["current_ma"] = 1600
    # The tick that entered RUNNING drove already; 25 driven ticks are blank, then 3 count.
    assert rig.ticks_to_fault(200) == 25 + 3
    assert rig.fault == codes.FAULT_CURRENT_PEAK


def test_a_railed_current_sensor_is_told_from_a_real_peak() -> None:
    rig = Rig().running()
    rig.force["current_ma"] = 2999
    rig.force["current_code"] = 4090
    assert rig.ticks_to_fault(10) == 3
    assert rig.fault == codes.FAULT_CURRENT_SENSOR


def test_a_current_that_passes_zero_in_each_stroke_is_no_dead_sensor() -> None:
    """At 125 Hz and 62.5 Hz the strokes are in step with the watches of 16 ms."""
    for period in (8, 16):
        rig = Rig().running()
        for tick in range(LONG):
            rig.force["current_code"] = 200 if tick % period == 0 else 0
            rig.step()
        assert rig.fault == 0


def test_stall_is_30_ms_without_a_pulse_once_the_motor_has_turned() -> None:
    rig = Rig().running()
    rig.motion.stalled = True
    rig.motion._quarter = 0
    # The last pulse is 0 to 2 ms old at 100 Hz when the motor stops.
    assert 28 <= rig.ticks_to_fault(200) <= 31
    assert rig.fault == codes.FAULT_STALL


def test_stall_at_the_start_waits_for_the_first_pulse() -> None:
    rig = Rig().positioning()
    rig.motion.stalled = True
    rig.force["rate_chz"] = 0
    rig.step_until(codes.STATE_RUNNING, 20)
    assert rig.ticks_to_fault(200) == 80
    assert rig.fault == codes.FAULT_STALL


def test_a_motor_that_is_not_driven_does_not_stall() -> None:
    rig = Rig().running()
    rig.motion.obeys = False
    rig.motion.driving = 0
    rig.motion.rate_set_chz = 0
    rig.force["pulse_age_ms"] = 500
    rig.step(200)
    assert rig.fault != codes.FAULT_STALL


@pytest.mark.parametrize("difference_chz", [2500, -2500])
def test_tachometer_and_back_emf_may_differ_by_25_hz_and_no_more(difference_chz: int) -> None:
    rig = Rig().running()
    rig.motion.obeys = False
    rig.motion.driving = 1
    rig.force["pulse_age_ms"] = 1
    rig.motion.back_emf_chz = 10000 - difference_chz
    rig.step(LONG)
    assert rig.fault == 0
    rig.motion.back_emf_chz -= 1 if difference_chz > 0 else -1
    assert rig.ticks_to_fault(LONG) == 200
    assert rig.fault == codes.FAULT_TACHOMETER


@pytest.mark.parametrize(("agreeing", "trips"), [(1, True), (2, True), (3, False), (9, False)])
def test_agreement_now_and_then_only_counts_back(agreeing: int, trips: bool) -> None:
    """Three ticks of disagreement, then some of agreement, for two seconds."""
    rig = Rig().running()
    for _ in range(2000 // (3 + agreeing)):
        rig.force["rate_chz"] = 9000
        rig.motion.back_emf_chz = 6000
        rig.motion.obeys = False
        rig.force["pulse_age_ms"] = 1
        rig.step(3)
        rig.force["rate_chz"] = rig.motion.back_emf_chz = 10000
        rig.step(agreeing)
    assert rig.pen.faults.snapshots[0].fault == (codes.FAULT_TACHOMETER if trips else 0)


@pytest.mark.parametrize(
    ("state", "moving"),
    [
        (codes.STATE_ARMED, False),
        (codes.STATE_POSITIONING, True),
        (codes.STATE_RUNNING, True),
        (codes.STATE_PARKING, True),
    ],
)
def test_a_cartridge_that_goes_trips_after_5_ms(state: int, moving: bool) -> None:
    rig = Rig().in_state(state)
    rig.force["seat"] = 0
    rig.step(4)
    assert rig.fault == 0
    rig.step()
    assert rig.fault == codes.FAULT_CARTRIDGE_LOST
    assert rig.pen.faults.drive_to_park == 0
    assert rig.state == (codes.STATE_PARKING if moving else codes.STATE_FAULT)
    rig.step()
    assert rig.readings.enable_level == 0


@given(gaps=st.lists(st.integers(min_value=1, max_value=4), max_size=40))
def test_a_contact_that_bounces_for_less_than_5_ms_is_not_lost(gaps: list[int]) -> None:
    rig = Rig().running()
    for gap in gaps:
        rig.force["seat"] = 0
        rig.step(gap)
        rig.force["seat"] = 1
        rig.step()
    assert rig.fault == 0
    assert rig.state == codes.STATE_RUNNING


def test_positioning_never_passes_the_granted_depth() -> None:
    rig = Rig().positioning()
    rig.motion.obeys = False
    rig.force["depth_um"] = 1120
    rig.step(100)
    assert rig.fault == 0
    rig.force["depth_um"] = 1151
    assert rig.ticks_to_fault(10) == 3
    assert rig.fault == codes.FAULT_DEPTH_ERROR


@pytest.mark.parametrize(
    "state", [codes.STATE_IDLE, codes.STATE_CARTRIDGE_OK, codes.STATE_CONFIGURED, codes.STATE_ARMED]
)
def test_at_rest_three_pulses_in_a_quarter_second_are_motion_nobody_commanded(state: int) -> None:
    rig = Rig().in_state(state)
    while rig.readings.t_ms & 0xFF:
        rig.step()
    for _ in range(2):
        rig.force["pulse_delta"] = 1
        rig.step()
        rig.force["pulse_delta"] = 0
        rig.step(20)
    assert rig.fault == 0
    rig.force["pulse_delta"] = 1
    rig.step()
    assert rig.fault == codes.FAULT_MOTION_UNCOMMANDED
    assert rig.state == codes.STATE_FAULT


@pytest.mark.parametrize(("turning_ms", "fault"), [(300, 0), (320, codes.FAULT_MOTION_UNCOMMANDED)])
def test_after_a_reset_at_speed_the_needles_may_run_out(turning_ms: int, fault: int) -> None:
    rig = Rig()
    rig.force.update(pulse_delta=1, current_ma=400)
    rig.step(turning_ms)
    rig.force.update(pulse_delta=0, current_ma=0)
    rig.step(100)
    assert rig.fault == fault


def test_a_pulse_now_and_then_is_a_knock() -> None:
    rig = Rig().configured()
    for _ in range(20):
        rig.force["pulse_delta"] = 1
        rig.step()
        rig.force["pulse_delta"] = 0
        rig.step(255)
    assert rig.fault == 0


def test_at_rest_current_above_150_ma_for_20_ms_is_motion_nobody_commanded() -> None:
    rig = Rig().configured()
    rig.force["current_ma"] = 150
    rig.step(LONG)
    assert rig.fault == 0
    rig.force["current_ma"] = 151
    assert rig.ticks_to_fault(100) == 20
    assert rig.fault == codes.FAULT_MOTION_UNCOMMANDED


def test_an_enable_line_that_stays_high_when_cut_trips_after_8_ms() -> None:
    rig = Rig().configured()
    rig.force["enable_level"] = 1
    assert rig.ticks_to_fault(100) == 8
    assert rig.fault == codes.FAULT_ENABLE


def test_an_enable_line_that_does_not_rise_trips_after_4_ms() -> None:
    rig = Rig().armed()
    rig.chain.stuck_low = True
    rig.press()
    rig.step_until(codes.STATE_POSITIONING, 10)
    rig.step(2)  # the motor is asked to turn, then the line
    assert rig.ticks_to_fault(100) == 4
    assert rig.fault == codes.FAULT_ENABLE


def test_a_tick_that_came_too_late_explains_a_low_line() -> None:
    rig = Rig().running()
    rig.force.update(tick_us=5001, enable_level=0)
    rig.step()
    assert rig.fault == codes.FAULT_TICK_LATE


def test_an_open_seat_contact_explains_a_low_line() -> None:
    rig = Rig().running()
    for _ in range(20):
        rig.force["seat"] = 0
        rig.step(4)
        rig.force["seat"] = 1
        rig.step(1)
    assert rig.fault == 0


@pytest.mark.parametrize("fault", [codes.FAULT_WITHDRAW, codes.FAULT_PARK, codes.FAULT_DEPTH_ERROR])
def test_what_motion_reports_is_a_fault_at_once(fault: int) -> None:
    rig = Rig().positioning()
    rig.motion.failed = fault
    rig.step()
    assert rig.fault == fault


@given(
    current_ma=st.integers(min_value=0, max_value=3300),
    rate_chz=st.integers(min_value=0, max_value=30000),
    depth_um=st.integers(min_value=-300, max_value=2900),
    back_emf_chz=st.integers(min_value=-30000, max_value=30000),
)
def test_whatever_is_measured_either_all_is_within_limits_or_the_pen_stops(
    current_ma: int, rate_chz: int, depth_um: int, back_emf_chz: int
) -> None:
    rig = Rig().running()
    rig.motion.obeys = False
    rig.motion.back_emf_chz = back_emf_chz
    rig.motion.driving = 1
    rig.force.update(current_ma=current_ma, rate_chz=rate_chz, depth_um=depth_um, pulse_age_ms=1)
    rig.step(400)
    within = (
        current_ma <= 500
        and 8000 <= rate_chz <= 11000
        and 880 <= depth_um <= 1120
        and abs(rate_chz - back_emf_chz) <= 2500
    )
    assert (rig.state == codes.STATE_RUNNING) == within


def test_a_stop_asked_in_the_tick_of_a_fault_does_not_hide_it() -> None:
    rig = Rig().running()
    rig.force["depth_um"] = 2000
    rig.step(2)
    requests.stop(rig.pen, codes.STOP_HOST)
    rig.step()
    assert rig.fault == codes.FAULT_DEPTH_ERROR
    assert rig.pen.stop_reason == codes.STOP_FAULT


@pytest.mark.parametrize(("rate_chz", "trips"), [(2500, False), (2501, True)])
def test_a_cam_that_is_being_parked_turns_slowly(rate_chz: int, trips: bool) -> None:
    rig = Rig().positioning()
    rig.motion.obeys = False
    rig.force.update(rate_chz=rate_chz, pulse_age_ms=1)
    ticks = rig.ticks_to_fault(400)
    assert (rig.fault == codes.FAULT_OVERSPEED and ticks == 20) if trips else rig.fault == 0


@pytest.mark.parametrize(("rate_chz", "fast_ms"), [(15_000, 6), (8600, 29), (4000, 45), (2600, 50)])
def test_a_run_that_is_not_braked_loses_its_power_after_five_strokes_at_most(
    rate_chz: int, fast_ms: int
) -> None:
    """165 Hz are allowed at first, 2.8 less with every millisecond down to 25; then 20 ms pass."""
    rig = Rig().parking()
    rig.motion.obeys = False
    rig.force.update(rate_chz=rate_chz, pulse_age_ms=1, home=0)
    elapsed_ms = rig.words[place.STATE_MS]
    assert rig.ticks_to_fault(400) == fast_ms + 20 - 1 - elapsed_ms
    assert rig.fault == codes.FAULT_OVERSPEED
    assert (fast_ms + 20) * rate_chz <= 5 * 100_000  # chz and ms
