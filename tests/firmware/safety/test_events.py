"""A button that presses oftener than a thumb: more than six presses within 3.5 s."""

import pytest

from firmware import words as place
from protocol import codes
from tests.firmware.safety.rig import Rig

WRAP = 1 << 30


@pytest.mark.parametrize("start_ms", [1000, 10_000, WRAP - 1500])
@pytest.mark.parametrize(("every_ms", "trips"), [(40, True), (583, True), (584, False)])
def test_the_seventh_press_within_the_time_trips(start_ms: int, every_ms: int, trips: bool) -> None:
    rig = Rig().positioning()
    rig.motion.obeys = False  # it stays in a state in which a press counts
    rig.release()
    rig.readings.t_ms = start_ms
    for number in range(6):
        rig.words[place.PRESSED_MS + number] = 0
    for press in range(9):
        rig.words[place.STATE_MS] = 0
        rig.force["t_ms"] = (start_ms + press * every_ms) % WRAP
        rig.words[place.DOWN] = 0
        rig.words[place.BUTTON_MS] = 4
        rig.press()
        rig.step()
        rig.release()
        found = codes.FAULT_BUTTON_STUCK if trips and press >= 6 else 0
        assert rig.fault == found, press


def test_fast_presses_while_armed_end_in_a_fault_with_the_needles_in() -> None:
    rig = Rig().in_state(codes.STATE_ARMED)
    for _ in range(8):
        rig.readings.button = 1
        rig.step(50)
        rig.readings.button = 0
        rig.step(150)
    assert (rig.state, rig.fault) == (codes.STATE_FAULT, codes.FAULT_BUTTON_STUCK)
    assert rig.pen.conditions.word >> codes.COND_NEEDLES_IN & 1


def test_presses_that_mean_nothing_are_not_counted() -> None:
    rig = Rig().in_state(codes.STATE_CONFIGURED)
    for _ in range(20):
        rig.readings.button = 1
        rig.step(50)
        rig.readings.button = 0
        rig.step(50)
    assert (rig.state, rig.fault) == (codes.STATE_CONFIGURED, 0)
