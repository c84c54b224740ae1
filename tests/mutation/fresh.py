"""Tries mutants of what runs at import: the project is imported anew with the mistake in it.

The parent has pytest and everybody else's packages loaded but nothing of the project, and the
compiled code of every source (`planting.Kept`). A child first calls the tests that need no pytest
(`plain`), those first that have noticed most of the module's mistakes; what they let pass is tried
with all tests that import the module, by pytest, in a fork. Owns the order of the tests.
"""

import ast
import importlib
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from functools import cache

import pytest

from tests.mutation.operators import Mutant
from tests.mutation.plain import cases, fails
from tests.mutation.planting import Kept, Source, forget_project, keep_codes
from tests.mutation.targets import REPOSITORY, RING, dotted, mirror, tests_for

# What tests import from elsewhere, so that no fork has to.
ELSEWHERE = (
    "cobs.cobs",
    "hypothesis.stateful",
    "hypothesis.strategies",
    "numpy",
    "rich.console",
    "click",
    "serial",
)
QUICK_S = 0.25  # a longer test is left to pytest


def warm_up() -> None:
    """Import what is not the project's; call it before anything of the project is imported."""
    os.environ["HYPOTHESIS_PROFILE"] = "noticing"
    for name in ELSEWHERE:
        importlib.import_module(name)
    keep_codes()


@dataclass
class Known:
    """What the plain tests of some files take when nothing is wrong."""

    seconds: dict[str, dict[str, float]] = field(default_factory=dict)  # file -> case -> s
    modules: list[str] = field(default_factory=list)  # what they import of the project

    def of(self, files: list[str]) -> float:
        """Seconds that all of these take."""
        return sum(sum(self.seconds.get(file, {}).values()) for file in files)


def measure(files: list[str]) -> Known:
    """Call every plain test of these files; those that fail so want pytest, and are left to it."""
    forget_project()
    _settle()
    known = Known()
    for file in files:
        begin = time.process_time()
        found = cases(file)
        times = {"": time.process_time() - begin}
        for name, call in found:
            begin = time.process_time()
            if not fails(call):
                spent = time.process_time() - begin
                if spent < QUICK_S:
                    times[name] = spent
        known.seconds[file] = times
    known.modules = [name for name in sys.modules if name.partition(".")[0] == "tests"]
    known.modules += [name for name in sys.modules if name.startswith(("protocol", "firmware"))]
    return known


def prepare(known: Known) -> None:
    """Compile what the forks will import."""
    for name in known.modules:
        path = REPOSITORY / (name.replace(".", "/") + ".py")
        if path.is_file():
            Kept(name, str(path)).get_code(name)


def _settle() -> None:
    """What pytest would do first: the settings of property tests."""
    importlib.import_module("tests.conftest")


class Order:
    """In which order the files of a module's tests are tried: those that noticed most first."""

    def __init__(self, path: str, stage: int, known: Known) -> None:
        first = mirror(path)

        def cost(file: str) -> tuple[bool, float]:
            return file != first, sum(known.seconds.get(file, {}).values())

        self.files = sorted(test_files(path, stage), key=cost)
        self._noticed: dict[str, int] = {}

    def has_noticed(self, by: str) -> None:
        """Move forward the file of what `notices` named."""
        file = by.partition("::")[0]
        self._noticed[file] = self._noticed.get(file, 0) + 1
        self.files.sort(key=lambda name: -self._noticed.get(name, 0))


def test_files(path: str, stage: int) -> list[str]:
    """Tests of a stage that import a source, themselves or by a helper, or whatever there is."""
    name = dotted(path)
    files = []
    for place in tests_for(path, stage):
        where = REPOSITORY / place
        files += [where] if where.is_file() else sorted(where.rglob("test_*.py"))
    found = [str(file.relative_to(REPOSITORY)) for file in files]
    return [file for file in found if _reached(dotted(file)) & {name, "importlib"}]


def _reached(test: str) -> set[str]:
    """What a module of the tests imports, and what the modules of the tests do that it imports."""
    names: set[str] = set()
    waiting, seen = [test], {test}
    while waiting:
        fresh = _imported(waiting.pop())
        names |= fresh
        more = {name for name in fresh if name.startswith("tests.")} - seen
        seen |= more
        waiting += more
    return names


@cache
def _imported(test: str) -> frozenset[str]:
    file = REPOSITORY / f"{test.replace('.', '/')}.py"
    if not file.is_file():
        return frozenset()
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(names)


def notices(source: Source, mutant: Mutant, files: list[str], known: Known) -> str:
    """Import everything anew with the mutant in it; "file::case" that fails, "" if none does."""
    if not files:
        return ""
    with source.installed(mutant):
        forget_project()
        _settle()
        for file in files:
            times = known.seconds.get(file, {})
            if len(times) > 1:
                case = _first_failure(file, times)
                if case is not None:
                    return f"{file}::{case}"
        return "pytest" if _fails_in_pytest(files) else ""


def passes(noticed: set[str], known: Known) -> bool:
    """Import everything anew without a mistake; whether these cases pass."""
    forget_project()
    _settle()
    for name in noticed:
        file, found, case = name.partition("::")
        if found and _first_failure(file, known.seconds[file], case) is not None:
            return False
    return True


def _first_failure(file: str, times: dict[str, float], only: str = "") -> str | None:
    """Name of the first case that fails, quickest first; "" where they cannot be imported."""
    try:
        found = [case for case in cases(file) if case.name in times]
    except (Exception, SystemExit, pytest.fail.Exception):
        return ""
    for case in sorted(found, key=lambda case: times[case.name]):
        if only in ("", case.name) and fails(case.call):
            return case.name
    return None


def _fails_in_pytest(files: list[str]) -> bool:
    """In a fork, which has as much time as is left here: pytest runs once in a process."""
    left = signal.getitimer(signal.ITIMER_PROF)[0]
    pid = os.fork()
    if not pid:
        code: int = pytest.ExitCode.INTERNAL_ERROR
        try:
            signal.setitimer(signal.ITIMER_PROF, left)
            options = ["-q", "-x", "-m", RING, "--assert=plain", "-o", "timeout=0"]
            options += ["-o", "addopts=--import-mode=importlib"]
            code = pytest.main([*files, *options])
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    # What pytest cannot do itself has noticed nothing.
    return code < 0 or code in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED)
