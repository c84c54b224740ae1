"""What each start needs, the one after the operator's own stop included."""

import pytest

from firmware.safety import requests
from protocol import codes
from tests.firmware.safety.rig import Rig


def test_a_button_held_since_the_power_came_is_told_as_that_and_as_nothing_else() -> None:
    rig = Rig()
    rig.press()
    ticks = rig.ticks_to_fault(11_000)
    assert rig.fault == codes.FAULT_BUTTON_AT_START
    assert 10_000 <= ticks <= 10_100
    assert rig.state == codes.STATE_FAULT
    assert requests.acknowledge(rig.pen, rig.fault)[0] == codes.RESULT_CAUSE_PRESENT
    rig.release()
    rig.step(10)
    assert requests.acknowledge(rig.pen, rig.fault) == requests.OK
    rig.step(10)
    rig.pass_self_test()
    rig.step_until(codes.STATE_CONFIGURED, 300)


def test_the_time_to_boot_begins_when_the_button_is_let_go() -> None:
    rig = Rig()
    rig.press()
    rig.step(9_900)
    rig.release()
    assert rig.ticks_to_fault(11_000) in range(9_900, 10_006)  # no self-test was reported
    assert rig.fault == codes.FAULT_SELF_TEST
    rig = Rig()
    rig.press()
    rig.step(9_900)
    rig.release()
    rig.step(1000)
    rig.pass_self_test()
    rig.step_until(codes.STATE_IDLE, 10)


@pytest.mark.parametrize("state", [codes.STATE_CONFIGURED, codes.STATE_ARMED])
def test_a_battery_below_30_percent_starts_nothing(state: int) -> None:
    rig = Rig().in_state(state)
    rig.readings.battery_percent = 29
    rig.step(200)
    assert requests.arm(rig.pen, False)[0] == codes.RESULT_BATTERY_LOW
    rig.press()
    rig.step(200)
    assert rig.state == codes.STATE_CONFIGURED
    assert rig.pen.runs == 0


def test_a_run_goes_on_below_30_percent_but_its_stop_does_not_leave_the_pen_armed() -> None:
    rig = Rig().running()
    rig.readings.battery_percent = 29
    rig.step(500)
    assert rig.state == codes.STATE_RUNNING
    rig.press()
    rig.step(200)
    assert (rig.state, rig.fault) == (codes.STATE_CONFIGURED, 0)
    assert rig.pen.stop_reason == codes.STOP_BUTTON
    rig.readings.battery_percent = 30
    rig.step(500)
    assert rig.state == codes.STATE_CONFIGURED  # charge alone arms nothing


def test_a_tethered_plan_is_not_armed_by_the_button() -> None:
    rig = Rig().configured()
    rig.treatment.tethered = 1
    rig.pen.conditions.lease_ms = 0
    rig.step()
    assert requests.arm(rig.pen, True)[0] == codes.RESULT_LEASE_MISSING
    rig.step(2)
    assert rig.state == codes.STATE_CONFIGURED
    rig.treatment.tethered = 0
    assert requests.arm(rig.pen, True) == requests.OK
    rig.treatment.tethered = 1  # changed between the asking and the tick
    rig.step(2)
    assert rig.state == codes.STATE_CONFIGURED
