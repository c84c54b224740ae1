"""Faults: first cause, snapshot, way of parking, and who may acknowledge."""

import pytest

from firmware import words as place
from firmware.safety import faults, requests
from protocol import codes
from tests.firmware.safety.rig import Rig

ALL = [value for name, value in vars(codes).items() if name.startswith("FAULT_") and value]
BY_POWER = {
    codes.FAULT_MOTION_UNCOMMANDED,
    codes.FAULT_ENABLE,
    codes.FAULT_INTERNAL,
    codes.FAULT_HOMING,
    codes.FAULT_OUTPUT,
}
# The motor is sound and its permission is not in doubt, so it may creep to its index.
DRIVEN = {
    codes.FAULT_DEPTH_ERROR,
    codes.FAULT_DEPTH_SENSOR,
    codes.FAULT_HOMING,
    codes.FAULT_WITHDRAW,
    codes.FAULT_RATE_LOW,
    codes.FAULT_TEMPERATURE,
    codes.FAULT_WINDING,
    codes.FAULT_TEMPERATURE_SENSOR,
    codes.FAULT_BATTERY_EMPTY,
    codes.FAULT_BATTERY_SENSOR,
    codes.FAULT_STORAGE,
    codes.FAULT_BUTTON_STUCK,
    codes.FAULT_BUTTON_AT_START,
}


def test_every_fault_has_one_row() -> None:
    assert sorted(row[0] for row in faults.ROWS) == sorted(ALL)


@pytest.mark.parametrize("fault", ALL)
def test_rows_are_as_decided(fault: int) -> None:
    _, parking, who = faults.fault_row(fault)
    assert (parking == faults.PARK_DRIVEN) == (fault in DRIVEN)
    assert (who == faults.BY_POWER) == (fault in BY_POWER)


def test_an_unknown_fault_is_treated_as_the_worst() -> None:
    assert faults.fault_row(250) == (250, faults.PARK_WITHDRAWN, faults.BY_POWER)


@pytest.mark.parametrize("fault", ALL)
def test_while_running_every_fault_stops_parks_and_latches(fault: int) -> None:
    rig = Rig().running()
    requests.fault(rig.pen, fault)
    rig.step()
    assert rig.state == codes.STATE_PARKING
    assert rig.fault == fault
    assert rig.motion.driving == 0
    if fault not in DRIVEN:
        rig.step()
        assert rig.readings.enable_level == 0
    rig.step_until(codes.STATE_FAULT, 100)
    assert rig.pen.stop_reason == codes.STOP_FAULT
    rig.step(5000)
    assert rig.state == codes.STATE_FAULT
    assert rig.readings.enable_level == 0


@pytest.mark.parametrize("fault", ALL)
@pytest.mark.parametrize(
    "state",
    [
        codes.STATE_IDLE,
        codes.STATE_CARTRIDGE_OK,
        codes.STATE_CONFIGURED,
        codes.STATE_ARMED,
    ],
)
def test_at_rest_every_fault_latches_and_moves_nothing(state: int, fault: int) -> None:
    rig = Rig().in_state(state)
    requests.fault(rig.pen, fault)
    rig.step(2)
    assert rig.state == codes.STATE_FAULT
    assert rig.fault == fault
    assert rig.readings.enable_level == 0


@pytest.mark.parametrize("fault", sorted(set(ALL) - BY_POWER))
def test_the_host_acknowledges_once_the_cause_is_gone(fault: int) -> None:
    rig = Rig().configured()
    requests.fault(rig.pen, fault)
    rig.step(2)
    assert requests.acknowledge(rig.pen, fault) == requests.OK
    rig.step()
    assert rig.state == codes.STATE_BOOT
    assert rig.fault == 0
    assert rig.motion.clears == 1
    rig.step(10)
    assert rig.state == codes.STATE_BOOT  # until the self-test has passed again
    rig.pass_self_test()
    rig.step_until(codes.STATE_CONFIGURED, 10)


@pytest.mark.parametrize("fault", sorted(BY_POWER))
def test_some_faults_need_a_power_cycle(fault: int) -> None:
    rig = Rig().configured()
    requests.fault(rig.pen, fault)
    rig.step(2)
    refusal = requests.acknowledge(rig.pen, fault)
    assert refusal == (codes.RESULT_NOT_BY_HOST, 0, fault, 0, 0)
    rig.step(10)
    assert rig.state == codes.STATE_FAULT


def test_the_first_cause_stays_where_what_follows_is_no_graver() -> None:
    rig = Rig().running()
    requests.fault(rig.pen, codes.FAULT_TEMPERATURE)
    rig.step()
    requests.fault(rig.pen, codes.FAULT_DEPTH_ERROR)
    rig.step()
    assert rig.fault == codes.FAULT_TEMPERATURE
    assert rig.pen.faults.count == 1
    assert requests.acknowledge(rig.pen, codes.FAULT_DEPTH_ERROR) == (
        codes.RESULT_FAULT_LATCHED,
        0,
        codes.FAULT_TEMPERATURE,
        0,
        0,
    )


@pytest.mark.parametrize("later", sorted(BY_POWER))
def test_what_only_a_power_cycle_clears_is_not_cleared_as_what_came_before_it(later: int) -> None:
    rig = Rig().running()
    requests.fault(rig.pen, codes.FAULT_CARTRIDGE_LOST)
    rig.step()
    requests.fault(rig.pen, later)
    rig.step_until(codes.STATE_FAULT, 2000)
    rig.step()
    assert rig.fault == later
    assert (
        requests.acknowledge(rig.pen, codes.FAULT_CARTRIDGE_LOST)[0] == codes.RESULT_FAULT_LATCHED
    )
    assert requests.acknowledge(rig.pen, later)[0] == codes.RESULT_NOT_BY_HOST
    for number in (codes.FAULT_CARTRIDGE_LOST, later):  # whatever reaches the tick
        rig.words[place.ASK_ACKNOWLEDGE] = number
        rig.step(3)
        assert (rig.state, rig.fault) == (codes.STATE_FAULT, later)


def test_needles_that_may_be_out_are_told_before_what_came_first() -> None:
    rig = Rig().running()
    for fault in (codes.FAULT_STALL, codes.FAULT_WITHDRAW, codes.FAULT_PARK):
        requests.fault(rig.pen, fault)
        rig.step()
    assert rig.fault == codes.FAULT_WITHDRAW
    kept = [one.fault for one in rig.pen.faults.snapshots]
    assert kept == [codes.FAULT_STALL, codes.FAULT_WITHDRAW, codes.FAULT_NONE]
    assert rig.pen.faults.count == 2


def test_the_snapshot_is_of_the_tick_that_saw_it() -> None:
    rig = Rig().running()
    rig.force.update(
        depth_um=1300, temperature_cdeg=3100, winding_cdeg=3200, supply_mv=3601, duty=1234
    )
    rig.words[place.BRIDGE] = place.BRIDGE_DRIVE
    rig.words[place.DUTY_OUT] = 1234
    rig.step(3)
    kept = rig.pen.faults.snapshots[0]
    seen_ms = rig.readings.t_ms
    rig.force.clear()
    rig.step(50)
    assert rig.fault == codes.FAULT_DEPTH_ERROR
    assert (kept.fault, kept.t_ms, kept.state) == (rig.fault, seen_ms, codes.STATE_RUNNING)
    assert (kept.rate_set_chz, kept.rate_chz) == (10000, 10000)
    assert (kept.depth_set_um, kept.depth_um) == (1000, 1300)
    assert (kept.current_ma, kept.supply_mv, kept.duty) == (60, 3601, 1234)
    assert (kept.temperature_cdeg, kept.winding_cdeg) == (3100, 3200)
    assert kept.conditions >> codes.COND_SEATED & 1


@pytest.mark.parametrize(
    ("field", "bad", "fault"),
    [
        ("temperature_cdeg", 4300, codes.FAULT_TEMPERATURE),
        ("winding_cdeg", 10000, codes.FAULT_WINDING),
        ("ntc_code", 10, codes.FAULT_TEMPERATURE_SENSOR),
        ("hall_code", 4095, codes.FAULT_DEPTH_SENSOR),
        ("supply_mv", 2000, codes.FAULT_BATTERY_SENSOR),
        ("current_code", 4095, codes.FAULT_CURRENT_SENSOR),
    ],
)
def test_acknowledging_is_refused_while_the_cause_is_there(
    field: str, bad: int, fault: int
) -> None:
    rig = Rig().configured()
    rig.force[field] = bad
    rig.step(600)
    assert rig.fault == fault
    assert requests.acknowledge(rig.pen, fault) == (codes.RESULT_CAUSE_PRESENT, 0, fault, 0, 0)
    rig.step(10)
    assert rig.state == codes.STATE_FAULT
    del rig.force[field]
    rig.readings.temperature_cdeg = rig.readings.winding_cdeg = 2500
    rig.readings.ntc_code, rig.readings.hall_code = 2000, 300
    rig.readings.supply_mv, rig.readings.current_code = 3700, 1
    rig.step()
    assert requests.acknowledge(rig.pen, fault) == requests.OK


def test_a_button_that_is_still_held_and_a_battery_that_is_still_empty_are_causes() -> None:
    for fault, field, value in (
        (codes.FAULT_BUTTON_STUCK, "button", 1),
        (codes.FAULT_BATTERY_EMPTY, "battery_percent", 10),
    ):
        rig = Rig().in_state(codes.STATE_IDLE)
        rig.force[field] = value
        rig.step(10_100)
        requests.fault(rig.pen, fault)
        rig.step(2)
        assert requests.acknowledge(rig.pen, fault)[0] == codes.RESULT_CAUSE_PRESENT
        rig.force.clear()
        rig.release()
        rig.readings.battery_percent = 80
        rig.step(10)
        assert requests.acknowledge(rig.pen, fault) == requests.OK


def test_acknowledging_is_refused_while_still_parking_and_without_a_fault() -> None:
    rig = Rig().running()
    assert requests.acknowledge(rig.pen, codes.FAULT_PARK)[0] == codes.RESULT_WRONG_STATE
    requests.fault(rig.pen, codes.FAULT_TEMPERATURE)
    rig.step()
    refusal = requests.acknowledge(rig.pen, codes.FAULT_TEMPERATURE)
    assert refusal == (codes.RESULT_WRONG_STATE, 0, codes.STATE_PARKING, 0, 0)


def test_a_new_fault_after_acknowledging_is_not_cleared_with_the_old() -> None:
    rig = Rig().configured()
    requests.fault(rig.pen, codes.FAULT_STORAGE)
    rig.step(2)
    requests.acknowledge(rig.pen, codes.FAULT_STORAGE)
    rig.step()
    assert rig.fault == 0
    requests.fault(rig.pen, codes.FAULT_TEMPERATURE)
    rig.step(2)
    assert rig.fault == codes.FAULT_TEMPERATURE
    assert rig.state == codes.STATE_FAULT


def test_the_depth_is_held_against_the_grant_whatever_motion_believes_to_have_set() -> None:
    rig = Rig().running()
    rig.motion.depth_set_um = 1300
    rig.force = {"depth_um": 1300}
    rig.step(50)
    assert rig.fault == codes.FAULT_DEPTH_ERROR
