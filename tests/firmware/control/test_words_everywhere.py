"""The kernels of senses and motion do the same as machine code and as plain Python.

CPython runs their text as it stands; the 64-bit MicroPython compiles it for x64, where a word is
loaded without its sign, the 32-bit one for x86, where integers are those of the board. All words
are compared, after every tick.
"""

import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import words as place
from firmware.modes import MODE_HOME, MODE_PARK, MODE_POSITION, MODE_RUN, MODE_WITHDRAW
from tests.firmware.control.words_script import run

ROOT = Path(__file__).resolve().parents[3]
AT_HOME, OUT = 0b110_0011, 0b010_0001  # enable, seat; index and home as well

codes = st.one_of(st.integers(0, 4095), st.sampled_from((0, 4095)))
frames = st.tuples(
    st.sampled_from((1, 2, 9, 70)),
    st.sampled_from((1000, 1000, 1000, 300, 45_000)),
    st.sampled_from((0, 0, 0, 1, 1, 3)),
    st.sampled_from((0, 0, 0, 1)),
    st.tuples(codes, codes, codes, codes),
    st.integers(0, 127),
    st.integers(0, 5),
    st.integers(0, 2500),
    st.integers(0, 20_000),
    st.sampled_from((0, 0, 0, 0, 1)),
)


def on(micropython: Path, t_us: int, given_frames: Any) -> list[list[int]]:
    done = subprocess.run(
        [micropython, "-X", "heapsize=16m", "tests/firmware/control/words_script.py"],
        cwd=ROOT,
        env={"MICROPYPATH": str(ROOT)},
        input=repr((t_us, given_frames)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [[int(word) for word in line.split()] for line in done.stdout.splitlines()]


NAMES = {at: name for name, at in vars(place).items() if name.isupper() and isinstance(at, int)}


def agree(micropython: Path, t_us: int, given_frames: Any) -> list[list[int]]:
    here = list(run(t_us, given_frames))
    there = on(micropython, t_us, given_frames)
    assert len(here) == len(there)
    for tick, (plain, compiled) in enumerate(zip(here, there, strict=True)):
        differing = {
            NAMES.get(at, at): (one, other)
            for at, (one, other) in enumerate(zip(plain, compiled, strict=True))
            if one != other
        }
        assert not differing, f"tick {tick}: plain and compiled"
    return here


@given(st.integers(0, (1 << 30) - 1), st.lists(frames, min_size=1, max_size=12))
def test_any_pins_and_grants(each_micropython: Path, t_us: int, given_frames: Any) -> None:
    agree(each_micropython, t_us, given_frames)


def life(seed: int) -> list[Any]:
    """Home, position, run under load, park; codes as a pen shows them, with noise."""
    choose = Random(seed)
    made: list[Any] = []

    def add(ticks: int, um: int, levels: int, mode: int, ma: int = 0, every: int = 0) -> None:
        for tick in range(ticks):
            hall = 273 + um * 4096 // 3000 + choose.randrange(-5, 6)
            pulse = int(every > 0 and tick % every == 0)
            mark = int(pulse and tick % (4 * every) == 0)
            code = max(0, ma * 4096 // 3000 + choose.randrange(-9, 10))
            seen = (code, max(0, hall), 2048 - tick % 7, 2400)
            made.append((1, 1000, pulse, mark, seen, levels, mode, 800, 10_000, 0))

    add(100, 900, OUT, MODE_HOME)
    add(60, -20, AT_HOME, MODE_HOME)
    add(100, 11, OUT | 0b100_0000, MODE_HOME)
    add(400, -25, AT_HOME, MODE_HOME)
    add(250, 800, OUT | 0b100_0000, MODE_POSITION)
    add(200, 800, OUT, MODE_RUN, ma=200, every=3)
    add(60, 800, OUT, MODE_RUN, ma=900, every=5)
    add(120, 300, OUT, MODE_PARK, ma=60, every=9)
    add(200, -25, AT_HOME, MODE_PARK)
    add(100, 300, OUT, MODE_WITHDRAW)
    return made


@pytest.mark.parametrize("seed", range(2))
def test_a_life_from_homing_to_parking(each_micropython: Path, seed: int) -> None:
    after = agree(each_micropython, 5, life(seed))
    # It was a life: each part of it has been there.
    for word in (place.HOMED, place.IN_POSITION, place.DRIVING, place.STAGE_WITHDRAWN):
        assert any(words[word] for words in after), NAMES[word]
    assert any(words[place.TRIM_CHZ] for words in after)
    assert any(words[place.WINDING_CDEG] > 2510 for words in after)
