"""The whole tick allocates nothing, on 64-bit and on 32-bit MicroPython (31-bit small integers)."""

from pathlib import Path

import pytest

from protocol import codes
from tests.evidence.measure_heap import STATES, watched_ticks


@pytest.mark.slow
def test_a_treatment_of_ticks_under_the_heap_lock(each_micropython: Path) -> None:
    ticks, allocated, raised, states, runs = watched_ticks(7000, each_micropython)
    assert (allocated, raised) == (0, 0)
    assert ticks == 7000
    assert runs >= 1
    reached = {codes.STATE_NAMES[state] for state in STATES if states >> state & 1}
    assert reached == {codes.STATE_NAMES[state] for state in STATES}
