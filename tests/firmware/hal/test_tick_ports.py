"""The two ports of the tick, on both boards: all inputs in one look, all outputs in one act."""

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import words as place
from firmware.hal import pin_layout as link
from firmware.hal.pin_calls import Exchange
from firmware.hal.pin_link import PinLinkBoard
from hardware.board import rev_a
from tests.firmware.hal.chip_modules import Loaded, load
from tests.firmware.hal.test_pin_link import step_bytes

TOP = 5000
# Switch and its word, its pin on the chip, whether it is active low, its bit on the link.
LEVELS = {
    "seat": (place.SEAT, 19, True, link.PIN_SEAT),
    "home": (place.HOME, 20, True, link.PIN_HOME),
    "button": (place.BUTTON, 18, True, link.PIN_BUTTON),
    "stall": (place.BRIDGE_STALL, 6, True, link.PIN_BRIDGE_STALL),
    "vbus": (place.VBUS, 24, False, link.PIN_VBUS),
    "enable": (place.ENABLE_LEVEL, 5, False, link.PIN_ENABLE),
    "index": (place.INDEX_LEVEL, 11, False, link.PIN_INDEX),
}


@pytest.fixture
def loaded() -> Loaded:
    return load()


@given(st.lists(st.booleans(), min_size=7, max_size=7), st.tuples(*[st.integers(0, 4095)] * 4))
def test_the_chip_is_seen_as_it_is(levels: list[bool], codes: tuple[int, int, int, int]) -> None:
    loaded = load()
    board = loaded.board.Rp2040Board()
    loaded.chip.adc_codes[:] = codes
    for on, (_, pin, active_low, _) in zip(levels, LEVELS.values(), strict=True):
        loaded.chip.drive(pin, int(on != active_low))
    words = place.new()
    before_us = loaded.chip.now_us()
    board.look(words)
    assert [words[where] for where, *_ in LEVELS.values()] == [int(on) for on in levels]
    assert tuple(words[place.CURRENT_CODE : place.BATTERY_CODE + 1]) == codes
    assert int(before_us) <= words[place.NOW_US] <= loaded.chip.now_us() + 1


def test_nothing_connected_is_nothing_active(loaded: Loaded) -> None:
    words = place.new()
    loaded.board.Rp2040Board().look(words)
    assert [words[where] for where, *_ in LEVELS.values()] == [0] * 7


def test_pulses_are_there_when_the_tick_looks(loaded: Loaded) -> None:
    board = loaded.board.Rp2040Board()
    words = place.new()
    seen = []
    board.ticker.start(lambda: (board.look(words), seen.append(words[place.TACH_COUNT])))
    at_us = loaded.chip.now_us() + 1500
    loaded.chip.schedule(at_us, rev_a.PIN_TACH, 1)
    loaded.chip.schedule(at_us + 300, rev_a.PIN_INDEX, 1)
    loaded.chip.run_us(3500)
    assert seen in ([0, 1, 1], [0, 0, 1, 1])
    assert abs(words[place.TACH_EDGE_US] - at_us) <= 1
    assert words[place.INDEX_COUNT] == 1
    assert abs(words[place.INDEX_EDGE_US] - at_us - 300) <= 1
    assert words[place.NOW_US] >= words[place.INDEX_EDGE_US]


@given(st.integers(-TOP - 5, TOP + 5))
def test_the_chip_drives_brakes_and_coasts_as_its_words_say(duty: int) -> None:
    loaded = load()
    board = loaded.board.Rp2040Board()
    by_port = loaded.bridge.Rp2040Bridge()
    words = place.new()
    for bridge, same in (
        (place.BRIDGE_DRIVE, lambda: by_port.drive(duty)),
        (place.BRIDGE_BRAKE, by_port.brake),
        (place.BRIDGE_COAST, by_port.coast),
    ):
        same()
        expected = (loaded.chip.pwm[1]["cc"], loaded.chip.level(rev_a.PIN_BRIDGE_SLEEP))
        loaded.chip.pwm[1]["cc"] = 0x123
        words[place.BRIDGE] = bridge
        words[place.DUTY_OUT] = duty
        board.act(words)
        assert (loaded.chip.pwm[1]["cc"], loaded.chip.level(7)) == expected
        board.look(words)
        shown = max(-TOP, min(TOP, duty)) if bridge == place.BRIDGE_DRIVE else 0
        assert words[place.DUTY] == shown


def test_a_grant_holds_the_chips_line_for_5_ms_and_is_given_once(loaded: Loaded) -> None:
    board = loaded.board.Rp2040Board()
    words = place.new()
    words[place.LINE] = place.LINE_GRANT
    board.act(words)
    assert words[place.LINE] == place.LINE_LEAVE
    loaded.chip.run_us(10)
    assert loaded.chip.level(rev_a.PIN_DRIVE_ENABLE) == 1
    loaded.chip.run_us(2000)
    board.act(words)
    loaded.chip.run_us(2900)
    assert loaded.chip.level(rev_a.PIN_DRIVE_ENABLE) == 1
    loaded.chip.run_us(100)
    assert loaded.chip.level(rev_a.PIN_DRIVE_ENABLE) == 0


def test_a_cut_lets_the_chips_line_fall_at_once(loaded: Loaded) -> None:
    board = loaded.board.Rp2040Board()
    words = place.new()
    words[place.LINE] = place.LINE_GRANT
    board.act(words)
    loaded.chip.run_us(10)
    words[place.LINE] = place.LINE_CUT
    board.act(words)
    assert loaded.chip.level(rev_a.PIN_DRIVE_ENABLE) == 0


def test_kick_boost_and_steps_reach_the_chip(loaded: Loaded) -> None:
    board = loaded.board.Rp2040Board()
    words = place.new()
    words[place.KICK] = words[place.BOOST] = 1
    words[place.COILS] = 0x0051
    words[place.COIL_COUNT] = 2
    board.act(words)
    assert (words[place.KICK], words[place.COIL_COUNT]) == (0, 0)
    assert loaded.chip.level(rev_a.PIN_WATCHDOG_KICK) == 1
    assert loaded.chip.level(rev_a.PIN_BOOST_ENABLE) == 1
    coils = []
    for _ in range(2):
        loaded.chip.run_us(300)
        coils.append(sum(loaded.chip.level(12 + i) << i for i in range(4)))
        loaded.chip.run_us(200)
    assert coils == [0x1, 0x5]
    words[place.BOOST] = 0
    board.act(words)
    loaded.chip.run_us(1000)
    assert loaded.chip.level(rev_a.PIN_WATCHDOG_KICK) == 1, "no second kick"
    assert loaded.chip.level(rev_a.PIN_BOOST_ENABLE) == 0
    assert [loaded.chip.level(12 + i) for i in range(4)] == [1, 0, 1, 0], "no further step"


# --- the same behind the pin link -----------------------------------------------------------------


@pytest.mark.parametrize("name", LEVELS)
def test_the_link_shows_what_the_step_brings(name: str) -> None:
    board = PinLinkBoard(Exchange())
    words = place.new()
    where, _, _, bit = LEVELS[name]
    board.accept(step_bytes(123_456, adc=(1, 2, 3, 4), pins=bit))
    board.look(words)
    assert [words[other] for other, *_ in LEVELS.values()].count(1) == 1
    assert words[where] == 1
    assert words[place.NOW_US] == 123_456
    assert list(words[place.CURRENT_CODE : place.BATTERY_CODE + 1]) == [1, 2, 3, 4]


def driven(board: PinLinkBoard) -> tuple[Any, ...]:
    board.outgoing()
    return struct.unpack_from(link.DRIVE_FORMAT, board.drive_buffer(), 0)


def test_the_link_carries_what_the_words_say_and_what_happens_once_only_once() -> None:
    board = PinLinkBoard(Exchange())
    driven(board)
    words = place.new()
    words[place.BRIDGE] = place.BRIDGE_DRIVE
    words[place.DUTY_OUT] = -1234
    words[place.LINE] = place.LINE_GRANT
    words[place.KICK] = words[place.BOOST] = 1
    words[place.COILS] = 0x51
    words[place.COIL_COUNT] = 2
    board.act(words)
    both = link.LINE_BOOST | link.LINE_WATCHDOG
    assert driven(board)[1:7] == (-1234, link.BRIDGE_DRIVE, link.ENABLE_GRANT, 0x51, 2, both)
    board.act(words)
    again = driven(board)
    assert again[1:4] == (-1234, link.BRIDGE_DRIVE, link.ENABLE_NEITHER)
    assert again[5:7] == (0, link.LINE_BOOST)
    words[place.BRIDGE] = place.BRIDGE_BRAKE
    words[place.LINE] = place.LINE_CUT
    board.act(words)
    assert driven(board)[1:4] == (0, link.BRIDGE_BRAKE, link.ENABLE_CUT)
