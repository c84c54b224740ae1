"""The drive-enable line in the passages and after faults: up only for who turns the motor."""

import pytest

from firmware.modes import MODE_PARK, MODE_WITHDRAW
from firmware.safety import requests
from protocol import codes
from tests.firmware.safety.rig import Rig


def test_a_fault_that_forbids_to_drive_withdraws_the_stage_alone() -> None:
    rig = Rig().running()
    requests.fault(rig.pen, codes.FAULT_STALL)
    rig.step()
    assert rig.pen.mode == MODE_WITHDRAW
    rig.step()
    assert rig.readings.enable_level == 0
    rig.step_until(codes.STATE_FAULT, 50)
    assert rig.pen.conditions.word >> codes.COND_NEEDLES_IN & 1


def test_a_second_fault_while_creeping_ends_the_creep() -> None:
    rig = Rig().running()
    requests.fault(rig.pen, codes.FAULT_TEMPERATURE)
    rig.step()
    assert rig.pen.mode == MODE_PARK
    rig.step()
    assert rig.readings.enable_level == 0  # at once; a sound motor gets it back to creep
    rig.step(2)
    assert rig.readings.enable_level == 1
    requests.fault(rig.pen, codes.FAULT_CURRENT_PEAK)
    rig.step()
    assert rig.fault == codes.FAULT_TEMPERATURE
    assert rig.pen.mode == MODE_WITHDRAW
    rig.step()
    assert rig.readings.enable_level == 0
    # The way back is barred: a milder fault does not restore the drive.
    requests.fault(rig.pen, codes.FAULT_WINDING)
    rig.step(2)
    assert rig.readings.enable_level == 0


def test_an_exception_in_the_tick_cuts_the_line_and_latches() -> None:
    rig = Rig().running()
    rig.pen.panic()
    assert rig.chain.level() == 0
    assert rig.fault == codes.FAULT_INTERNAL
    rig.step()
    assert rig.state == codes.STATE_PARKING
    assert rig.pen.mode == MODE_WITHDRAW
    rig.step()
    assert rig.readings.enable_level == 0
    rig.step_until(codes.STATE_FAULT, 100)


def test_no_tick_at_all_lets_the_line_fall_within_5_ms() -> None:
    rig = Rig().running()
    for _ in range(5):
        rig.chain.now_ms += 1
    assert rig.chain.level() == 0


def test_after_every_fault_at_speed_nothing_drives_from_the_next_tick_on() -> None:
    rig = Rig().running()
    rig.force["depth_um"] = 1400
    rig.step(3)
    assert rig.state == codes.STATE_PARKING
    assert rig.motion.driving == 0  # motion ran in the tick that saw it


@pytest.mark.parametrize("fault", [codes.FAULT_TEMPERATURE, codes.FAULT_DEPTH_ERROR])
def test_a_fault_takes_the_line_down_until_the_cam_stands_still(fault: int) -> None:
    rig = Rig().running()
    rig.motion.still = 0
    requests.fault(rig.pen, fault)
    rig.step()
    assert rig.chain.level() == 0
    rig.step(20)
    assert rig.readings.enable_level == 0
    assert rig.pen.mode == MODE_PARK
    rig.motion.still = 1
    rig.step(2)
    assert rig.readings.enable_level == 1
    rig.motion.still = 0  # it creeps
    rig.step(5)
    assert rig.readings.enable_level == 1


@pytest.mark.parametrize("state", [codes.STATE_POSITIONING, codes.STATE_PARKING])
def test_the_line_falls_while_a_parked_cam_waits_for_the_stage(state: int) -> None:
    """And is back in time where the motor shall turn once more."""
    rig = Rig().running() if state == codes.STATE_PARKING else Rig().armed()
    rig.motion.late = True
    if state == codes.STATE_PARKING:
        requests.stop(rig.pen, codes.STOP_HOST)
    else:
        rig.press()
    rig.step_until(state)
    rig.step(5)
    assert rig.readings.enable_level == 1
    rig.step(40)
    assert rig.state == state
    assert rig.readings.enable_level == 0
    rig.motion.still = 0  # by whatever moved it
    rig.step(2)
    assert rig.readings.enable_level == 1
    assert rig.fault == 0


def test_a_stop_keeps_the_line_for_the_creep() -> None:
    rig = Rig().running()
    rig.motion.still = 0
    requests.stop(rig.pen, codes.STOP_HOST)
    rig.step(10)
    assert rig.state == codes.STATE_PARKING
    assert rig.readings.enable_level == 1
