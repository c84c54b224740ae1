"""What the main loop may ask, in which order it is refused, and that asking moves nothing."""

import pytest

from firmware.safety import requests
from protocol import codes
from tests.firmware.safety.rig import EVERYTHING, Rig

OK = requests.OK


def test_arming_is_granted_when_nothing_is_missing() -> None:
    rig = Rig().configured()
    assert requests.arm(rig.pen, False) == OK
    rig.step()
    assert rig.state == codes.STATE_ARMED
    assert rig.readings.enable_level == 0
    assert rig.pen.depth_um == 0


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (codes.FAULT_OUTPUT, codes.FAULT_STORAGE, codes.FAULT_OUTPUT),
        (codes.FAULT_STORAGE, codes.FAULT_OUTPUT, codes.FAULT_OUTPUT),
        (codes.FAULT_INTERNAL, codes.FAULT_OUTPUT, codes.FAULT_INTERNAL),  # as grave: the first
    ],
)
def test_of_two_faults_that_the_main_loop_sees_the_graver_is_told(
    first: int, second: int, told: int
) -> None:
    rig = Rig().configured()
    requests.fault(rig.pen, first)
    requests.fault(rig.pen, second)
    rig.step()
    assert rig.fault == told


@pytest.mark.parametrize(
    "state",
    [
        codes.STATE_CARTRIDGE_OK,
        codes.STATE_ARMED,
        codes.STATE_POSITIONING,
        codes.STATE_RUNNING,
        codes.STATE_PARKING,
    ],
)
def test_arming_is_asked_in_configured_only(state: int) -> None:
    rig = Rig().in_state(state)
    refusal = requests.arm(rig.pen, False)
    assert refusal == (codes.RESULT_WRONG_STATE, 0, state, 0, 0)


def test_an_arm_that_no_tick_has_seen_can_be_withdrawn() -> None:
    rig = Rig().configured()
    assert requests.arm(rig.pen, False) == OK
    requests.withdraw_arm(rig.pen)
    rig.step(2)
    assert rig.state == codes.STATE_CONFIGURED


def test_what_is_missing_is_named_in_the_order_of_putting_it_right() -> None:
    rig = Rig()
    rig.readings.seat = 0
    rig.readings.battery_percent = 20
    rig.treatment.facts = 0
    rig.treatment.tethered = 1
    rig.press()
    rig.step(10)
    pen = rig.pen
    assert requests.arm(pen, False) == (codes.RESULT_SELF_TEST_FAILED, 0, 0, 0, 0)
    rig.pass_self_test()
    rig.step(10)
    assert requests.arm(pen, False) == (codes.RESULT_NO_CARTRIDGE, 0, 0, 0, 0)
    rig.readings.seat = 1
    rig.step(210)
    assert requests.arm(pen, False) == (codes.RESULT_NO_PLAN, 0, 0, 0, 0)
    rig.treatment.facts = 1 << codes.COND_PLAN_READY
    rig.step()
    assert requests.arm(pen, False) == (codes.RESULT_WRONG_STATE, 0, codes.STATE_IDLE, 0, 0)
    rig.treatment.facts = EVERYTHING
    rig.step_until(codes.STATE_CONFIGURED)
    assert requests.arm(pen, False) == (codes.RESULT_SELF_TEST_FAILED, 0, 0, 0, 0)
    rig.step(70)
    assert requests.arm(pen, False) == (codes.RESULT_BATTERY_LOW, 0, 20, 30, 0)
    rig.readings.battery_percent = 30
    rig.step(200)
    assert requests.arm(pen, False) == (codes.RESULT_LEASE_MISSING, 0, 0, 0, 0)
    pen.conditions.lease_ms = 0
    rig.step()
    assert requests.arm(pen, False) == (codes.RESULT_BUTTON_HELD, 0, 0, 0, 0)
    rig.release()
    rig.step(10)
    assert requests.arm(pen, False) == OK


def test_a_latched_fault_is_named_first() -> None:
    rig = Rig().in_state(codes.STATE_FAULT)
    refusal = requests.arm(rig.pen, False)
    assert refusal == (codes.RESULT_FAULT_LATCHED, 0, codes.FAULT_STORAGE, 0, 0)


def test_needles_that_are_not_sensed_inside_refuse_arming() -> None:
    rig = Rig().configured()
    rig.force["home"] = 0
    rig.step()
    assert requests.arm(rig.pen, False)[0] == codes.RESULT_WRONG_STATE


def test_arming_by_the_held_button_is_granted_with_the_button_down() -> None:
    rig = Rig().configured()
    rig.press()
    rig.step(1000)
    assert requests.arm(rig.pen, True) == OK
    rig.step()
    assert rig.state == codes.STATE_ARMED
    rig.step(500)
    assert rig.state == codes.STATE_ARMED  # the press that armed does not start
    rig.release()
    rig.step(10)
    rig.press()
    rig.step_until(codes.STATE_POSITIONING, 10)


@pytest.mark.parametrize(
    ("session_ms", "refused"), [(1_799_999, False), (1_800_000, True), (1_860_000, True)]
)
def test_a_session_that_had_its_30_minutes_is_not_armed_again(
    session_ms: int, refused: bool
) -> None:
    rig = Rig().configured()
    requests.begin_session(rig.pen, session_ms)
    rig.step()
    expected = (codes.RESULT_SESSION_OVER, 0, session_ms // 60_000, 0, 30) if refused else OK
    assert requests.arm(rig.pen, False) == expected


def test_the_tick_looks_again_at_what_was_granted() -> None:
    rig = Rig().configured()
    assert requests.arm(rig.pen, False) == OK
    rig.treatment.facts &= ~(1 << codes.COND_CARTRIDGE_VALID)  # gone in between
    rig.step()
    assert rig.state == codes.STATE_IDLE
    rig.treatment.facts |= 1 << codes.COND_CARTRIDGE_VALID
    rig.step(10)
    assert rig.state == codes.STATE_CONFIGURED  # the old request does not come back


@pytest.mark.parametrize("state", range(9))
def test_stop_is_never_refused(state: int) -> None:
    rig = Rig().in_state(state)
    requests.stop(rig.pen, codes.STOP_HOST)
    rig.step(60)
    assert rig.state not in (
        codes.STATE_ARMED,
        codes.STATE_POSITIONING,
        codes.STATE_RUNNING,
        codes.STATE_PARKING,
    )
    if state in (codes.STATE_ARMED, codes.STATE_POSITIONING, codes.STATE_RUNNING):
        assert rig.pen.stop_reason == codes.STOP_HOST


def test_a_stop_asked_at_rest_does_not_wait_for_the_next_arming() -> None:
    rig = Rig().configured()
    requests.stop(rig.pen, codes.STOP_HOST)
    rig.step(2)
    requests.arm(rig.pen, False)
    rig.step()
    assert rig.state == codes.STATE_ARMED
    rig.step(100)
    assert rig.state == codes.STATE_ARMED


def test_a_stop_in_the_tick_of_the_arming_wins() -> None:
    rig = Rig().configured()
    requests.arm(rig.pen, False)
    requests.stop(rig.pen, codes.STOP_HOST)
    rig.step(10)
    assert rig.state == codes.STATE_CONFIGURED
