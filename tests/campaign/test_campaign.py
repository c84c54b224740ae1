"""A thousand random runs: nobody's errors and no three broken parts make the pen break a promise.

More of them: `make campaign N=100000`. One of them again: `make campaign ID=...`.
"""

import pytest

from tests.campaign.campaign import campaign, one
from tests.campaign.draw import draw
from tests.campaign.script import HOST, WORLD, Event, Script
from tests.campaign.shrink import shrink
from tests.conftest import SEED

pytestmark = [pytest.mark.system, pytest.mark.slow]

RUNS = 1000
FIRST = (SEED - 1) * RUNS  # PEN_SEED chooses other ones


@pytest.mark.timeout(1200)
def test_a_thousand_random_runs_keep_every_promise() -> None:
    summary = campaign(range(FIRST, FIRST + RUNS))
    told = [f"make campaign ID={result.id}: {result.broken[0]}" for result in summary.broken]
    assert not told
    assert summary.runs == RUNS
    # It is worth something only if much happens in it.
    assert summary.starts > RUNS / 2
    assert summary.with_fault > RUNS / 4
    assert len(summary.faults) >= 15
    assert summary.boots > RUNS
    assert 0 < summary.dead_off_ms <= 5.0


# Runs that once broke a promise: contact taken for air in hard skin (3270, 52123, 55101), two wells
# too deep under a sensor that reads low (1455), a stage knocked out at rest (56012, 56839), a
# broken thermistor that bent the motor's model, so that parking swung (2857, 3122), a current of
# nothing but zeros at rest taken for a frozen converter when the run began (915), a thumb in the
# last moment of the self-test (8209), a drive that was off for 2.5 ms and made air of skin (10897),
# needles left outside behind a fault whose words did not say so (11706, 13796), a line that was
# still granted while nothing but a jammed stage was left to park, so that a stuck output turned the
# motor (21406); and what the promise took for a start without arming or press: one that a fault
# overtook (102466), a motor without its wire for 0.1 s (12965), a press while the pen hung (18882),
# a cartridge put onto a stage that stood out (37462), a contact that bounces all the time (69753).
# Motors that could not begin at 1.5 mm in skin, where 1.4 mm is the most that is promised (70482,
# 70802).
# Half of the strokes in skin taken for air: a hand that wanders (48095), a cam held up for a moment
# (71157). An output that sticks while the stage is on its way (48670). A renewal of the lease that
# had waited (80415). A press that came while the flash was written (84854). A current sensor at 0,
# so that the creep begins in a motor that is still being slowed (48456).
FOUND = (
    *(915, 1455, 2857, 3122, 3270, 8209, 10897, 11706, 12965, 13796, 18882, 21406, 21738, 29639),
    *(33844, 37462, 48095, 48456, 48670, 52123, 55101, 56012, 56839, 60864, 69753, 70482, 70802),
    *(71157, 80415, 84854, 102466),
)


@pytest.mark.parametrize("number", FOUND)
def test_what_was_found_once_stays_mended(number: int) -> None:
    assert one(number).broken == []


def test_a_run_is_the_same_every_time() -> None:
    assert one(7) == one(7)
    assert draw(7) == draw(7) != draw(8)


@pytest.mark.parametrize("number", range(20))
def test_a_script_can_be_written_down_and_read_again(number: int) -> None:
    script = draw(number)
    assert Script.load(script.dump()) == script
    assert {event.what for event in script.events} <= {*WORLD, *HOST}
    assert list(script.events) == sorted(script.events, key=lambda event: event.at_ms)
    assert len([event for event in script.events if event.what in ("fault", "hold")]) <= 3
    assert str(number) in script.told()


def test_shrinking_keeps_what_the_failure_needs_and_nothing_else() -> None:
    script = Script(1, events=tuple(Event(ms, "press", (ms,)) for ms in range(0, 4000, 100)))
    needed = {script.events[7], script.events[30]}

    def fails(candidate: Script) -> bool:
        return needed <= set(candidate.events) and candidate.lasts_ms >= 3200

    short = shrink(script, fails)
    assert set(short.events) == needed
    assert short.lasts_ms == 3300


def test_a_failure_that_needs_nothing_shrinks_to_nothing() -> None:
    script = draw(3)
    assert shrink(script, lambda _: True).events == ()
