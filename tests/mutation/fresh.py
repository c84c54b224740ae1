"""Tries mutants of what runs at import: a fork in which the project is imported with the mistake.

The parent has pytest and everybody else's packages loaded but nothing of the project, so a fork
costs a few milliseconds and pytest's start about 150. Owns no state.
"""

import ast
import importlib
import sys
from functools import cache

import pytest

from tests.mutation.operators import Mutant
from tests.mutation.planting import Source, forget_project
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


def warm_up() -> None:
    """Import what is not the project's; call it before anything of the project is imported."""
    sys.dont_write_bytecode = True
    for name in ELSEWHERE:
        importlib.import_module(name)


def test_files(path: str, seconds: dict[str, float]) -> list[str]:
    """Tests that import a source, themselves or by a helper of theirs: its mirror first, then the
    quickest. All of its area where there are none.
    """
    name = dotted(path)
    files = [
        str(file.relative_to(REPOSITORY))
        for folder in tests_for(path)
        for file in sorted((REPOSITORY / folder).rglob("test_*.py"))
    ]
    direct = [file for file in files if name in _reached(dotted(file))] or files
    first = mirror(path)
    return sorted(direct, key=lambda file: (file != first, seconds.get(file, 0.0)))


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


def notices(source: Source, mutant: Mutant, files: list[str]) -> bool:
    """Import everything anew with the mutant in it; true if a test of these files fails."""
    forget_project()
    source.install(mutant)
    options = ["-q", "-x", "-m", RING, "--assert=plain", "-o", "timeout=0"]
    options += ["-o", "addopts=--import-mode=importlib"]
    code = pytest.main([*files, *options])
    return code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
