"""Drive-enable: up while granted, down 5.000 ms after the last grant, down at once when cut.

The countdown's words run on an exact model; the board's own sources write its registers.
"""

from hypothesis import given
from hypothesis import strategies as st

from hardware.board import rev_a
from tests.firmware.hal.chip_model import Chip
from tests.firmware.hal.chip_modules import Loaded, load

GRANT_US = 5000
ENABLE = rev_a.PIN_DRIVE_ENABLE


def granted() -> tuple[Loaded, Chip, object]:
    loaded = load()
    return loaded, loaded.chip, loaded.enable.Rp2040Enable()


def last_fall_us(chip: Chip) -> float:
    at_us, level = chip.changes_us(ENABLE)[-1]
    assert level == 0
    return at_us


def test_the_grant_is_what_the_board_promises() -> None:
    assert rev_a.ENABLE_COUNTDOWN_US == GRANT_US


def test_the_line_is_low_until_the_first_grant() -> None:
    _, chip, _ = granted()
    chip.run_us(20_000)
    assert chip.changes_us(ENABLE) == []
    assert chip.level(ENABLE) == 0


@given(wait_ns=st.integers(0, 3_000_000))
def test_the_line_rises_with_a_grant_and_falls_5_ms_later(wait_ns: int) -> None:
    _, chip, enable = granted()
    chip.run_us(wait_ns / 1000)
    enable.grant()
    granted_us = chip.now_us()
    chip.run_us(5_100)
    (rise_us, up), (fall_us, down) = chip.changes_us(ENABLE)
    assert (up, down) == (1, 0)
    assert rise_us - granted_us <= 2
    assert GRANT_US - 1 <= fall_us - granted_us <= GRANT_US + 1
    chip.run_us(20_000)
    assert chip.level(ENABLE) == 0, "it does not come back by itself"


@given(gaps_us=st.lists(st.integers(3, 4990), min_size=1, max_size=8))
def test_the_line_falls_5_ms_after_the_last_of_many_grants_and_never_before(
    gaps_us: list[int],
) -> None:
    _, chip, enable = granted()
    enable.grant()
    for gap_us in gaps_us:
        chip.run_us(gap_us)
        assert chip.level(ENABLE) == 1
        enable.grant()
    granted_us = chip.now_us()
    chip.run_us(5_100)
    assert len(chip.changes_us(ENABLE)) == 2, "one rise, one fall"
    assert GRANT_US - 1 <= last_fall_us(chip) - granted_us <= GRANT_US + 1


def test_the_line_never_falls_while_it_is_granted_each_millisecond() -> None:
    _, chip, enable = granted()
    for tick in range(100):
        chip.run_us(1000 + (tick * 37 % 400 - 200))  # a tick does its work sooner or later
        enable.grant()
    assert chip.changes_us(ENABLE)[0][1] == 1
    assert len(chip.changes_us(ENABLE)) == 1


@given(run_us=st.integers(0, 4900), grants=st.integers(1, 4))
def test_a_cut_drops_the_line_at_once_and_for_good(run_us: int, grants: int) -> None:
    _, chip, enable = granted()
    for _ in range(grants):  # even grants that the countdown has not taken yet
        enable.grant()
    chip.run_us(run_us)
    before_us = chip.now_us()
    enable.cut()
    assert chip.level(ENABLE) == 0
    if chip.changes_us(ENABLE):
        assert last_fall_us(chip) - before_us <= 0.5
    chip.run_us(20_000)
    assert chip.level(ENABLE) == 0


@given(run_us=st.integers(2, 4900), pause_us=st.integers(5, 6000))
def test_after_a_cut_a_new_grant_gives_a_whole_new_5_ms(run_us: int, pause_us: int) -> None:
    _, chip, enable = granted()
    enable.grant()
    chip.run_us(run_us)
    enable.cut()
    chip.run_us(pause_us)
    enable.grant()
    granted_us = chip.now_us()
    chip.run_us(5_100)
    assert len(chip.changes_us(ENABLE)) == 4
    assert GRANT_US - 1 <= last_fall_us(chip) - granted_us <= GRANT_US + 1


@given(run_us=st.integers(2, 4900))
def test_a_cut_also_ends_the_countdown_itself(run_us: int) -> None:
    """So that nothing is left to come up when the next grant takes the override away."""
    _, chip, enable = granted()
    enable.grant()
    chip.run_us(run_us)
    assert chip.pio_out >> ENABLE & 1 == 1
    enable.cut()
    chip.run_us(2)
    assert chip.pio_out >> ENABLE & 1 == 0


def test_a_cut_of_a_line_that_is_low_raises_nothing() -> None:
    _, chip, enable = granted()
    for _ in range(20):
        enable.cut()
        chip.run_us(13)
    assert chip.changes_us(ENABLE) == []


def test_the_zero_alone_ends_the_count_within_two_microseconds() -> None:
    """The second way of the cut, without the pin's override."""
    _, chip, enable = granted()
    enable.grant()
    chip.run_us(1000)
    chip.blocks[0].machines[1].put(0)
    before_us = chip.now_us()
    chip.run_us(3)
    assert last_fall_us(chip) - before_us <= 2


def test_the_override_alone_holds_the_line_low() -> None:
    """The first way of the cut, with a countdown that hangs high."""
    _, chip, enable = granted()
    enable.grant()
    chip.run_us(1000)
    chip.blocks[0].machines[1].enabled = False
    enable.cut()
    chip.run_us(100)
    assert chip.level(ENABLE) == 0


@given(word=st.integers(0, 0xFFFF_FFFF))
def test_no_word_holds_the_line_longer_than_8_2_ms(word: int) -> None:
    _, chip, enable = granted()
    enable.grant()
    chip.run_us(10)
    chip.blocks[0].machines[1].put(word)
    before_us = chip.now_us()
    chip.run_us(8_300)
    assert chip.level(ENABLE) == 0
    assert last_fall_us(chip) - before_us <= 8195
