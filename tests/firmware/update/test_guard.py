"""No program can drop a pen out of its firmware: its own button has to be held, at rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.update.guard import UpdateGuard
from protocol import codes

BOOT_LOADER, SERVICE, NOTHING = 5, 6, 0
NONE, WAITS, LEAVING = 0, 5, 6
AT_REST = (codes.STATE_IDLE, codes.STATE_CARTRIDGE_OK, codes.STATE_CONFIGURED, codes.STATE_FAULT)
MOVING = (codes.STATE_ARMED, codes.STATE_POSITIONING, codes.STATE_RUNNING, codes.STATE_PARKING)
IDLE = codes.STATE_IDLE


def asked(state: int = IDLE) -> UpdateGuard:
    """A guard that waits for the button."""
    guard = UpdateGuard()
    guard.step(state, True, False, 8)
    assert guard.ask(5, b"boot loader", state, True, False)[0] == codes.RESULT_OK
    assert guard.state == WAITS
    return guard


def held(guard: UpdateGuard, ms: int, state: int = IDLE) -> int:
    """Hold the button for `ms` in steps of 8."""
    going = NOTHING
    for _ in range(ms // 8):
        going = going or guard.step(state, True, True, 8)
    return going


@pytest.mark.parametrize("state", AT_REST)
def test_a_button_held_for_two_seconds_leads_to_the_boot_loader(state: int) -> None:
    guard = asked(state)
    guard.step(state, True, False, 8)
    assert held(guard, 1992, state) == NOTHING
    assert guard.state == WAITS
    held(guard, 8, state)
    assert guard.state == LEAVING
    assert held(guard, 296, state) == NOTHING  # the host hears of it meanwhile
    assert held(guard, 8, state) == BOOT_LOADER


@pytest.mark.parametrize("state", [codes.STATE_BOOT, *MOVING])
def test_it_is_refused_while_something_moves_or_may(state: int) -> None:
    guard = UpdateGuard()
    assert guard.ask(5, b"boot loader", state, True, False) == (
        codes.RESULT_WRONG_STATE,
        *(0, state, 0, 0),
    )
    assert not guard.busy


def test_it_is_refused_while_the_needles_are_not_sensed_inside() -> None:
    guard = UpdateGuard()
    assert guard.ask(5, b"boot loader", IDLE, False, False)[0] == codes.RESULT_NEEDLES_OUT


def test_a_button_that_is_already_down_confirms_nothing() -> None:
    guard = UpdateGuard()
    guard.step(IDLE, True, False, 8)
    assert guard.ask(5, b"boot loader", IDLE, True, True)[0] == codes.RESULT_BUTTON_HELD
    guard = asked()
    held(guard, 5000)  # down before the pen has seen it up
    assert guard.state == WAITS


def test_two_short_presses_are_not_one_long_one() -> None:
    guard = asked()
    for _ in range(5):
        guard.step(IDLE, True, False, 8)
        assert held(guard, 1992) == NOTHING
    assert guard.state == WAITS


def test_it_does_not_wait_longer_than_30_s() -> None:
    guard = asked()
    for _ in range(29_992 // 8):
        guard.step(IDLE, True, False, 8)
    assert guard.state == WAITS
    guard.step(IDLE, True, False, 8)
    assert guard.state == NONE
    held(guard, 5000)
    assert guard.state == NONE


@pytest.mark.parametrize("state", MOVING)
def test_something_that_moves_ends_the_wait(state: int) -> None:
    guard = asked()
    guard.step(state, True, False, 8)
    assert guard.state == NONE


def test_needles_that_come_out_end_the_wait() -> None:
    guard = asked()
    guard.step(IDLE, False, False, 8)
    assert guard.state == NONE


def test_cancel_ends_the_wait_but_not_the_leaving() -> None:
    guard = asked()
    guard.cancel()
    assert guard.state == NONE
    guard = asked()
    guard.step(IDLE, True, False, 8)
    held(guard, 2000)
    guard.cancel()
    assert guard.state == LEAVING


@given(
    operation=st.integers(0, 255),
    data=st.binary(max_size=20),
    state=st.integers(0, 8),
    button=st.booleans(),
)
def test_no_bytes_but_the_right_ones_ask_for_anything(
    operation: int, data: bytes, state: int, button: bool
) -> None:
    guard = UpdateGuard()
    result = guard.ask(operation, data, state, True, button)
    right = (operation, data) in ((5, b"boot loader"), (6, b"service"))
    assert right or result[0] != codes.RESULT_OK
    if not right:
        assert not guard.busy


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 8), st.booleans(), st.booleans(), st.integers(1, 100)),
        max_size=400,
    )
)
def test_whatever_happens_it_leaves_only_after_two_seconds_of_one_press_at_rest(
    steps: list[tuple[int, bool, bool, int]],
) -> None:
    guard = asked()
    pressed_ms = 0
    up_before = False
    for state, needles_in, button, ms in steps:
        before = guard.state
        guard.step(state, needles_in, button, ms)
        at_rest = needles_in and state not in MOVING
        up_before = up_before or not button
        pressed_ms = pressed_ms + ms if button and at_rest and up_before else 0
        if guard.state == LEAVING and before == WAITS:
            assert pressed_ms >= 2000
        if guard.state != WAITS:
            return


# --- the service's way ---------------------------------------------------------------------------


def start(down_ms: int) -> UpdateGuard:
    """A pen that was switched on with its button held for `down_ms` so far."""
    guard = UpdateGuard()
    guard.step(codes.STATE_BOOT, True, False, 8)  # not yet believed to be down
    for _ in range(down_ms // 8):
        guard.step(codes.STATE_BOOT, True, True, 8)
    return guard


@pytest.mark.parametrize("state", [codes.STATE_BOOT, codes.STATE_FAULT])
def test_the_service_needs_the_button_down_since_power_up_for_five_seconds(state: int) -> None:
    guard = start(5000)
    assert guard.ask(6, b"service", state, True, True)[0] == codes.RESULT_OK
    assert guard.state == LEAVING
    assert held(guard, 296, state) == NOTHING
    assert held(guard, 8, state) == SERVICE


def test_less_than_five_seconds_is_told_with_its_figures() -> None:
    guard = start(4000)
    assert guard.ask(6, b"service", codes.STATE_BOOT, True, True) == (
        codes.RESULT_NOT_CONFIRMED,
        *(0, 4000, 5000, 0),
    )


def test_a_button_pressed_after_the_start_is_no_service() -> None:
    guard = UpdateGuard()
    for _ in range(13):
        guard.step(codes.STATE_BOOT, True, False, 8)
    held(guard, 9000, codes.STATE_BOOT)
    answer = guard.ask(6, b"service", codes.STATE_BOOT, True, True)
    assert answer[0] == codes.RESULT_NOT_CONFIRMED


def test_a_button_released_once_is_no_service() -> None:
    guard = start(6000)
    guard.step(codes.STATE_BOOT, True, False, 8)
    held(guard, 9000, codes.STATE_BOOT)
    answer = guard.ask(6, b"service", codes.STATE_BOOT, True, True)
    assert answer[0] == codes.RESULT_NOT_CONFIRMED


@pytest.mark.parametrize("state", [IDLE, codes.STATE_CONFIGURED, *MOVING])
def test_the_service_is_only_for_a_pen_that_starts(state: int) -> None:
    guard = start(6000)
    assert guard.ask(6, b"service", state, True, True)[0] == codes.RESULT_WRONG_STATE
