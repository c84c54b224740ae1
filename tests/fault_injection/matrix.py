"""The cases: every fault in every state it can meet under three loads, and a cut at 100 phases.

`short` is a fixed selection of them: each fault while needles run, each fault in one other state,
and ten of the phases. Owns no state.
"""

from collections.abc import Iterator

from tests.fault_injection.case import Case
from tests.fault_injection.faults import FAULTS
from tests.fault_injection.states import LOADS, RUNNING

PHASES = 100
CUT = "supply cut"
# Faults that are put into the interpreter from within this process cannot be put into another.
IN_PROCESS = (
    "heap exhausted",
    "exception in tick",
    "exceptions in tick",
    "exception in main",
)


def cases() -> Iterator[Case]:
    """All of them."""
    for fault in FAULTS:
        for state in fault.states:
            for load in LOADS:
                yield Case(fault.name, state, load.name)
    for load in LOADS:
        for phase in range(PHASES):
            yield Case(CUT, RUNNING, load.name, phase)
    yield from on_micropython()


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
