"""The supervisor as a whole: the ways a person takes, and every way it must not go."""

import pytest

from firmware.modes import (
    MODE_HOME,
    MODE_OFF,
    MODE_PARK,
    MODE_POSITION,
    MODE_RUN,
)
from firmware.safety import requests
from protocol import codes
from tests.firmware.safety.rig import Rig


@pytest.mark.parametrize(
    ("state", "mode", "driven"),
    [
        (codes.STATE_BOOT, MODE_HOME, 0),
        (codes.STATE_IDLE, MODE_OFF, 0),
        (codes.STATE_CARTRIDGE_OK, MODE_OFF, 0),
        (codes.STATE_CONFIGURED, MODE_OFF, 0),
        (codes.STATE_ARMED, MODE_OFF, 0),
        (codes.STATE_POSITIONING, MODE_POSITION, 1),
        (codes.STATE_RUNNING, MODE_RUN, 1),
        (codes.STATE_PARKING, MODE_PARK, 1),
        (codes.STATE_FAULT, MODE_HOME, 0),
    ],
)
def test_each_state_grants_its_mode_and_the_line_or_not(state: int, mode: int, driven: int) -> None:
    rig = Rig().in_state(state)
    assert rig.pen.mode == mode
    rig.step(3)  # mode, motor, line
    assert rig.readings.enable_level == driven
    exposed = state in (codes.STATE_POSITIONING, codes.STATE_RUNNING)
    assert (rig.pen.depth_um, rig.pen.rate_chz) == ((1000, 10000) if exposed else (0, 0))


def test_the_watchdog_is_kicked_once_per_tick_but_for_the_proof() -> None:
    rig = Rig().running()
    kicks = rig.chain.kicks
    rig.step(100)
    assert rig.chain.kicks == kicks + 100


def test_boot_homes_and_waits_for_the_self_test() -> None:
    rig = Rig()
    rig.step(1000)
    assert rig.state == codes.STATE_BOOT
    rig.pass_self_test()
    rig.step()
    assert rig.state == codes.STATE_IDLE


def test_a_fault_right_after_a_reset_does_not_leave_the_stage_out() -> None:
    rig = Rig()
    requests.fault(rig.pen, codes.FAULT_WATCHDOG)
    rig.step(2)
    assert rig.state == codes.STATE_FAULT
    assert not rig.motion.homed
    rig.step(10)
    assert rig.motion.homed
    assert (rig.state, rig.fault) == (codes.STATE_FAULT, codes.FAULT_WATCHDOG)
    assert rig.readings.enable_level == 0


def test_a_failed_self_test_never_leaves_boot_but_to_fault() -> None:
    rig = Rig()
    requests.report_self_test(rig.pen, False)
    assert rig.ticks_to_fault(10_100) == 10_000
    assert rig.fault == codes.FAULT_SELF_TEST
    assert rig.state == codes.STATE_FAULT


def test_a_stage_that_does_not_home_is_a_fault_after_10_s() -> None:
    rig = Rig()
    rig.motion.obeys = False
    rig.pass_self_test()
    assert rig.ticks_to_fault(10_100) == 10_000
    assert rig.fault == codes.FAULT_HOMING


def test_a_stage_that_reports_failing_to_home_is_a_fault_at_once() -> None:
    rig = Rig()
    rig.motion.obeys = False
    rig.motion.failed = codes.FAULT_HOMING
    rig.step(2)
    assert rig.state == codes.STATE_FAULT
    assert rig.fault == codes.FAULT_HOMING
    rig.motion.obeys = True
    refusal = requests.acknowledge(rig.pen, codes.FAULT_HOMING)
    assert refusal[0] == codes.RESULT_NOT_BY_HOST
    rig.step(1000)
    assert rig.state == codes.STATE_FAULT


def test_hold_runs_while_held_and_stops_when_released() -> None:
    rig = Rig()
    rig.treatment.latch = 0
    rig.armed()
    rig.press()
    rig.step_until(codes.STATE_RUNNING, 40)
    rig.step(500)
    assert rig.state == codes.STATE_RUNNING
    rig.release()
    rig.step(4)
    assert rig.state == codes.STATE_RUNNING
    rig.step()
    assert rig.state == codes.STATE_PARKING
    assert rig.pen.stop_reason == codes.STOP_BUTTON


def test_hold_released_while_positioning_parks_at_once() -> None:
    rig = Rig()
    rig.treatment.latch = 0
    rig.positioning()
    rig.release()
    rig.step(5)
    assert rig.state == codes.STATE_PARKING
    rig.step_until(codes.STATE_ARMED, 100)
    assert rig.pen.runs == 0


def test_latch_runs_on_when_released_and_stops_at_the_next_press() -> None:
    rig = Rig().running()
    rig.step(500)
    assert rig.state == codes.STATE_RUNNING
    rig.press()
    rig.step(4)
    assert rig.state == codes.STATE_RUNNING
    rig.step()
    assert rig.state == codes.STATE_PARKING


def test_after_the_buttons_stop_the_pen_is_armed_again_with_fresh_30_s() -> None:
    rig = Rig().running()
    rig.press()
    rig.step_until(codes.STATE_ARMED, 100)
    rig.step(9000)
    assert rig.state == codes.STATE_ARMED  # the same long press starts nothing
    rig.release()
    rig.step(20_990)
    assert rig.state == codes.STATE_ARMED
    rig.step(20)
    assert rig.state == codes.STATE_CONFIGURED
    assert rig.pen.stop_reason == codes.STOP_BUTTON  # of the run
    assert rig.pen.end_reason == codes.STOP_ARM_EXPIRED


def test_a_new_arming_without_a_run_has_its_own_reason() -> None:
    rig = Rig().running()
    requests.stop(rig.pen, codes.STOP_HOST)
    rig.step_until(codes.STATE_CONFIGURED, 100)
    rig.armed()
    rig.step(30_000)
    assert rig.pen.stop_reason == rig.pen.end_reason == codes.STOP_ARM_EXPIRED


@pytest.mark.parametrize(
    "reason", [codes.STOP_HOST, codes.STOP_PLAN_CHANGED, codes.STOP_ZONE_TIME, codes.STOP_DOSE]
)
def test_after_any_other_stop_arming_must_be_asked_again(reason: int) -> None:
    rig = Rig().running()
    requests.stop(rig.pen, reason)
    rig.step_until(codes.STATE_CONFIGURED, 100)
    rig.step(200)
    assert rig.state == codes.STATE_CONFIGURED
    assert rig.pen.stop_reason == reason


def test_a_host_stop_while_parking_after_the_button_cancels_the_re_arming() -> None:
    rig = Rig().running()
    rig.press()
    rig.step_until(codes.STATE_PARKING, 10)
    requests.stop(rig.pen, codes.STOP_HOST)
    rig.step_until(codes.STATE_CONFIGURED, 100)


def test_two_stops_in_two_ticks_do_not_outlast_themselves() -> None:
    rig = Rig().configured()
    for _ in range(2):
        requests.stop(rig.pen, codes.STOP_HOST)
        rig.step()
    rig.step()
    requests.arm(rig.pen, False)
    rig.step(2)
    assert rig.state == codes.STATE_ARMED


def test_arm_expires_after_30_s_to_the_tick() -> None:
    rig = Rig().armed()
    rig.step(29_999)
    assert rig.state == codes.STATE_ARMED
    rig.step()
    assert rig.state == codes.STATE_CONFIGURED
    assert rig.pen.stop_reason == codes.STOP_ARM_EXPIRED


def test_a_session_ends_after_30_minutes_of_needles() -> None:
    rig = Rig().running()
    rig.treatment.facts |= 1 << codes.COND_CONTACT
    requests.begin_session(rig.pen, 1_799_000)
    rig.step(998)
    assert rig.state == codes.STATE_RUNNING
    rig.step(3)  # counted every second tick
    assert rig.state == codes.STATE_PARKING
    assert rig.pen.stop_reason == codes.STOP_SESSION_TIME


def test_running_without_contact_ends_after_60_s() -> None:
    rig = Rig().running()
    rig.treatment.facts |= 1 << codes.COND_CONTACT
    rig.step(70_000)
    assert rig.state == codes.STATE_RUNNING
    rig.treatment.facts &= ~(1 << codes.COND_CONTACT)
    rig.step(59_997)
    assert rig.state == codes.STATE_RUNNING
    rig.step(5)  # counted every second tick
    assert rig.state == codes.STATE_PARKING
    assert rig.pen.stop_reason == codes.STOP_IDLE


@pytest.mark.parametrize("reason", [codes.STOP_DOSE, codes.STOP_DWELL, codes.STOP_ZONE_TIME])
def test_what_treatment_counts_stops_in_the_next_tick(reason: int) -> None:
    rig = Rig().running()
    rig.treatment.stop_reason = reason
    rig.step()
    assert rig.state == codes.STATE_PARKING
    assert rig.pen.stop_reason == reason


@pytest.mark.parametrize("state", [codes.STATE_ARMED, codes.STATE_POSITIONING, codes.STATE_RUNNING])
def test_a_silent_host_stops_a_tethered_pen_after_250_ms(state: int) -> None:
    rig = Rig().in_state(state)
    rig.treatment.tethered = 1
    rig.motion.obeys = state == codes.STATE_RUNNING  # stay in POSITIONING
    rig.pen.conditions.lease_ms = 0
    rig.step(249)
    assert rig.state == state
    rig.step()
    assert rig.state in (codes.STATE_PARKING, codes.STATE_CONFIGURED)
    assert rig.pen.stop_reason == codes.STOP_LEASE
    rig.motion.obeys = True
    rig.pen.conditions.lease_ms = 0  # the host is back: the pen stays stopped
    rig.step(100)
    assert rig.state == codes.STATE_CONFIGURED


def test_depth_and_rate_of_a_run_are_those_of_the_press() -> None:
    rig = Rig().running()
    rig.treatment.depth_um = 1500
    rig.treatment.rate_chz = 15000
    rig.treatment.latch = 0
    rig.step(200)
    assert (rig.pen.depth_um, rig.pen.rate_chz) == (1000, 10000)
    assert rig.state == codes.STATE_RUNNING


@pytest.mark.parametrize(
    ("field", "value"),
    [("depth_um", 1501), ("depth_um", 0), ("rate_chz", 15001), ("zone", 0), ("zone", 17)],
)
def test_a_grant_beyond_a_limit_is_refused_at_the_press_as_a_bug(field: str, value: int) -> None:
    rig = Rig().armed()
    setattr(rig.treatment, field, value)
    rig.press()
    rig.step(20)
    assert rig.state == codes.STATE_FAULT
    assert rig.fault == codes.FAULT_INTERNAL
    assert rig.readings.enable_level == 0
    assert rig.pen.depth_um == 0


def test_positioning_that_takes_too_long_is_a_fault() -> None:
    rig = Rig().armed()
    rig.motion.obeys = False
    rig.press()
    rig.step_until(codes.STATE_POSITIONING, 10)
    assert rig.ticks_to_fault(2000) == 1500
    assert rig.fault == codes.FAULT_PARK  # the cam's phase was never known
    rig.motion.obeys = True
    rig.step_until(codes.STATE_FAULT, 100)


def test_positioning_that_ends_nowhere_with_a_known_cam_is_a_depth_fault() -> None:
    rig = Rig().armed()
    rig.motion.obeys = False
    rig.motion.cam_known = 1
    rig.press()
    rig.step_until(codes.STATE_POSITIONING, 10)
    assert rig.ticks_to_fault(2000) == 1500
    assert rig.fault == codes.FAULT_DEPTH_ERROR


@pytest.mark.parametrize(
    ("home", "depth_um", "fault"), [(1, 0, codes.FAULT_PARK), (0, 800, codes.FAULT_WITHDRAW)]
)
def test_parking_that_does_not_end_is_a_fault_that_names_what_is_missing(
    home: int, depth_um: int, fault: int
) -> None:
    rig = Rig().parking()
    rig.motion.obeys = False
    rig.force.update(home=home, depth_um=depth_um, index_level=0, pulse_age_ms=100)
    rig.force.update(rate_chz=0, pulse_delta=0, current_ma=0)
    ticks = rig.ticks_to_fault(2000)
    assert 1495 <= ticks <= 1500
    assert rig.fault == fault
    rig.step(2)
    assert rig.state == codes.STATE_FAULT
    assert rig.readings.enable_level == 0
