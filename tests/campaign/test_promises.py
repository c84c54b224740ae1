"""Each promise is broken by a pen that breaks it, and by no other.

The pen's bugs are lies on its pin link, and what a host knows is taken from it: nothing here
depends on how the firmware is written. Bugs in its source are planted in `tests/safety_selfcheck`.
"""

from typing import Any

import pytest

from hardware.simulator.bench import Bench
from tests.campaign.host import Host, HostView
from tests.campaign.lying_twin import ButtonSeen, Forgets, Liar, RunsOn
from tests.campaign.play import Result, play
from tests.campaign.script import Script
from tests.campaign.treatment import PRESS, treatment

pytestmark = [pytest.mark.system, pytest.mark.slow]


def broken(result: Result, promise: str) -> str:
    """What was said of a promise that was broken, "" if it was kept."""
    return "; ".join(one.said for one in result.broken if one.promise == promise)


LIES: tuple[tuple[str, Liar, Script, str, str], ...] = (
    (
        "presses its own button",
        lambda: ButtonSeen(900, 1800),
        treatment(),
        "ButtonFirst",
        "nobody has pressed",
    ),
    (
        "does not see the release",
        lambda: ButtonSeen(1500, 2600),
        treatment(*PRESS),
        "DriveOff",
        "after the button was let go",
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
        lambda: RunsOn(1400, 2300),
        treatment(*PRESS, (1500, "stop"), latch=True),
        "DriveOff",
        "after it acknowledged a stop",
    ),
    (
        "runs on after a fault",
        lambda: RunsOn(1400, 2300),
        treatment(*PRESS, (1500, "fault", "ntc_open", True), latch=True),
        "DriveOff",
        "after it told fault",
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


def test_needles_that_nobody_has_armed_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Host, "_arm", lambda host: host._connected().arm())
    assert "nobody has armed" in broken(play(treatment(*PRESS)), "ButtonFirst")


def test_strokes_deeper_than_granted_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    original = HostView.granted_um
    monkeypatch.setattr(HostView, "granted_um", lambda view: original(view) - 120)
    assert not broken(play(treatment(*PRESS)), "NotTooDeep")
    monkeypatch.setattr(HostView, "granted_um", lambda view: original(view) - 190)
    assert "deeper than granted" in broken(play(treatment(*PRESS)), "NotTooDeep")


def test_a_fault_that_is_no_longer_told_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    original = HostView.tell

    def tell(view: HostView, fault: int, t_ms: int, bench: Bench) -> None:
        original(view, 0 if bench.now_ms > 2200 else fault, t_ms, bench)

    told = treatment(*PRESS, (1500, "fault", "ntc_open", True))
    assert not broken(play(told), "FaultsStay")
    monkeypatch.setattr(HostView, "tell", tell)
    assert "became 0 by itself" in broken(play(told), "FaultsStay")


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
