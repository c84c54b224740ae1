"""The proof of the stop path finds each way in which the line could fail to fall."""

import pytest

from firmware.safety import requests, stop_path
from protocol import codes
from tests.firmware.safety.rig import Rig

PROOF_MS = 56  # 6 + 9 + 4 + 3 + 4 + 25 + 4 ticks, and one to begin and one to end


def proven(rig: Rig) -> bool:
    return bool(rig.pen.conditions.word >> codes.COND_STOP_PATH_PROVEN & 1)


def seated_and_tested() -> Rig:
    rig = Rig()
    rig.treatment.facts &= ~(1 << codes.COND_ZONE_CHOSEN)
    rig.step(10)
    rig.pass_self_test()
    rig.step_until(codes.STATE_CARTRIDGE_OK)
    return rig


def test_a_sound_path_is_proven_once_per_seating() -> None:
    rig = seated_and_tested()
    rig.step(PROOF_MS + 4)
    assert rig.fault == 0
    assert proven(rig)
    assert rig.pen.proof.done_count == 1
    rig.step(1000)
    assert rig.pen.proof.done_count == 1
    rig.readings.seat = 0
    rig.step(10)
    assert not proven(rig)
    rig.readings.seat = 1
    rig.step(210)
    rig.treatment.seat_generation = rig.pen.conditions.seat_generation
    rig.step(PROOF_MS + 4)
    assert proven(rig)
    assert rig.pen.proof.done_count == 2


def test_asking_again_while_a_proof_runs_starts_no_second_one() -> None:
    # On the chip a tick may come between the main loop's look whether a proof runs and its asking.
    rig = seated_and_tested()
    rig.step(PROOF_MS + 4)
    requests.prove_stop_path(rig.pen)
    rig.step(10)
    assert rig.pen.proof.active
    requests.prove_stop_path(rig.pen)
    rig.step(2 * PROOF_MS + 8)
    assert rig.pen.proof.done_count == 2
    assert not rig.pen.proof.active


@pytest.mark.parametrize(
    ("broken", "bits"),
    [
        ("stuck_low", stop_path.NO_RISE),
        ("stuck_countdown", stop_path.NO_EXPIRY | stop_path.NO_CUT),
        ("stuck_watchdog", stop_path.NO_WATCHDOG),
    ],
)
def test_a_broken_path_is_found_before_anything_can_start(broken: str, bits: int) -> None:
    rig = Rig()
    setattr(rig.chain, broken, True)
    rig.force["hall_code"] = 300
    rig.step(10)
    rig.pass_self_test()
    rig.step_until(codes.STATE_FAULT, 500)
    assert rig.fault == codes.FAULT_ENABLE
    # A countdown that is stuck from the start already shows as a line that is not low at rest.
    assert rig.pen.proof.failed_bits in (bits, 0)
    assert not proven(rig)
    assert requests.arm(rig.pen, False)[0] == codes.RESULT_FAULT_LATCHED
    assert requests.acknowledge(rig.pen, codes.FAULT_ENABLE)[0] == codes.RESULT_NOT_BY_HOST


def test_without_a_cartridge_the_contact_keeps_the_line_low() -> None:
    rig = Rig().in_state(codes.STATE_IDLE)
    assert requests.prove_stop_path(rig.pen)[0] == codes.RESULT_OK
    rig.step(PROOF_MS + 4)
    assert rig.pen.proof.done_count == 1
    assert rig.pen.proof.failed_bits == 0
    assert not proven(rig)


def test_a_bridged_seat_contact_is_found() -> None:
    rig = Rig().in_state(codes.STATE_IDLE)
    rig.chain.seat_bridged = True
    requests.prove_stop_path(rig.pen)
    rig.step(PROOF_MS + 4)
    assert rig.pen.proof.failed_bits & stop_path.SEAT_OPEN_HIGH
    assert rig.fault == codes.FAULT_ENABLE


def test_current_through_the_braked_bridge_is_found() -> None:
    rig = seated_and_tested()
    rig.step(4)
    rig.force["current_ma"] = 101
    rig.step(1)
    assert rig.pen.proof.failed_bits == stop_path.CURRENT_FLOWED
    assert rig.fault == codes.FAULT_ENABLE
    assert rig.chain.level() == 0  # at once, not at the end of the proof


def test_a_late_tick_disturbs_the_proof_and_it_is_made_again() -> None:
    rig = seated_and_tested()
    rig.step(10)
    rig.force["tick_us"] = 46_000
    rig.step()
    assert rig.pen.proof.active == 0
    assert rig.pen.proof.failed_bits == stop_path.ABORTED
    rig.force["tick_us"] = 1000
    rig.step(PROOF_MS + 4)
    assert rig.fault == 0
    assert proven(rig)


def test_a_cartridge_that_goes_disturbs_the_proof_without_a_fault() -> None:
    rig = seated_and_tested()
    rig.step(10)
    rig.readings.seat = 0
    rig.step(100)
    assert rig.fault == 0
    assert not proven(rig)
    assert rig.readings.enable_level == 0


def test_nothing_moves_and_nothing_is_granted_to_motion_meanwhile() -> None:
    rig = seated_and_tested()
    for _ in range(PROOF_MS):
        rig.step()
        assert rig.motion.driving == 0
        assert rig.pen.depth_um == 0
        assert rig.state in (codes.STATE_CARTRIDGE_OK, codes.STATE_CONFIGURED)


def test_a_proof_is_refused_while_armed() -> None:
    rig = Rig().armed()
    assert requests.prove_stop_path(rig.pen) == (codes.RESULT_WRONG_STATE, 0, 4, 0, 0)
    assert rig.pen.proof.asked == 0


def test_arming_ends_a_proof_without_harm() -> None:
    rig = Rig().configured()
    requests.prove_stop_path(rig.pen)
    rig.step(8)
    assert rig.pen.proof.active
    requests.arm(rig.pen, False)
    rig.step(2)
    assert rig.state == codes.STATE_ARMED
    assert rig.pen.proof.active == 0
    rig.step(100)
    assert rig.fault == 0
    assert rig.readings.enable_level == 0


def test_the_line_is_low_between_the_steps_of_the_table() -> None:
    asked = [step[1] for step in stop_path.STEPS]
    levels = [step[2] for step in stop_path.STEPS]
    assert asked[-1] == stop_path.LINE_CUT
    assert levels[-1] == 0
    # Every way to fall is tried from a line that was seen high just before.
    for number, level in enumerate(levels[:-1]):
        if level == 0:
            assert levels[number - 1] == 1


def test_a_proof_asked_for_while_one_is_under_way_is_that_one() -> None:
    """The main loop may ask once more in the very tick in which its asking was taken in."""
    rig = Rig().in_state(codes.STATE_IDLE)
    requests.prove_stop_path(rig.pen)
    rig.step(2)
    assert rig.pen.proof.active
    requests.prove_stop_path(rig.pen)
    rig.step(3 * PROOF_MS)
    assert rig.pen.proof.done_count == 1
    assert rig.fault == 0
