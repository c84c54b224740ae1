"""The tick alone, before there is a main loop: the stage goes home and nothing else happens."""

from typing import Any

import pytest

from firmware import words as place
from firmware.hal.pin_link import PinLinkBoard
from firmware.safety import limits
from firmware.tick import Tick
from hardware.plant.parameters import Parameters, replace
from hardware.simulator.bench import Bench
from hardware.simulator.twin_cpython import CpythonTwin
from protocol import codes
from tests.system.harness import BenchPen

HOME_MS = 480  # from the far end: 250 half steps in, the edge, a withdrawal, and it is looked at
PROOF_MS = 70  # 55 ms of the stop path, and two slow passes of the main loop


class TickAlone:
    """A program that never gets to its main loop."""

    def __init__(self, board: PinLinkBoard) -> None:
        self.ticks = Tick(board)
        self.words: Any = self.ticks.readings.words

    def boot(self) -> None:
        """Start, twice: it begins once."""
        self.ticks.start()
        self.ticks.start()

    def poll(self) -> None:
        """Still being loaded."""


def at(start_um: float) -> Parameters:
    """A pen whose stage was left there."""
    base = Parameters()
    return replace(base, stage=replace(base.stage, start_um=start_um))


@pytest.mark.parametrize("start_um", [-90.0, 0.0, 480.0, 520.0, 1300.0, 2600.0])
def test_the_stage_goes_home_without_a_main_loop_and_the_line_stays_down(start_um: float) -> None:
    with Bench(CpythonTwin(TickAlone), at(start_um)) as bench:
        app: Any = bench.twin.app  # type: ignore[attr-defined]
        for _ in range(HOME_MS):
            bench.advance(1)
            assert not bench.plant.enable_level
            assert not bench.plant.duty
        assert app.words[place.HOMED] == 1
        assert app.words[place.STATE] == codes.STATE_BOOT  # until the main loop has tested
        assert app.words[place.T_MS] == HOME_MS
        assert bench.plant.home


def test_who_was_reset_by_the_watchdog_says_so_in_its_first_tick() -> None:
    with Bench(CpythonTwin(TickAlone)) as bench:
        bench.restart(cause=1)
        bench.advance(1)
        app: Any = bench.twin.app  # type: ignore[attr-defined]
        assert app.words[place.FAULT] == codes.FAULT_WATCHDOG


@pytest.mark.parametrize("start_um", [-90.0, 800.0, 2600.0])
def test_the_stop_path_is_proven_while_the_stage_is_on_its_way(start_um: float) -> None:
    """Not before needles that a reset has caught at speed have run out (0.3 s)."""
    with BenchPen(parameters=at(start_um)) as sim:
        assert limits.SETTLE_MS == 300
        sim.person.release()
        sim.bench.restart(cause=2)
        app: Any = sim.bench.twin.app  # type: ignore[attr-defined]
        raised: list[int] = []
        while app.supervisor.state == codes.STATE_BOOT:
            sim.bench.advance(1)
            if sim.plant.enable_level:
                raised.append(app.readings.t_ms)
            assert app.readings.t_ms < HOME_MS
        assert raised[0] >= 300
        assert raised[-1] <= 300 + PROOF_MS
        assert app.supervisor.state == codes.STATE_IDLE
        assert app.readings.t_ms <= max(300 + PROOF_MS, HOME_MS)
