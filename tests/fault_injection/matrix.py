"""The cases: every fault in every state it can meet under three loads, and a cut at 100 phases.

In these the thumb stays down while the needles run. With a latched plan it does not: each fault is
tried in such a run as well, and those of the button and of the way to the host, by which a run is
ended, in each state from the press to the park. `short` is a fixed selection: each fault while
needles run, each in one other state, what ends a latched run, ten of the phases. Owns no state.
"""

from collections.abc import Iterator

from tests.fault_injection.case import Case
from tests.fault_injection.faults import BY_NAME, FAULTS
from tests.fault_injection.states import LOADS, RUNNING, START

PHASES = 100
CUT = "supply cut"
# Faults that are put into the interpreter from within this process cannot be put into another.
IN_PROCESS = (
    "heap exhausted",
    "exception in tick",
    "exceptions in tick",
    "exception in main",
)

# Faults of what ends a run: button, cable, and the main loop that hears the host.
ENDS = (
    "button stuck down",
    "button stuck up",
    "button bouncing",
    "link dropped",
    "link delayed",
    "link jittered",
    "link flooded",
    "link corrupted",
    "cable pulled",
    "loop in main",
    "loop in main, no host",
)
DRIVEN = (START, "positioning", RUNNING, "parking")


def cases() -> Iterator[Case]:
    """All of them."""
    for fault in FAULTS:
        for state in fault.states:
            for load in LOADS:
                yield Case(fault.name, state, load.name)
    for load in LOADS:
        for phase in range(PHASES):
            yield Case(CUT, RUNNING, load.name, phase)
    yield from latched()
    yield from on_micropython()


def latched() -> Iterator[Case]:
    """With a plan in which a press starts the needles and the next one stops them."""
    for fault in FAULTS:
        everywhere = fault.name in ENDS
        for state in DRIVEN if everywhere else (RUNNING,):
            for load in LOADS:
                if everywhere or load.name == "skin":
                    yield Case(fault.name, state, load.name, latch=True)


def on_micropython() -> Iterator[Case]:
    """The same firmware on the other interpreter: each fault while needles run."""
    for fault in FAULTS:
        if fault.name not in IN_PROCESS and fault.watch_ms < 6000:
            yield Case(fault.name, RUNNING, "skin", None, "micropython")


def short() -> Iterator[Case]:
    """Enough to see a mistake within a minute."""
    for number, fault in enumerate(FAULTS):
        quick = fault.watch_ms < 6000
        if quick:
            yield Case(fault.name, RUNNING, LOADS[number % 3].name)
        others = [state for state in fault.states if state != RUNNING]
        if quick:
            yield Case(fault.name, others[number % len(others)], LOADS[(number + 1) % 3].name)
    for phase in range(0, PHASES, 10):
        yield Case(CUT, RUNNING, LOADS[phase // 10 % 3].name, phase)
    for number, name in enumerate(ENDS):
        if BY_NAME[name].watch_ms < 6000:
            yield Case(name, RUNNING, LOADS[number % 3].name, latch=True)
    yield Case("button stuck down", START, "free", latch=True)  # 10 s, but nowhere else is it tried
