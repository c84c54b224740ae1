"""Tests that need no pytest: functions without fixtures, called one by one.

Starting pytest takes a hundred times as long as a test of a table, so what acts at import is tried
with these first. A case is a function and one set of its parameters. Owns no state.
"""

import importlib
import inspect
import itertools
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

import pytest

from tests.mutation.targets import dotted

# Marks that say nothing about how a test is run.
HARMLESS = ("timeout", "slow", "hypothesis")


class Case(NamedTuple):
    """One call of a test."""

    name: str
    call: Callable[[], object]


def cases(file: str) -> list[Case]:
    """Import a file of tests; its cases, in its order."""
    module = importlib.import_module(dotted(file))
    return [
        Case(f"{name}[{number}]", call)
        for name, test in vars(module).items()
        if name.startswith("test_") and _is_its_own(test, module)
        for number, call in enumerate(_calls(test))
    ]


def fails(call: Callable[[], object]) -> bool:
    """Whether a test fails; one that skips itself does not."""
    try:
        call()
    except pytest.skip.Exception:
        return False
    except (Exception, SystemExit, pytest.fail.Exception):
        return True
    return False


def _is_its_own(test: object, module: ModuleType) -> bool:
    return isinstance(test, FunctionType) and test.__module__ == module.__name__


def _calls(test: FunctionType) -> Iterator[Callable[[], object]]:
    """The test with each set of its parameters; nothing if it wants more than these."""
    choices: list[list[dict[str, Any]]] = []
    for mark in getattr(test, "pytestmark", ()):
        if mark.name == "parametrize" and not mark.kwargs.get("indirect"):
            choices.append(_choices(*mark.args[:2]))
        elif mark.name not in HARMLESS:
            return
    wanted = set(inspect.signature(test).parameters)
    for parts in itertools.product(*choices):
        given = {name: value for part in parts for name, value in part.items()}
        if set(given) != wanted:
            return
        yield lambda given=given: test(**given)  # type: ignore[misc]


def _choices(names: "str | tuple[str, ...]", rows: Any) -> list[dict[str, Any]]:
    parts = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    found = []
    for row in rows:
        if isinstance(row, type(pytest.param())):
            if row.marks:
                continue
            values = row.values
        else:
            values = (row,) if len(parts) == 1 else tuple(row)
        found.append(dict(zip(parts, values, strict=True)))
    return found
