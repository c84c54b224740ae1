"""Each promise is broken by a pen that breaks it, and by no other.

The pen's bugs are lies on its pin link: nothing here depends on how the firmware is written. The
honest pen plays the same story and breaks nothing. Bugs in the firmware's source are planted in
`tests/safety_selfcheck`.
"""

from typing import Any

import pytest

from protocol import messages
from tests.campaign.lying_pens import (
    ButtonSeen,
    ButtonUnseen,
    Dies,
    Forgets,
    KeepsLineUp,
    NtcSeen,
    PushesOut,
    Resumes,
    RunsOn,
    SeatSeen,
    Sleeps,
    WritesBeyond,
)
from tests.campaign.lying_twin import Liar
from tests.campaign.lying_words import (
    Hears,
    Mute,
    Nods,
    Says,
    clears_fault,
    takes_plan,
    tells_fault,
    tells_parking,
)
from tests.campaign.play import AT_THE_END, EACH_MS, Result, play
from tests.campaign.script import Script
from tests.campaign.treatment import PRESS, treatment

pytestmark = [pytest.mark.system, pytest.mark.slow]

END_MS = 99_000
COLD_CODE, WARM_CODE = 4090, 2000  # of the thermistor: its wire is off, or it is well
AGAIN = ((2600, "press"), (3000, "release"))
COLD = (1500, "fault", "ntc_open", True)
LATE = ((42_600, "press"), (43_000, "release"))
EXCHANGED = ((2200, "remove"), (2220, "insert", 12, "new", 7))
STUCK_OUT = ((1492, "fault", "depth_jammed", True), (1506, "fault", "cam_jammed", True))
TOO_FAST = treatment(*PRESS, rate_chz=15_100)


def broken(result: Result, promise: str) -> str:
    """What was said of a promise that was broken, "" if it was kept."""
    return "; ".join(one.said for one in result.broken if one.promise == promise)


# What the pen does, its lie, what happens, the promise that it breaks, and what is said of it.
LIES: tuple[tuple[str, Liar, Script, str, str], ...] = (
    (
        "presses its own button",
        lambda: ButtonSeen(900, 1800),
        treatment(),
        "ButtonFirst",
        "nobody has pressed the button",
    ),
    (
        "begins again by itself",
        lambda: Resumes(1800, 2190, 1000),
        treatment((1000, "press"), (1200, "release")),
        "ButtonFirst",
        "nobody has pressed the button again",
    ),
    (
        "arms itself",
        lambda: Hears(700, 701, messages.ARM),
        treatment(*PRESS, arms=False),
        "ButtonFirst",
        "nobody has armed the pen since its reset",
    ),
    (
        "stays armed without its lease",
        lambda: Hears(2020, 3100, messages.KEEPALIVE),
        treatment(*PRESS, (2020, "silent", 500), *AGAIN),
        "ButtonFirst",
        "nobody has armed the pen since its lease was lost",
    ),
    (
        "stays armed after a stop",
        lambda: Nods(2095, 2150),
        treatment(*PRESS, (2100, "stop"), *AGAIN),
        "ButtonFirst",
        "nobody has armed the pen since it was told to stop",
    ),
    (
        "stays armed when it is disarmed",
        lambda: Nods(2095, 2150),
        treatment(*PRESS, (2100, "disarm"), *AGAIN),
        "ButtonFirst",
        "nobody has armed the pen since it was told to stop",
    ),
    (
        "stays armed with a fault that was",
        lambda: Says(2100, 2200, tells_fault(32)),
        treatment(*PRESS, *AGAIN),
        "ButtonFirst",
        "nobody has armed the pen since it told a fault",
    ),
    (
        "stays armed for another cartridge",
        lambda: SeatSeen(2100, 2500),
        treatment(*PRESS, *EXCHANGED, *AGAIN),
        "ButtonFirst",
        "nobody has armed the pen since its cartridge was taken out",
    ),
    (
        "stays armed for 40 s",
        lambda: Sleeps(1000, 41_960),
        treatment(*LATE, lasts_ms=43_500),
        "ButtonFirst",
        "its arming had expired",
    ),
    (
        "goes deeper and does not see it",
        lambda: PushesOut(1500, END_MS, 5),
        treatment(*PRESS),
        "NotTooDeep",
        "deeper than granted",
    ),
    (
        "does not see the release",
        lambda: ButtonSeen(1500, 2600),
        treatment(*PRESS),
        "DriveOff",
        "after the button was let go",
    ),
    (
        "does not see the release of a shallow run",
        lambda: ButtonSeen(1500, 2600),
        treatment(*PRESS, depth_um=60),
        "DriveOff",
        "after the button was let go",
    ),
    (
        "does not see the second press",
        lambda: ButtonUnseen(1400, END_MS),
        treatment((1000, "press"), (1300, "release"), (1600, "press"), latch=True),
        "DriveOff",
        "after the button was pressed again",
    ),
    (
        "runs on with a button that is stuck",
        lambda: ButtonUnseen(1400, END_MS),
        treatment((1000, "press"), (5000, "lift"), latch=True, lasts_ms=14_000),
        "DriveOff",
        "with the button held",
    ),
    (
        "runs on without its lease",
        lambda: RunsOn(1500, 2300),
        treatment(*PRESS, (1500, "silent", 700)),
        "DriveOff",
        "after the host's last byte",
    ),
    (
        "runs on after a stop",
        lambda: RunsOn(1490, 2300),
        treatment(*PRESS, (1500, "stop"), latch=True),
        "DriveOff",
        "after it acknowledged a stop",
    ),
    (
        "runs on after a fault",
        lambda: RunsOn(1400, 2300),
        treatment(*PRESS, COLD, latch=True),
        "DriveOff",
        "after it told fault",
    ),
    (
        "forgets its fault",
        lambda: Says(2200, END_MS, tells_fault(0)),
        treatment(*PRESS, COLD),
        "FaultsStay",
        "fault 32 became 0 by itself",
    ),
    (
        "tells a lesser fault instead",
        lambda: Says(2200, END_MS, tells_fault(40)),
        treatment(*PRESS, COLD),
        "FaultsStay",
        "fault 32 became 40 by itself",
    ),
    (
        "lets the host clear what only new power may",
        lambda: Says(2300, END_MS, clears_fault(26)),
        treatment(*PRESS, COLD, (2500, "acknowledge")),
        "FaultsStay",
        "fault 26 became 0 without new power",
    ),
    (
        "takes a plan that is too fast",
        lambda: Says(0, END_MS, takes_plan(TOO_FAST.plans[0])),
        TOO_FAST,
        "PlansWithinLimits",
        "151.0 Hz",
    ),
    (
        "holds its line up at rest",
        lambda: KeepsLineUp(2500, END_MS),
        treatment(*PRESS, lasts_ms=6500),
        "LineDown",
        "without a reason",
    ),
    (
        "does not see that its thermistor is off",
        lambda: NtcSeen(1400, END_MS, WARM_CODE),
        treatment(*PRESS, COLD),
        "SensesBelieved",
        "after the thermistor went wrong",
    ),
    (
        "takes a cause for gone that is there",
        lambda: NtcSeen(2200, END_MS, WARM_CODE),
        treatment(*PRESS, COLD, (2700, "acknowledge")),
        "CausesStay",
        "cleared while the sensor is broken",
    ),
    (
        "dies at rest",
        lambda: Dies(2500, END_MS),
        treatment(*PRESS),
        "Alive",
        "the heap is full",
    ),
    (
        "writes where there is nothing",
        lambda: WritesBeyond(600, END_MS),
        treatment(*PRESS),
        "NoMisuse",
        "outside the record region",
    ),
    (
        "no longer answers",
        lambda: Mute(2500, END_MS),
        treatment(*PRESS),
        "Answers",
        "a whole pen on a whole cable",
    ),
    (
        "parks for ever",
        lambda: Says(2500, END_MS, tells_parking),
        treatment(*PRESS),
        "ComesToRest",
        "still parking",
    ),
    (
        "does not tell that its needles stayed out",
        lambda: Says(1500, END_MS, tells_fault(0)),
        treatment(*PRESS, *STUCK_OUT),
        "NeedlesIn",
        "fault 0",
    ),
    (
        "tells only what came first",
        lambda: Says(1500, END_MS, tells_fault(22)),
        treatment(*PRESS, *STUCK_OUT),
        "NeedlesIn",
        "fault 22",
    ),
    (
        "tells only what came first, of two",
        lambda: Says(1500, END_MS, tells_fault(32)),
        treatment(*PRESS, COLD, (1600, "fault", "countdown_stuck", True)),
        "OnlyPower",
        "fault 28 is in its log",
    ),
    (
        "faults for nothing",
        lambda: NtcSeen(1500, END_MS, COLD_CODE),
        treatment(*PRESS),
        "Calm",
        "nothing was broken",
    ),
    (
        "forgets its run",
        lambda: Forgets(1200, 9000),
        treatment(*PRESS),
        "RecordAgrees",
        "0 strokes in the record",
    ),
)


@pytest.mark.parametrize(
    ("liar", "told", "promise", "said"), [lie[1:] for lie in LIES], ids=[lie[0] for lie in LIES]
)
def test_a_pen_with_a_bug_breaks_its_promise(
    liar: Liar, told: Script, promise: str, said: str
) -> None:
    assert play(told).broken == []
    assert said in broken(play(told, liar()), promise)


def test_no_promise_is_left_out() -> None:
    assert {lie[3] for lie in LIES} == {*AT_THE_END, *(promise.__name__ for promise in EACH_MS)}


def test_a_stage_that_was_knocked_out_at_rest_is_no_lie_if_the_pen_feels_it() -> None:
    knocked = treatment(*PRESS, (2500, "fault", "depth_slip_wells", 4))
    assert play(knocked).broken == []


@pytest.mark.parametrize(
    ("events", "said"),
    [
        (
            (
                (1500, "fault", "countdown_stuck", True),
                (1500, "fault", "watchdog_stuck", True),
                (1501, "hold", "all"),
                (1600, "go on", "all"),
            ),
            "after the interpreter stopped",
        ),
        (((1500, "fault", "driver_short", 2), (1510, "remove")), "driven without a cartridge"),
    ],
    ids=["a line that never falls", "a motor that nothing switches off"],
)
def test_a_drive_that_hardware_cannot_end_is_noticed(
    events: tuple[tuple[Any, ...], ...], said: str
) -> None:
    assert said in broken(play(treatment(*PRESS, *events)), "DriveOff")


def test_a_healthy_treatment_keeps_every_promise() -> None:
    result = play(treatment(*PRESS))
    assert result.broken == []
    assert result.starts == 1
    assert result.strokes > 70
    assert result.faults == ()


def test_a_dead_interpreter_is_measured() -> None:
    result = play(treatment(*PRESS, (1500, "hold", "all"), (2500, "go on", "all")))
    assert result.broken == []
    assert 0 < result.dead_off_ms <= 5.0
