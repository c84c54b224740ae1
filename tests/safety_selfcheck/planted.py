"""Looks for a bug planted in the source: `python -m tests.safety_selfcheck.planted tests NAME`.

`tests` runs the test that is named after the place, `campaign` plays the bug's script, `search`
random runs of the campaign until one breaks any promise (none does without the bug), `nothing`
plays the script without the bug. The bug is in the module that this process imports, and nowhere
else. Prints what noticed it; exits with 1 if nothing did. Owns the process.
"""

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType, ModuleType

from tests.safety_selfcheck.bugs import BY_NAME, Bug

REPOSITORY = Path(__file__).resolve().parents[2]
RUNS = 400  # of the campaign that are tried


class PatternGone(LookupError):
    """The source has changed: plant the bug anew."""


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module, and runs the code given for it."""

    def __init__(self, name: str, file: str, code: CodeType) -> None:
        self._name = name
        self._file = file
        self._code = code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Of the import system's protocol."""
        if fullname != self._name:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, origin=self._file)

    def exec_module(self, module: ModuleType) -> None:
        """Run it."""
        module.__file__ = self._file
        exec(self._code, module.__dict__)


def source(bug: Bug) -> str:
    """The module's text with the bug in it. Raises PatternGone."""
    text = (REPOSITORY / bug.path).read_text()
    if text.count(bug.before) != 1:
        raise PatternGone(
            f"{bug.name}: {bug.path} has {bug.before!r} {text.count(bug.before)} times"
        )
    return text.replace(bug.before, bug.after)


def plant(bug: Bug) -> None:
    """Put the bug into the module that will be imported."""
    file = str(REPOSITORY / bug.path)
    code = compile(source(bug), file, "exec", dont_inherit=True)
    name = bug.path.removesuffix(".py").replace("/", ".")
    if name in sys.modules:
        raise RuntimeError(f"{name} is loaded already")
    sys.meta_path.insert(0, Finder(name, file, code))


def noticed_by_tests(bug: Bug) -> str:
    """Run the test that is named after the place; "" if it notices nothing."""
    import pytest

    code = pytest.main([bug.test, "-q", "-x", "--no-header", "-m", "not mpy"])
    return bug.test if code == pytest.ExitCode.TESTS_FAILED else ""


def noticed_by_campaign(bug: Bug) -> str:
    """Play its script; "" if it breaks no promise, or only others."""
    from tests.campaign.play import play

    return "; ".join(str(one) for one in play(bug.script).broken if one.promise == bug.promise)


def noticed_by_search(bug: Bug) -> str:
    """Play random runs until one breaks a promise, whichever; "" if none does."""
    from tests.campaign.campaign import one

    for number in range(RUNS):
        for broken in one(number).broken:
            return f"run {number}: {broken}"
    return ""


LOOK: dict[str, Callable[[Bug], str]] = {
    "tests": noticed_by_tests,
    "campaign": noticed_by_campaign,
    "search": noticed_by_search,
    "nothing": noticed_by_campaign,
}


def main(how: str, name: str) -> int:
    """The command."""
    bug = BY_NAME[name]
    if how != "nothing":
        plant(bug)
    said = LOOK[how](bug)
    print(said)
    return 0 if said else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
