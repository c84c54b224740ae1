"""Tries mutants of functions in a process that has collected all tests already.

A pytest plugin: where pytest would run its tests, this runs the tests that reach a mutant's line,
quickest first, until one fails, in forks that live on. Which test reaches which line is measured
once, by coverage, in a fork as well; the process itself never runs a test. Owns the session.
"""

import os
import pickle
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import coverage
import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.operators import Mutant
from tests.mutation.targets import REPOSITORY, RING, SOURCES

WORTH = 20  # a test that has noticed one mistake may take so many times longer than others
Lines = dict[str, dict[int, list[int]]]  # file -> line -> numbers of tests


@dataclass
class Reach:
    """Which test reaches which line, and how long each takes."""

    lines: Lines = field(default_factory=dict)
    imported: dict[str, set[int]] = field(default_factory=dict)  # lines that run without a test
    seconds: dict[int, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    # module, function -> test -> how many mistakes there it has noticed
    noticed: dict[tuple[str, str], dict[int, int]] = field(default_factory=dict)

    def add(self, other: "Reach") -> None:
        """What another process has measured, with other tests."""
        self.seconds.update(other.seconds)
        self.failed += other.failed
        for file, lines in other.lines.items():
            mine = self.lines.setdefault(file, {})
            for line, tests in lines.items():
                mine[line] = mine.get(line, []) + tests
            self.imported.setdefault(file, set()).update(other.imported[file])

    def tests_of(self, mutant: Mutant) -> list[int]:
        """Tests that reach a mutant, those first that are quick or have noticed its neighbours."""
        noticed = self.noticed.get((mutant.module, mutant.function), {})

        def cost(number: int) -> float:
            return self.seconds[number] / (1 + WORTH * noticed.get(number, 0))

        return sorted(self.lines.get(mutant.module, {}).get(mutant.line, ()), key=cost)

    def has_noticed(self, number: int, mutant: Mutant) -> None:
        """Remember which test is good for a function."""
        noticed = self.noticed.setdefault((mutant.module, mutant.function), {})
        noticed[number] = noticed.get(number, 0) + 1

    def at_import(self, mutant: Mutant) -> bool:
        """Whether it acts while its module is imported, or in what is made then."""
        imported = self.imported.get(mutant.module, ())
        return not mutant.in_function or mutant.nested or mutant.line in imported


class Session:
    """Pytest's own session, ready to run any of its tests in a fork."""

    def __init__(self, work: Callable[["Session"], None]) -> None:
        self._work = work
        self.items: list[pytest.Item] = []
        self.cover: coverage.Coverage | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of running all tests."""
        self.items = session.items
        self._work(self)
        return True

    def first_failure(self, numbers: list[int], seconds: Callable[[int], float]) -> int | None:
        """Run these tests; the number of the first that fails, None if none does.

        Each may take so many `seconds` of processor time; the process ends with one that loops.
        """
        for number in numbers:
            signal.setitimer(signal.ITIMER_PROF, seconds(number))
            if self.fails(number):
                return number
        return None

    def fails(self, number: int) -> bool:
        """Run one test, with all that it sets up for itself; whether it fails."""
        try:
            reports = runtestprotocol(self.items[number], log=False, nextitem=None)
        except (Exception, KeyboardInterrupt, SystemExit, pytest.exit.Exception):
            return True  # it asked pytest itself to end
        return any(report.failed for report in reports)

    def reach(self, at_once: int) -> Reach:
        """Run every test once, in forks, and see where it goes."""
        files = sorted({item.nodeid.partition("::")[0] for item in self.items})
        readers = []
        for part in range(at_once):
            mine = set(files[part::at_once])
            reader, writer = os.pipe()
            if not os.fork():
                with os.fdopen(writer, "wb") as out:
                    pickle.dump(self._measured(mine), out)
                os._exit(0)
            os.close(writer)
            readers.append(reader)
        reach = Reach()
        for reader in readers:
            with os.fdopen(reader, "rb") as back:
                reach.add(pickle.load(back))
            os.wait()
        return reach

    def _measured(self, files: set[str]) -> Reach:
        """Run the tests of these files; fixtures of a file are shared as ever."""
        reach = Reach()
        cover = self.cover
        assert cover is not None
        mine = [n for n, item in enumerate(self.items) if item.nodeid.partition("::")[0] in files]
        for position, number in enumerate(mine):
            item = self.items[number]
            cover.switch_context(str(number))
            begin = time.process_time()
            following = self.items[mine[position + 1]] if position + 1 < len(mine) else None
            reports = runtestprotocol(item, log=False, nextitem=following)
            reach.seconds[number] = time.process_time() - begin
            if any(report.failed for report in reports):
                reach.failed.append(item.nodeid)
        cover.stop()
        data = cover.get_data()
        for file in data.measured_files():
            lines: dict[int, list[int]] = {}
            imported: set[int] = set()
            for line, contexts in data.contexts_by_lineno(file).items():
                lines[line] = [int(one) for one in contexts if one]
                if "" in contexts:
                    imported.add(line)
            short = str(Path(file).relative_to(REPOSITORY))
            reach.lines[short], reach.imported[short] = lines, imported
        return reach


def serve(work: Callable[[Session], None], tests: tuple[str, ...], *options: str) -> int:
    """Collect the tests and let `work` use them; returns pytest's exit code."""
    cover = coverage.Coverage(
        data_file=None,
        source=[str(REPOSITORY / folder) for folder in SOURCES],
        config_file=False,
        messages=False,
    )
    cover.start()  # before the sources are imported: what runs then is marked as such
    session = Session(work)
    session.cover = cover
    words = [*tests, "-q", "-s", "-m", RING, "-o", "timeout=0", "--tb=native", *options]
    # A test that is chosen by its line may be any: random orders and captured logs do not matter.
    plugins: list[Any] = [session]
    code = pytest.main([*words, "--assert=plain", "-o", "addopts=--import-mode=importlib"], plugins)
    return int(code)
