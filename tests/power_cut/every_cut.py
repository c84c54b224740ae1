"""Runs the scenarios under every power cut, and under pairs of cuts. Owns the counts.

The work is repeated from the same cells for each cut; afterwards a new firmware starts on what is
left, is judged, and must be able to do the same work again.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from tests.power_cut.scenarios import Model, Scenario, judge, settle
from tests.power_cut.torn import TEARS, PowerCut, Tear, TornFlash

Prepared = tuple[TornFlash, Model]


@dataclass
class Tally:
    """Cuts tried, and what was wrong after them, each with the words that repeat it."""

    cuts: int = 0
    wrong: list[str] = field(default_factory=list)

    def take(self, name: str, found: list[str]) -> None:
        """Count one cut (or pair) and its judgement."""
        self.cuts += 1
        self.wrong += [f"{name}: {words}" for words in found]


def prepared(scenario: Scenario) -> Prepared:
    """Cells and model before the work."""
    flash, model = TornFlash(), Model()
    scenario.prepare(flash, model)
    return flash, model


def work(scenario: Scenario, flash: TornFlash, model: Model) -> bool:
    """Do the steps; False when the supply failed in one."""
    try:
        for step in scenario.steps:
            step(flash, model)
    except PowerCut:
        return False
    return True


def operations(scenario: Scenario, before: Prepared) -> int:
    """Flash operations of the work."""
    flash, model = before[0].copy(), deepcopy(before[1])
    work(scenario, flash, model)
    return flash.operations


def cut_once(
    scenario: Scenario, before: Prepared, operation: int, tear: Tear
) -> tuple[Prepared, list[str]]:
    """Cut the work in one operation; what is left, and what is wrong with it."""
    flash, model = before[0].copy(), deepcopy(before[1])
    flash.cut(operation, tear)
    if work(scenario, flash, model):
        return (flash, model), ["the cut did not come"]
    left = flash.copy()
    return (left, model), judge(left.copy(), model)


def every_single(scenario: Scenario, tally: Tally, tears: Sequence[Tear] = TEARS) -> None:
    """One cut in each operation; then the same work once more, undisturbed."""
    before = prepared(scenario)
    for operation in range(operations(scenario, before)):
        for tear in tears:
            (flash, model), wrong = cut_once(scenario, before, operation, tear)
            if not wrong:
                settle(flash, model)
                again = flash.copy()
                work(scenario, again, model)
                wrong = [f"afterwards {words}" for words in judge(again, model)]
            tally.take(f"{scenario.name}, operation {operation}, {tear}", wrong)


def every_pair(scenario: Scenario, tally: Tally, tears: Sequence[Tear] = TEARS) -> None:
    """After each cut the start itself, or the same work again, is cut as well."""
    before = prepared(scenario)
    for first in range(operations(scenario, before)):
        for tear in tears:
            (flash, model), wrong = cut_once(scenario, before, first, tear)
            name = f"{scenario.name}, operation {first}, {tear}"
            if wrong:
                tally.take(name, wrong)
                continue
            _cut_the_start(flash, model, name, tears, tally)
            settle(flash, model)
            middle = (flash.copy(), model)
            for second in range(operations(scenario, middle)):
                for other in tears:
                    _, wrong = cut_once(scenario, middle, second, other)
                    tally.take(f"{name}, then {second}, {other}", wrong)


def _cut_the_start(
    flash: TornFlash, model: Model, name: str, tears: Sequence[Tear], tally: Tally
) -> None:
    """A start writes at most the entry of a run that was not ended."""
    for tear in tears:
        left = flash.copy()
        left.cut(0, tear)
        try:
            wrong = judge(left, model)
        except PowerCut:
            wrong = judge(left.copy(), model)
        tally.take(f"{name}, then the start, {tear}", wrong)


def subsets(steps: Callable[[TornFlash], None], flash: TornFlash) -> Iterator[TornFlash]:
    """The cells for every subset of the programs of `steps` that a reordering could leave.

    Programs may be lost or overtake each other between two erases, but no erase is overtaken.
    """
    seen: list[tuple[int, bytes]] = []
    recorder = flash.copy()
    sound = recorder.program

    def program(address: int, data: bytes) -> None:
        seen.append((address, bytes(data)))
        sound(address, data)

    recorder.program = program  # type: ignore[method-assign]
    base = [flash.copy()]
    erase = recorder.erase

    def erased(address: int) -> None:
        erase(address)
        base[0] = TornFlash(bytearray(recorder.cells))
        seen.clear()

    recorder.erase = erased  # type: ignore[method-assign]
    steps(recorder)
    for chosen in range(1 << len(seen)):
        left = base[0].copy()
        for number, (address, data) in enumerate(seen):
            if chosen >> number & 1:
                left.program(address, data)
        yield left
