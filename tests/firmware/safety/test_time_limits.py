"""How long things may last, restated by hand."""

from array import array  # noqa: TC003 - the annotation of words

import pytest

from firmware import words as place
from firmware.safety import measures
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


def pass_time(words: "array[int]", state: int, ms: int) -> None:
    words[place.STATE] = state
    words[place.STEP_MS] = ms
    measures.measure(words)
    if state == codes.STATE_RUNNING:
        measures.measure_run(words)
    elif state in (codes.STATE_POSITIONING, codes.STATE_PARKING):
        measures.measure_passage(words)
    else:
        measures.measure_rest(words)


@pytest.mark.parametrize(("state", "longest_s"), LONGEST_S.items())
def test_each_state_lasts_its_longest_and_not_a_tick_more(
    state: int, longest_s: float | None
) -> None:
    words = place.new()
    if longest_s is None:
        for _ in range(40):
            pass_time(words, state, 1 << 25)  # two weeks, and the counter stays inside 30 bits
        assert words[place.STATE_OVER] == words[place.OVERDUE] == 0
        assert words[place.STATE_MS] < 1 << 30
        return
    pass_time(words, state, round(longest_s * 1000) - 1)
    assert words[place.STATE_OVER] == words[place.OVERDUE] == 0
    pass_time(words, state, 1)
    assert (words[place.STATE_OVER], words[place.OVERDUE]) != (0, 0)


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
    words = place.new()
    words[place.FRESH] = needles_in << codes.COND_NEEDLES_IN
    words[place.HOMED] = homed
    words[place.CAM_KNOWN] = cam_known
    pass_time(words, state, 40_000)
    assert words[place.OVERDUE] == fault


def test_session_time_goes_on_over_several_runs_and_idle_starts_afresh() -> None:
    words = place.new()
    pass_time(words, codes.STATE_RUNNING, 59_999)
    assert (words[place.SESSION_MS], words[place.IDLE_MS]) == (59_999, 59_999)
    pass_time(words, codes.STATE_PARKING, 1000)
    words[place.IDLE_MS] = 0  # a new run
    pass_time(words, codes.STATE_RUNNING, 10)
    assert (words[place.SESSION_MS], words[place.IDLE_MS]) == (60_009, 10)
    words[place.FRESH] = 1 << codes.COND_CONTACT
    pass_time(words, codes.STATE_RUNNING, 10)
    assert (words[place.SESSION_MS], words[place.IDLE_MS]) == (60_019, 0)
