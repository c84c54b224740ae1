"""The long hold that arms: in CONFIGURED only, a full second, once per press."""

import pytest

from firmware.treatment.gestures import ArmGesture
from protocol import codes

CONFIGURED = codes.STATE_CONFIGURED


def held(gesture: ArmGesture, ms: int, state: int = CONFIGURED) -> list[int]:
    """Times at which the gesture came during a hold of `ms`."""
    return [at_ms for at_ms in range(ms + 1) if gesture.step(True, at_ms, state)]


def test_it_comes_after_a_second_and_once() -> None:
    gesture = ArmGesture()
    assert held(gesture, 999) == []
    gesture.step(False, 0, CONFIGURED)
    assert held(gesture, 5000) == [1000]
    gesture.step(False, 0, CONFIGURED)
    assert held(gesture, 1000) == [1000]


@pytest.mark.parametrize("state", sorted(set(range(9)) - {CONFIGURED}))
def test_it_comes_in_no_other_state(state: int) -> None:
    assert held(ArmGesture(), 5000, state) == []


def test_a_press_that_began_elsewhere_does_not_arm() -> None:
    gesture = ArmGesture()
    for at_ms in range(500):
        gesture.step(True, at_ms, codes.STATE_CARTRIDGE_OK)
    assert not any(gesture.step(True, at_ms, CONFIGURED) for at_ms in range(500, 5000))


def test_a_press_that_was_interrupted_by_another_state_does_not_arm() -> None:
    gesture = ArmGesture()
    for at_ms in range(3000):
        state = codes.STATE_IDLE if at_ms == 700 else CONFIGURED
        assert not gesture.step(True, at_ms, state)
