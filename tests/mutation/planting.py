"""Puts a mutant into force: in a function that is already loaded, or in a module to be imported.

A function gets the mutant's code in its place, so whoever holds the function has the mistake too.
What runs while a module is imported (tables, limits) can only be changed by importing it anew.
Both are for a process that ends with its mutant. Owns the import hook while it is installed.
"""

import ast
import importlib.abc
import importlib.machinery
import inspect
import sys
from collections.abc import Sequence
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tests.mutation.operators import Mutant, mutants, mutated
from tests.mutation.targets import REPOSITORY, dotted


class Source:
    """One module's tree and its mutants."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.file = str(REPOSITORY / path)
        self.tree = ast.parse((REPOSITORY / path).read_text(), self.file)
        self.mutants = mutants(path, self.tree)

    def code(self, mutant: Mutant) -> CodeType:
        """The whole module with the mutant in it."""
        with mutated(mutant):
            return compile(self.tree, self.file, "exec", dont_inherit=True)

    def swap(self, mutant: Mutant) -> None:
        """Give the loaded function the mutant's code. Raises LookupError where there is none."""
        wanted = mutant.function
        code = _find(self.code(mutant), wanted)
        _function(sys.modules[dotted(self.path)], wanted).__code__ = code

    def install(self, mutant: Mutant) -> None:
        """Let the next import of the module have the mutant in it."""
        sys.meta_path.insert(0, Finder(dotted(self.path), self.file, self.code(mutant)))


def forget_project() -> None:
    """Let every module of the project be imported again."""
    ours = ("protocol", "firmware", "hardware", "host_controller", "tests", "docs")
    for name in [name for name in sys.modules if name.partition(".")[0] in ours]:
        if not name.startswith("tests.mutation"):
            del sys.modules[name]


def _find(code: CodeType, qualified: str) -> CodeType:
    """The code of the function with this name."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_qualname == qualified:
                return inner
            if qualified.startswith(inner.co_qualname + "."):
                return _find(inner, qualified)
    raise LookupError(qualified)


def _function(module: ModuleType, qualified: str) -> FunctionType:
    found: Any = module
    for name in qualified.split("."):
        found = vars(found)[name]
    if isinstance(found, property):
        found = found.fget
    if isinstance(found, staticmethod | classmethod):
        found = found.__func__
    found = inspect.unwrap(found)
    if isinstance(found, FunctionType):
        return found
    raise LookupError(qualified)


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module, and runs the code given for it."""

    def __init__(self, name: str, file: str, code: CodeType) -> None:
        self._name = name
        self._file = file
        self._code = code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, origin=self._file)

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = self._file
        exec(self._code, module.__dict__)
