"""Heap that the whole firmware's tick takes on unix MicroPython: it must be nothing.

A treatment runs on the micropython twin with `tick_heap_probe.py` in place of `firmware/main.py`:
boot, plan, arm, needles in skin, stops by button, arming again. The probe counts.
"""

from pathlib import Path
from typing import Any

from hardware.simulator.twin_micropython import MicropythonTwin
from protocol import codes
from tests.evidence.figure import figure
from tests.system.harness import BenchPen

SECOND = 1000
STATES = (
    codes.STATE_BOOT,
    codes.STATE_CARTRIDGE_OK,
    codes.STATE_CONFIGURED,
    codes.STATE_ARMED,
    codes.STATE_POSITIONING,
    codes.STATE_RUNNING,
    codes.STATE_PARKING,
)


def watched_ticks(ticks: int, program: Path | None = None) -> tuple[int, int, int, int, int]:
    """Run `ticks` ticks; (ticks, bytes allocated, ticks that raised, state mask, runs)."""
    script = ("-m", "tests.evidence.tick_heap_probe", str(ticks))
    twin = MicropythonTwin(program, script=script)
    with BenchPen(twin, seed=5) as pen:
        pen.configure()
        while twin.error is None:
            treat(pen, twin)
        words = [line for line in twin.error.splitlines() if line.startswith("heap ")]
    if not words:
        raise RuntimeError(f"The probe ended without a word: {twin.error}")
    seen, allocated, raised, states, runs = (int(word) for word in words[0].split()[1:])
    return seen, allocated, raised, states, runs


def treat(pen: BenchPen, twin: MicropythonTwin) -> None:
    """Arm, run for four seconds in skin, stop by button, rest. Afterwards it is armed again."""
    bench = pen.bench
    try:
        if pen.status().state == codes.STATE_CONFIGURED:
            pen.arm()
        pen.person.touch("cheek")
        pen.start()
        pen.person.release()
        pen.pump(4 * SECOND)
        pen.person.lift()
        pen.person.press()
        pen.pump(500)
        pen.person.release()
        pen.pump(500)
    except Exception:
        # The probe ends the firmware when it has seen enough, in the middle of anything.
        bench.advance(1)
        if twin.error is None:
            raise


def tick_heap(ticks: int = 60 * SECOND) -> list[dict[str, Any]]:
    """Measure `tick_heap_bytes`."""
    seen, allocated, raised, states, runs = watched_ticks(ticks)
    if raised:
        raise RuntimeError(f"{raised} of {seen} ticks raised under the heap lock")
    missing = [codes.STATE_NAMES[state] for state in STATES if not states >> state & 1]
    if missing:
        raise RuntimeError(f"the run never came to {', '.join(missing)}")
    note = f"unix MicroPython, heap locked in each tick; {runs} runs of needles among them"
    return [figure("tick_heap_bytes", allocated, "byte", "== 0", seen, note)]
