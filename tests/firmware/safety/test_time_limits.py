"""How long things may last, restated by hand."""

import pytest

from firmware.safety.time_limits import TimeLimits, fault_of_timeout
from protocol import codes

NEVER = None
LONGEST_S = {
    codes.STATE_BOOT: 10,
    codes.STATE_IDLE: NEVER,
    codes.STATE_CARTRIDGE_OK: NEVER,
    codes.STATE_CONFIGURED: NEVER,
    codes.STATE_ARMED: 30,
    codes.STATE_POSITIONING: 1.5,
    codes.STATE_RUNNING: NEVER,
    codes.STATE_PARKING: 1.5,
    codes.STATE_FAULT: NEVER,
}


@pytest.mark.parametrize(("state", "longest_s"), LONGEST_S.items())
def test_each_state_lasts_its_longest_and_not_a_tick_more(
    state: int, longest_s: float | None
) -> None:
    times = TimeLimits()
    times.enter(state)
    if longest_s is None:
        for _ in range(40):
            times.step(state, 1 << 25)  # two weeks, and the counter stays inside 30 bits
        assert times.over == 0
        assert times.state_ms <= (1 << 30) + (1 << 25)
        return
    times.step(state, round(longest_s * 1000) - 1)
    assert times.over == 0
    times.step(state, 1)
    assert times.over == 1
    times.enter(state)
    assert times.over == 0


def test_session_time_goes_on_over_several_runs_and_idle_starts_afresh() -> None:
    times = TimeLimits()
    times.enter(codes.STATE_RUNNING)
    assert times.running(0, 59_999) == codes.STOP_NONE
    times.enter(codes.STATE_PARKING)
    times.enter(codes.STATE_RUNNING)
    assert times.running(0, 59_999) == codes.STOP_NONE
    assert times.running(0, 1) == codes.STOP_IDLE
    assert times.session_ms == 119_999
    times.enter(codes.STATE_RUNNING)
    assert times.running(1, 1_680_000) == codes.STOP_NONE
    assert times.running(1, 1) == codes.STOP_SESSION_TIME


@pytest.mark.parametrize(
    ("state", "needles_in", "homed", "cam_known", "fault"),
    [
        (codes.STATE_PARKING, 1, 1, 1, codes.FAULT_PARK),
        (codes.STATE_PARKING, 0, 1, 1, codes.FAULT_WITHDRAW),
        (codes.STATE_POSITIONING, 0, 1, 1, codes.FAULT_DEPTH_ERROR),
        (codes.STATE_POSITIONING, 0, 1, 0, codes.FAULT_PARK),
        (codes.STATE_BOOT, 1, 1, 1, codes.FAULT_SELF_TEST),
        (codes.STATE_BOOT, 1, 0, 1, codes.FAULT_HOMING),
        (codes.STATE_ARMED, 1, 1, 1, 0),
        (codes.STATE_RUNNING, 1, 1, 1, 0),
    ],
)
def test_a_passage_that_does_not_end_is_named(
    state: int, needles_in: int, homed: int, cam_known: int, fault: int
) -> None:
    assert fault_of_timeout(state, needles_in, homed, cam_known) == fault
