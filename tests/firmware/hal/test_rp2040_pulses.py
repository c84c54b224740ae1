"""Tachometer and index mark: every pulse is counted, every time is right to a microsecond.

The capture's words run on an exact model; the board's own sources read its FIFOs.
"""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from firmware import words
from hardware.board import rev_a
from tests.firmware.hal.chip_model import MHZ, Chip
from tests.firmware.hal.chip_modules import Loaded, load

TACH, INDEX = rev_a.PIN_TACH, rev_a.PIN_INDEX
WRAP = 1 << 30

edges = st.lists(
    st.tuples(st.integers(2_100, 700_000), st.integers(2_100, 300_000)), min_size=1, max_size=30
)  # nanoseconds low, then high: down to bursts of 4 us, up to 1 ms


class Captures:
    """The captures, taken out as the tick does it."""

    def __init__(self, loaded: Loaded) -> None:
        loaded.adc.Rp2040Adc()
        self.pulses = loaded.pulses.Rp2040Pulses()
        self.captured = self.pulses.captured
        self.board = loaded.tick_ports.TickPorts(self.captured)
        self.words = words.new()

    def drain(self) -> None:
        self.board.look(self.words)
        seen = [self.words[place] for place in (words.TACH_COUNT, words.INDEX_COUNT)]
        assert seen == [self.pulses.count(), self.pulses.index_count()]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.pulses, name)


def counting() -> tuple[Chip, Captures]:
    loaded = load()
    loaded.chip.run_us(123.4)
    return loaded.chip, Captures(loaded)


def apart(stamp_us: int, true_us: float) -> int:
    """Difference of two times of 30 bits, near 0."""
    return (stamp_us - int(true_us) + WRAP // 2) % WRAP - WRAP // 2


@given(edges=edges)
def test_every_edge_is_counted_and_stamped_to_a_microsecond(edges: list[tuple[int, int]]) -> None:
    chip, pulses = counting()
    at_us = chip.now_us() + 5
    rises = []
    for low_ns, high_ns in edges:
        at_us += low_ns / 1000
        chip.schedule(at_us, TACH, 1)
        rises.append(at_us)
        at_us += high_ns / 1000
        chip.schedule(at_us, TACH, 0)
    for number, rise_us in enumerate(rises):
        chip.run_us(max(0.0, rise_us + 2 - chip.now_us()))
        pulses.drain()  # takes a few us itself, in which more edges may come
        counted = pulses.count()
        assert number + 1 <= counted <= sum(rise <= chip.now_us() for rise in rises)
        assert abs(apart(pulses.edge_us(), rises[counted - 1])) <= 1
    assert pulses.index_count() == 0


def test_the_fifo_holds_a_burst_of_eight_and_the_last_one_counts() -> None:
    chip, pulses = counting()
    start_us = chip.now_us() + 5
    for i in range(8):
        chip.schedule(start_us + 5 * i, TACH, 1)
        chip.schedule(start_us + 5 * i + 2.5, TACH, 0)
    chip.run_us(1000)
    pulses.drain()
    assert pulses.count() == 8
    assert abs(apart(pulses.edge_us(), start_us + 35)) <= 1


@given(lost=st.integers(0, 200))
def test_an_overflow_loses_times_but_no_pulse_as_soon_as_the_next_one_comes(lost: int) -> None:
    """As after a flash operation of 45 ms, in which no tick comes."""
    chip, pulses = counting()
    at_us = chip.now_us() + 5
    for _ in range(8 + lost):
        chip.schedule(at_us, TACH, 1)
        chip.schedule(at_us + 3, TACH, 0)
        at_us += 6
    chip.run_us(at_us - chip.now_us())
    pulses.drain()
    assert pulses.count() == 8
    chip.schedule(at_us + 50, TACH, 1)
    chip.run_us(100)
    pulses.drain()
    assert pulses.count() == 9 + lost
    assert abs(apart(pulses.edge_us(), at_us + 50)) <= 1


@given(skipped=st.integers(0, (1 << 32) - 1), gap_us=st.integers(3, 900))
@example(skipped=3 << 29, gap_us=500)
@example(skipped=(1 << 24) - 600, gap_us=500)
@example(skipped=(1 << 30) - 600, gap_us=500)
@example(skipped=(1 << 31) - 600, gap_us=500)
@example(skipped=(1 << 32) - 600, gap_us=500)
def test_times_are_right_across_every_wrap(skipped: int, gap_us: int) -> None:
    """The machine's 32 and 24 bits, the timer's 32, the clock's 30: all wrap sooner or later."""
    chip, pulses = counting()
    chip.run_us(10)
    # Both the timer and the machines' time jump by the same number of microseconds.
    chip.cycle += skipped * MHZ
    for machine in chip.blocks[0].machines[2:]:
        machine.x = (machine.x - skipped) & 0xFFFF_FFFF
        machine.next_256 += skipped * MHZ * 256
    for i in range(3):
        rise_us = chip.now_us() + gap_us
        chip.schedule(rise_us, INDEX, 1)
        chip.schedule(rise_us + 2.2, INDEX, 0)
        chip.run_us(gap_us + 40)
        pulses.drain()
        assert pulses.index_count() == i + 1
        assert abs(apart(pulses.index_edge_us(), rise_us % WRAP)) <= 1
        assert 0 <= pulses.index_edge_us() < WRAP


@given(late_us=st.integers(0, 16_000_000))
def test_a_pulse_keeps_its_time_when_it_is_read_seconds_later(late_us: int) -> None:
    chip, pulses = counting()
    rise_us = chip.now_us() + 10
    chip.schedule(rise_us, TACH, 1)
    chip.run_us(30)
    chip.cycle += late_us * MHZ
    for machine in chip.blocks[0].machines[2:]:
        machine.next_256 += late_us * MHZ * 256
    pulses.drain()
    assert pulses.count() == 1
    assert abs(apart(pulses.edge_us(), rise_us)) <= 1


def test_the_counts_wrap_at_16_bits() -> None:
    chip, pulses = counting()
    for i in range(2):
        pulses.captured[i] = 65_535
    for pin in (TACH, INDEX):
        chip.schedule(chip.now_us() + 5, pin, 1)
    chip.run_us(50)
    pulses.drain()
    assert (pulses.count(), pulses.index_count()) == (0, 0)


def test_both_inputs_are_captured_at_the_same_time_and_kept_apart() -> None:
    chip, pulses = counting()
    start_us = chip.now_us() + 5
    chip.schedule(start_us, TACH, 1)
    chip.schedule(start_us, INDEX, 1)
    chip.schedule(start_us + 400, TACH, 0)
    chip.schedule(start_us + 500, TACH, 1)
    chip.run_us(1000)
    pulses.drain()
    assert (pulses.count(), pulses.index_count()) == (2, 1)
    assert pulses.edge_us() - pulses.index_edge_us() == 500
    assert pulses.index_level() == 1


def test_a_level_that_is_high_from_the_start_is_one_edge_at_the_start() -> None:
    loaded = load()
    loaded.chip.drive(INDEX, 1)
    pulses = Captures(loaded)
    loaded.chip.run_us(50)
    pulses.drain()
    assert pulses.index_count() == 1
    assert pulses.index_level() == 1


@pytest.mark.parametrize("start_us", [0, (1 << 30) + 77, (1 << 32) - 3])
def test_before_the_first_pulse_the_time_is_that_of_the_start(start_us: int) -> None:
    loaded = load()
    loaded.chip.cycle = start_us * MHZ
    pulses = loaded.pulses.Rp2040Pulses()
    for stamp_us in (pulses.edge_us(), pulses.index_edge_us()):
        assert 0 <= stamp_us < WRAP
        assert 0 <= apart(stamp_us, start_us % WRAP) <= 3
