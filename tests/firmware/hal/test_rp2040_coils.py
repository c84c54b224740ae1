"""The coils' sequence: patterns evenly within their millisecond, none lost, the last one held.

The sequence's words run on an exact model; the board's own sources feed its FIFO.
"""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from hardware.board import rev_a
from tests.firmware.hal.chip_model import MHZ, Chip
from tests.firmware.hal.chip_modules import load

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
    gaps = [after[0] - before[0] for before, after in itertools.pairwise(seen)]
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
    gaps = [after[0] - before[0] for before, after in itertools.pairwise(seen)]
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


def test_more_than_four_patterns_are_four() -> None:
    loaded = load()
    coils = loaded.coils.Rp2040Coils()
    coils.write(0x8421, 5)
    loaded.chip.run_us(3000)
    assert [pattern for _, pattern in patterns_put_out(loaded.chip)] == [1, 2, 4, 8]
