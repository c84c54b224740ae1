"""Finds out which mutants no test notices. Owns the processes of one hunt.

First the mutants of functions, in a fork of a process that has collected the tests (`warm`), then
those of code that runs at import, as far as nobody has noticed them yet (`fresh`).
"""

import os
import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.mutation import children, fresh
from tests.mutation.operators import Mutant
from tests.mutation.planting import Source
from tests.mutation.targets import modules, tests_for

UNREACHED = "unreached"  # no test runs its line
PATIENCE = 3.0  # times what a test takes without it, before a mutant counts as looping
START_S = 1.0


@dataclass
class Found:
    """What a hunt came to: names of mutants by how they ended."""

    ended: dict[str, str] = field(default_factory=dict)
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


def hunt(
    paths: list[str] | None = None,
    sample: int = 0,
    seed: int = 1,
    says: Callable[[str], None] = lambda _: None,
) -> Found:
    """Try all mutants of these sources (all there are), or `sample` of them drawn by `seed`."""
    begin = time.monotonic()
    sources = {path: Source(path) for path in paths or modules()}
    tests = tuple(sorted({folder for path in sources for folder in tests_for(path)}))
    chosen = [mutant for source in sources.values() for mutant in source.mutants]
    if sample and sample < len(chosen):
        chosen = Random(seed).sample(chosen, sample)
    at_once = len(os.sched_getaffinity(0))
    warm = _in_a_fork(lambda: _hunt_warm(sources, chosen, tests, at_once))
    found = Found(sick=warm.sick)
    if warm.sick:
        return found
    found.ended.update(warm.ended)
    says(
        f"{len(warm.ended)} mutants of functions after {time.monotonic() - begin:.0f} s,"
        f" {len(warm.for_fresh)} of what runs at import to come"
    )
    by_name = {mutant.name: mutant for mutant in chosen}
    left = [by_name[name] for name in warm.for_fresh]
    _hunt_fresh(sources, left, warm.seconds_by_file, at_once, found)
    found.seconds = time.monotonic() - begin
    return found


def _in_a_fork(work: Callable[[], _Warm]) -> _Warm:
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
    told: _Warm = pickle.loads(said)
    return told


def _hunt_warm(
    sources: dict[str, Source], chosen: list[Mutant], tests: tuple[str, ...], at_once: int
) -> _Warm:
    from tests.mutation import warm  # imports nothing of the project, but starts with pytest

    told = _Warm()

    def work(session: warm.Session) -> None:
        reach = session.reach(at_once)
        told.sick = reach.failed
        if reach.failed:
            return
        for number, item in enumerate(session.items):
            file = item.nodeid.partition("::")[0]
            told.seconds_by_file[file] = told.seconds_by_file.get(file, 0.0) + reach.seconds[number]
        jobs = []
        for mutant in chosen:
            numbers = reach.tests_of(mutant) if mutant.in_function else []
            if numbers:
                jobs.append((mutant, numbers))
            elif reach.at_import(mutant):
                told.for_fresh.append(mutant.name)
            else:
                told.ended[mutant.name] = UNREACHED

        def attempt(job: tuple[Mutant, list[int]]) -> bool:
            mutant, numbers = job
            sources[mutant.module].swap(mutant)
            return bool(session.first_failure(numbers, limit))

        def limit(number: int) -> float:
            return START_S + PATIENCE * reach.seconds[number]

        def seconds(job: tuple[Mutant, list[int]]) -> float:
            return limit(job[1][0])

        for (mutant, _), how in children.each(jobs, attempt, seconds, at_once):
            told.ended[mutant.name] = how
            if how == children.SURVIVED and reach.at_import(mutant):
                told.for_fresh.append(mutant.name)

    warm.serve(work, tests)
    return told


def _hunt_fresh(
    sources: dict[str, Source],
    wanted: list[Mutant],
    seconds_by_file: dict[str, float],
    at_once: int,
    found: Found,
) -> None:
    files = {path: fresh.test_files(path, seconds_by_file) for path in sources}

    def seconds(mutant: Mutant) -> float:
        return START_S + PATIENCE * sum(seconds_by_file.get(f, 0.0) for f in files[mutant.module])

    def attempt(mutant: Mutant) -> bool:
        return fresh.notices(sources[mutant.module], mutant, files[mutant.module])

    for mutant, how in children.each(wanted, attempt, seconds, at_once):
        found.ended[mutant.name] = how
