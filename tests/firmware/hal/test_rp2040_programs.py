"""The PIO programs, instruction by instruction: what must be exact to the microsecond is.

The words that run here are those that MicroPython 1.25 assembles; the model in `pio_model.py`
executes them, and the ports of the board feed it through its registers.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.board import rev_a
from tests.firmware.hal.chip_model import MHZ, Chip
from tests.firmware.hal.chip_modules import Loaded, load

# Restated by hand: what MicroPython 1.25's own assembler makes of the four programs.
WORDS = {
    "tick": [0xC010, 0xE63E, 0x1F42],
    "countdown": [0xE000, 0x80A0, 0x602D, 0x0020, 0xE001, 0x8080, 0x602D, 0x0245],
    "capture": [
        0xE020, 0xE040, 0x0043, 0x00C5, 0x1602, 0x4048, 0x4038, 0x8000, 0x1389,
        0x004A, 0x00CC, 0x1602, 0x1609,
    ],
    "sequence": [0x80A0, 0x6042, 0x60CA, 0x6004, 0xA026, 0x0045, 0x0083],
}  # fmt: skip
CONTROL = {  # execution control (wraps), shift control
    "tick": (0x2000, 0),
    "countdown": (0x7000, 0x0008_0000),
    "capture": (0xC000, 0x8000_0000),
    "sequence": (0x6000, 0x4008_0000),
}

GRANT_US = 5000
ENABLE = rev_a.PIN_DRIVE_ENABLE


@pytest.mark.parametrize("name", WORDS)
def test_the_programs_are_the_words_that_the_interpreter_assembles(name: str) -> None:
    program = getattr(load().programs, name)
    assert list(program[0]) == WORDS[name]
    assert (program[3], program[4]) == CONTROL[name]


def test_programs_and_machines_fit_the_two_blocks() -> None:
    loaded = load()
    loaded.board.Rp2040Board()
    for block, words in zip(loaded.chip.blocks, (24, 7), strict=True):
        assert block.used.bit_count() == words <= 32
    machines = [m.enabled for block in loaded.chip.blocks for m in block.machines]
    assert machines == [False, True, True, True, True, False, False, False]  # the tick starts later
    assert loaded.programs.MACHINE_TICK == 0


def test_every_machine_divides_the_clock_by_a_whole_number() -> None:
    programs = load().programs
    for hz in (programs.TICK_HZ, programs.ENABLE_HZ, programs.CAPTURE_HZ, programs.COILS_HZ):
        assert rev_a.CPU_HZ % hz == 0
        assert rev_a.CPU_HZ // hz < 65536


# ---- drive-enable -------------------------------------------------------------------------------


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
    _, chip, enable = granted()
    chip.run_us(20_000)
    assert chip.changes_us(ENABLE) == []
    assert chip.level(ENABLE) == 0


@given(wait_ns=st.integers(0, 3_000_000))
def test_the_line_rises_with_a_grant_and_falls_5_ms_later(wait_ns: int) -> None:
    _, chip, enable = granted()
    chip.run_us(wait_ns / 1000)
    enable.grant()
    granted_us = chip.now_us()
    chip.run_us(10_000)
    (rise_us, up), (fall_us, down) = chip.changes_us(ENABLE)
    assert (up, down) == (1, 0)
    assert rise_us - granted_us <= 2
    assert GRANT_US - 1 <= fall_us - granted_us <= GRANT_US + 2
    chip.run_us(20_000)
    assert chip.level(ENABLE) == 0, "it does not come back by itself"


@given(gaps_us=st.lists(st.integers(1, 4990), min_size=1, max_size=12))
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
    chip.run_us(10_000)
    assert len(chip.changes_us(ENABLE)) == 2, "one rise, one fall"
    assert GRANT_US - 1 <= last_fall_us(chip) - granted_us <= GRANT_US + 1


def test_the_line_never_falls_while_it_is_granted_each_millisecond() -> None:
    _, chip, enable = granted()
    for tick in range(300):
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
    chip.run_us(10_000)
    assert len(chip.changes_us(ENABLE)) == 4
    assert GRANT_US - 1 <= last_fall_us(chip) - granted_us <= GRANT_US + 2


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
    chip.run_us(10_000)
    assert chip.level(ENABLE) == 0
    assert last_fall_us(chip) - before_us <= 8195


# ---- tachometer and index -----------------------------------------------------------------------

TACH, INDEX = rev_a.PIN_TACH, rev_a.PIN_INDEX
WRAP = 1 << 30

edges = st.lists(
    st.tuples(st.integers(2_100, 700_000), st.integers(2_100, 300_000)), min_size=1, max_size=30
)  # nanoseconds low, then high: down to bursts of 4 us, up to 1 ms


def counting() -> tuple[Chip, object]:
    loaded = load()
    loaded.chip.run_us(123.4)
    pulses = loaded.pulses.Rp2040Pulses()
    return loaded.chip, pulses


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
        chip.run_us(rise_us + 2 - chip.now_us())
        pulses.drain()
        assert pulses.count() == number + 1
        assert abs(apart(pulses.edge_us(), rise_us)) <= 1
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


def test_the_counts_wrap_at_16_bits() -> None:
    chip, pulses = counting()
    for i in range(2):
        pulses._state[i] = 65_535
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
    pulses = loaded.pulses.Rp2040Pulses()
    loaded.chip.run_us(50)
    pulses.drain()
    assert pulses.index_count() == 1
    assert pulses.index_level() == 1


# ---- stepper ------------------------------------------------------------------------------------

COILS = range(rev_a.PIN_COIL_A_POSITIVE, rev_a.PIN_COIL_A_POSITIVE + 4)


def patterns_put_out(chip: Chip) -> list[tuple[float, int]]:
    """(microseconds, pattern) after each change of the coils."""
    cycles = sorted({cycle for pin in COILS for cycle, _ in chip.edges.get(pin, [])})
    levels = dict.fromkeys(COILS, 0)
    out = []
    for cycle in cycles:
        for pin in COILS:
            levels[pin] = next(
                (level for at, level in reversed(chip.edges.get(pin, [])) if at <= cycle), 0
            )
        out.append((cycle / MHZ, sum(levels[pin] << i for i, pin in enumerate(COILS))))
    return out


@given(first=st.integers(0, 7), count=st.integers(1, 4), direction=st.sampled_from([1, -1]))
def test_patterns_come_evenly_within_the_millisecond_and_the_last_one_stays(
    first: int, count: int, direction: int
) -> None:
    loaded = load()
    chip = loaded.chip
    coils = loaded.coils.Rp2040Coils()
    wanted = [rev_a.COIL_PATTERNS[(first + direction * i) % 8] for i in range(count)]
    coils.write(sum(pattern << 4 * i for i, pattern in enumerate(wanted)), count)
    written_us = chip.now_us()
    chip.run_us(5000)
    seen = patterns_put_out(chip)
    assert [pattern for _, pattern in seen] == wanted
    assert seen[0][0] - written_us <= 5
    gaps = [after[0] - before[0] for before, after in zip(seen, seen[1:], strict=False)]
    assert all(gap == 984 // count for gap in gaps)
    assert sum(chip.level(pin) << i for i, pin in enumerate(COILS)) == wanted[-1]


@given(counts=st.lists(st.integers(0, 4), min_size=1, max_size=25), jitter=st.randoms())
def test_no_step_is_lost_or_crowded_over_many_ticks(counts: list[int], jitter: object) -> None:
    loaded = load()
    chip = loaded.chip
    coils = loaded.coils.Rp2040Coils()
    wanted = []
    phase = 0
    for tick, count in enumerate(counts):
        chip.run_to((1000 * tick + jitter.randrange(100)) * MHZ)  # type: ignore[attr-defined]
        word = 0
        for i in range(count):
            word |= rev_a.COIL_PATTERNS[phase % 8] << 4 * i
            wanted.append(rev_a.COIL_PATTERNS[phase % 8])
            phase += 1
        coils.write(word, count)
    chip.run_us(3000)
    seen = patterns_put_out(chip)
    assert [pattern for _, pattern in seen] == wanted
    gaps = [after[0] - before[0] for before, after in zip(seen, seen[1:], strict=False)]
    assert all(gap >= 984 // 4 for gap in gaps)
    assert not seen or seen[-1][0] <= 1000 * len(counts) + 200


def test_no_patterns_means_nothing_changes_and_zero_switches_the_coils_off() -> None:
    loaded = load()
    coils = loaded.coils.Rp2040Coils()
    coils.write(0b0101, 1)
    loaded.chip.run_us(2000)
    coils.write(0, 0)
    loaded.chip.run_us(2000)
    assert patterns_put_out(loaded.chip)[-1][1] == 0b0101
    coils.write(rev_a.COIL_OFF, 1)
    loaded.chip.run_us(2000)
    assert patterns_put_out(loaded.chip)[-1][1] == 0


# ---- tick ---------------------------------------------------------------------------------------


def test_the_tick_comes_every_1000_us_exactly() -> None:
    loaded = load()
    chip = loaded.chip
    board = loaded.board.Rp2040Board()
    for block in chip.blocks:  # only the tick's machine matters here
        for machine in block.machines:
            machine.enabled = False
    times: list[float] = []
    board.ticker.start(lambda: times.append(chip.now_us()))
    chip.run_us(200_500)
    gaps = [after - before for before, after in zip(times, times[1:], strict=False)]
    assert len(gaps) >= 199
    # The handler's own few register accesses lie between interrupt and time stamp.
    assert all(abs(gap - 1000) <= 0.1 for gap in gaps)
