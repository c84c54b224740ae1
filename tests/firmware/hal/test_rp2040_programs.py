"""The PIO programs: the words that run on the board, their room, their clocks, and the tick.

What the others do is in the tests of their ports: `test_rp2040_enable.py`, `..._pulses.py` and
`..._coils.py`. There the model in `pio_model.py` executes the words, fed by the board's sources.
"""

import itertools

import pytest

from hardware.board import rev_a
from tests.firmware.hal.chip_modules import load

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
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert len(gaps) >= 199
    # The handler's own few register accesses lie between interrupt and time stamp.
    assert all(abs(gap - 1000) <= 0.1 for gap in gaps)
