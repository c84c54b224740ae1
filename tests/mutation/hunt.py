"""Finds out which mutants no test notices. Owns the processes of one hunt.

First the mutants of functions, in forks of a process that has collected the tests (`warm`), then
those of code that runs at import, as far as nobody has noticed them yet (`fresh`); what the nearest
tests let pass is tried with all others. Mutants on the list of mistakes that change nothing are
left out: they would cost most and tell nothing.
"""

import os
import pickle
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from tests.mutation import children, fresh
from tests.mutation.operators import Mutant
from tests.mutation.planting import Source
from tests.mutation.targets import NEAR, STAGES, modules, tests_for

UNREACHED = "unreached"  # no test runs its line
PATIENCE = 4.0  # times what a test takes without it, before a mutant counts as looping
START_S = 0.2
SAID = 100  # names of those let pass, at most

Told = TypeVar("Told")


@dataclass
class Found:
    """What a hunt came to: names of mutants by how they ended."""

    ended: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    seconds: float = 0.0
    sick: list[str] = field(default_factory=list)  # tests that fail without any mutant

    def of(self, *how: str) -> list[str]:
        """Names of those that ended so."""
        return sorted(name for name, ending in self.ended.items() if ending in how)


@dataclass
class _Warm:
    """What the warm process tells."""

    ended: dict[str, str] = field(default_factory=dict)
    for_fresh: list[str] = field(default_factory=list)
    seconds_by_file: dict[str, float] = field(default_factory=dict)
    sick: list[str] = field(default_factory=list)
    whole: bool = False  # nothing went wrong meanwhile


def hunt(
    paths: list[str] | None = None,
    sample: int = 0,
    seed: int = 1,
    says: Callable[[str], None] = lambda _: None,
    leave_out: Collection[str] = (),
    near: bool = False,
) -> Found:
    """Try all mutants of these sources (all there are), or `sample` of them drawn by `seed`.

    `near`: with the few tests named after each source first, which spares running all others once.
    """
    begin = time.monotonic()
    sources = {path: Source(path) for path in paths or modules()}
    chosen = [mutant for source in sources.values() for mutant in source.mutants]
    if sample and sample < len(chosen):
        chosen = Random(seed).sample(chosen, sample)
    found = Found(left_out=[mutant.name for mutant in chosen if mutant.name in leave_out])
    left = [mutant for mutant in chosen if mutant.name not in leave_out]
    for stage in range(NEAR if near else 0, STAGES):
        if left:
            _stage(sources, left, stage, found)
        if found.sick:
            break
        left = [m for m in left if found.ended[m.name] in (children.SURVIVED, UNREACHED)]
        spent = f"{time.monotonic() - begin:.0f} s"
        row = "nearest tests" if stage == NEAR else f"tests of row {stage + 1}"
        said = [f"{row} let {len(left)} pass, {spent}"]
        says("\n  ".join(said + [mutant.name for mutant in left[:SAID]]))
    found.seconds = time.monotonic() - begin
    return found


def _stage(sources: dict[str, Source], chosen: list[Mutant], stage: int, found: Found) -> None:
    """Try these mutants with the tests of one stage."""
    paths = {mutant.module for mutant in chosen}
    tests = sorted({place for path in paths for place in tests_for(path, stage)})
    for mutant in chosen:
        found.ended.setdefault(mutant.name, UNREACHED)
    if not tests:
        return
    at_once = len(os.sched_getaffinity(0))
    warm = _in_a_fork(lambda: _hunt_warm(sources, chosen, tuple(tests), at_once))
    found.sick = warm.sick
    for name, how in warm.ended.items():
        if how != UNREACHED:
            found.ended[name] = how
    by_name = {mutant.name: mutant for mutant in chosen}
    left = [by_name[name] for name in warm.for_fresh]
    _hunt_fresh(sources, left, stage, warm.seconds_by_file, at_once, found)


def _in_a_fork(work: Callable[[], Told]) -> Told:
    reader, writer = os.pipe()
    if not os.fork():
        code = 1
        try:
            os.close(reader)
            told = work()
            with os.fdopen(writer, "wb") as out:
                pickle.dump(told, out)
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as back:
        said = back.read()
    os.wait()
    if not said:
        raise RuntimeError("the process that collects the tests has ended: run pytest on them")
    answer: Told = pickle.loads(said)
    return answer


def _hunt_warm(
    sources: dict[str, Source],
    chosen: list[Mutant],
    tests: tuple[str, ...],
    at_once: int,
) -> _Warm:
    from tests.mutation import warm  # imports nothing of the project, but starts with pytest

    told = _Warm()

    def work(session: warm.Session) -> None:
        reach = session.reach(at_once)
        told.sick = reach.failed
        if reach.failed:
            told.whole = True
            return
        for number, item in enumerate(session.items):
            file = item.nodeid.partition("::")[0]
            told.seconds_by_file[file] = told.seconds_by_file.get(file, 0.0) + reach.seconds[number]
        jobs = []
        for mutant in chosen:
            reached = bool(reach.tests_of(mutant))
            if reached and mutant.in_function:
                jobs.append(mutant)
            elif reached or reach.at_import(mutant):
                told.for_fresh.append(mutant.name)
            else:
                told.ended[mutant.name] = UNREACHED

        def attempt(mutant: Mutant) -> str:
            try:
                with sources[mutant.module].swapped(mutant):
                    number = session.first_failure(reach.tests_of(mutant), limit)
            except LookupError:
                return ""
            if number is None:
                return ""
            reach.has_noticed(number, mutant)
            return str(number)

        def confirm(noticed: set[str]) -> bool:
            return not any(session.fails(int(number)) for number in noticed if number)

        def limit(number: int) -> float:
            return START_S + PATIENCE * reach.seconds[number]

        def seconds(mutant: Mutant) -> float:
            return limit(reach.tests_of(mutant)[0])

        for mutant, end in children.each(jobs, attempt, confirm, seconds, at_once):
            told.ended[mutant.name] = end.how
            if end.by:
                reach.has_noticed(int(end.by), mutant)
            can_swap = sources[mutant.module].can_swap
            if end.how == children.SURVIVED and (reach.at_import(mutant) or not can_swap(mutant)):
                told.for_fresh.append(mutant.name)
        told.whole = True

    warm.serve(work, tests)
    if not told.whole:
        raise RuntimeError("the tests could not be collected, or a mutant not tried: see above")
    return told


def _hunt_fresh(
    sources: dict[str, Source],
    wanted: list[Mutant],
    stage: int,
    seconds_by_file: dict[str, float],
    at_once: int,
    found: Found,
) -> None:
    files = sorted({file for mutant in wanted for file in fresh.test_files(mutant.module, stage)})
    if not files:
        return
    known = _in_a_fork(lambda: fresh.measure(files))
    fresh.prepare(known)
    orders = {
        path: fresh.Order(path, stage, known) for path in {mutant.module for mutant in wanted}
    }

    def seconds(mutant: Mutant) -> float:
        mine = orders[mutant.module].files
        whole = known.of(mine) + sum(seconds_by_file.get(file, 0.0) for file in mine)
        return START_S + PATIENCE * whole

    def attempt(mutant: Mutant) -> str:
        order = orders[mutant.module]
        by = fresh.notices(sources[mutant.module], mutant, order.files, known)
        order.has_noticed(by)
        return by

    def confirm(noticed: set[str]) -> bool:
        return fresh.passes(noticed, known)

    for mutant, end in children.each(wanted, attempt, confirm, seconds, at_once):
        found.ended[mutant.name] = end.how
        if end.how == children.KILLED:
            orders[mutant.module].has_noticed(end.by)
