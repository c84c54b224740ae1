"""On the board's own interpreter: faults of the matrix, and what only it can have for real."""

from pathlib import Path

import pytest

from hardware.simulator.twin_micropython import MicropythonTwin
from tests.fault_injection.bed import Bed
from tests.fault_injection.case import Case, drive_ended_us, run
from tests.fault_injection.judge import judge
from tests.fault_injection.states import LOADS, REACH, RUNNING

pytestmark = [pytest.mark.system, pytest.mark.slow]

SELECTION = (
    "tachometer lost",
    "Hall + 0.3 mm",
    "cartridge out 10 ms",
    "link flooded",
    "loop in tick",
    "dead",
)
SICK = Path(__file__).with_name("sick_pen.py")
AT_MS = 1500  # needles have been at full rate for half a second


@pytest.mark.parametrize("fault", SELECTION)
def test_a_fault_ends_there_as_it_does_here(micropython: Path, fault: str) -> None:
    here = run(Case(fault, RUNNING, "skin"))
    case = Case(fault, RUNNING, "skin", None, "micropython")
    there = run(case)
    assert judge(there).broken == ()
    assert (there.code, there.ended, there.stop) == (here.code, here.ended, here.stop)


@pytest.mark.parametrize(
    ("what", "limit_ms"),
    [("heap", 5.0), ("raise", 2.0), ("hang", 5.0), ("hang-main", 5.0)],
)
def test_a_sick_interpreter_stops_the_drive(
    micropython: Path, what: str, limit_ms: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In lockstep a loop in the main loop stops the tick as well: the worst that can happen. With
    the last byte of the heap gone the pin link cannot read its pins, and the interpreter ends.
    """
    twin = MicropythonTwin(micropython, script=(str(SICK), what, str(AT_MS)))
    with Bed(twin, seed=1) as bed:
        REACH[RUNNING](bed, LOADS[1])
        monkeypatch.setattr(MicropythonTwin, "answer_limit_s", 2.0)  # it will not answer
        ahead_ms = bed.bench.now_ms - bed.status().t_ms
        bed.live(AT_MS + ahead_ms - bed.bench.now_ms)
        began_us = bed.plant.t_us
        assert bed.truth.driven
        bed.record.keeping = True
        bed.live(400)
        moments = bed.record.moments
        off_ms = (drive_ended_us(moments, began_us) - began_us) / 1000
        assert off_ms <= limit_ms + 1.0  # it falls ill one tick after its clock shows the time
        assert moments[-1].standing
        assert not moments[-1].enable
        assert not any(moment.driven for moment in moments[10:] if abs(moment.rate_hz) > 20)
