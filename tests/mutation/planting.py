"""Puts a mutant into force: in a function that is already loaded, or in a module to be imported.

A function gets the mutant's code in its place, so whoever holds the function has the mistake too.
What runs while a module is imported (tables, limits) can only be changed by importing it anew.
Owns the hook by which sources are imported, which compiles each once for all the processes that are
forked later.
"""

import ast
import importlib.machinery
import importlib.util
import inspect
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tests.mutation.operators import Mutant, mutants, mutated
from tests.mutation.targets import REPOSITORY, dotted

OURS = ("protocol", "firmware", "hardware", "host_controller", "tests", "docs")


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

    @contextmanager
    def swapped(self, mutant: Mutant) -> Iterator[None]:
        """Give the loaded function the mutant's code meanwhile. LookupError where that cannot be.

        It cannot where the function is defined under a condition, or where the mistake changes
        which variables of an outer scope it uses.
        """
        wanted = mutant.function
        function = _function(sys.modules[dotted(self.path)], wanted)
        right, wrong = function.__code__, self._code_of_function(mutant)
        if wrong.co_freevars != right.co_freevars:
            raise LookupError(wanted)
        function.__code__ = wrong
        try:
            yield
        finally:
            function.__code__ = right

    def can_swap(self, mutant: Mutant) -> bool:
        """Whether `swapped` can do it."""
        try:
            with self.swapped(mutant):
                return True
        except LookupError:
            return False

    def _code_of_function(self, mutant: Mutant) -> CodeType:
        alone = ast.Module([_statement(self.tree.body, mutant.function)], [])
        with mutated(mutant):
            whole = compile(alone, self.file, "exec", dont_inherit=True)
        return _find(whole, mutant.function)

    @contextmanager
    def installed(self, mutant: Mutant) -> Iterator[None]:
        """Let every import of the module have the mutant in it meanwhile."""
        name = dotted(self.path)
        right = Kept(name, self.file).get_code(name)
        assert right is not None
        Kept.codes[name] = self.code(mutant)
        try:
            yield
        finally:
            Kept.codes[name] = right


def _statement(body: list[ast.stmt], wanted: str) -> ast.stmt:
    """The statement that makes this function, without its neighbours in a class."""
    first, _, rest = wanted.partition(".")
    for statement in body:
        if isinstance(statement, ast.FunctionDef) and statement.name == wanted:
            return statement
        if isinstance(statement, ast.ClassDef) and statement.name == first and rest:
            alone = ast.ClassDef(first, [], [], [_statement(statement.body, rest)], [])
            return ast.copy_location(alone, statement)
    raise LookupError(wanted)


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


class Kept(importlib.machinery.SourceFileLoader):
    """Loads a module of the project from its kept code, which `codes` owns."""

    codes: dict[str, CodeType] = {}  # noqa: RUF012 - one for all loaders

    def get_code(self, fullname: str) -> CodeType | None:
        """Compile (or read) once, whoever asks."""
        if fullname not in self.codes:
            code = super().get_code(fullname)
            if code is None:
                return None
            self.codes[fullname] = code
        return self.codes[fullname]


class Finder:
    """Finds the project's modules, and remembers where."""

    _specs: dict[str, tuple[str, bool]] = {}  # noqa: RUF012 - one for all: file, is a package

    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Of the import system's protocol."""
        if fullname.partition(".")[0] not in OURS:
            return None
        if fullname not in cls._specs:
            spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
            if spec is None or not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
                return spec
            cls._specs[fullname] = str(spec.origin), spec.submodule_search_locations is not None
        file, is_package = cls._specs[fullname]
        return importlib.util.spec_from_file_location(
            fullname,
            file,
            loader=Kept(fullname, file),
            submodule_search_locations=[file.rpartition("/")[0]] if is_package else None,
        )


def keep_codes() -> None:
    """From now on, load what is the project's from kept code."""
    if Finder not in sys.meta_path:
        sys.meta_path.insert(0, Finder)


def forget_project() -> None:
    """Let every module of the project be imported again."""
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        if not name.startswith("tests.mutation") and name != "tests":
            del sys.modules[name]
