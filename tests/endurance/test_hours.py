"""Minutes of treatments on MicroPython: no exception, a heap in large pieces; a leak would show."""

from pathlib import Path

import pytest

from tests.endurance.hours import Hours, Look, treat_for

pytestmark = [pytest.mark.system, pytest.mark.slow]


def test_treatments_at_the_heap_of_the_board(micropython: Path) -> None:
    found = treat_for(0.025, micropython, run_ms=4000)
    assert found.ended == ""
    assert found.errors == 0
    assert found.runs >= 3
    assert len(found.looks) >= 3
    assert found.growth <= 1024  # a few minutes have not seen everything once
    assert found.largest >= 8 * 1024  # the longest record has 3 KB


def test_a_leak_would_show() -> None:
    leaking = Hours(looks=[Look(100_000 + 64 * n, 30_000) for n in range(30)])
    assert leaking.growth == 64 * 20
    steady = Hours(looks=[Look(100_000 + 500 * (n % 7), 30_000 - n) for n in range(30)])
    assert steady.growth == 0
    assert steady.largest == 29_971
