"""A mutant is in force where it was put, and how its process ended is told."""

import ast
import importlib
import sys

import pytest

from protocol import zones
from tests.mutation import children, fresh, targets
from tests.mutation.planting import Finder, Kept, Source, keep_codes
from tests.mutation.targets import REPOSITORY, dotted, mirror, modules

NUMBERS = "test_numbers_count_from_one_and_names_are_unique[0]"


def in_a_child(attempt: object, seconds: float = 5.0) -> str:
    """How an attempt ends that says True for a failing test."""

    def say(_job: int) -> str:
        return "a test" if attempt() else ""  # type: ignore[operator]

    return next(iter(children.each([0], say, bool, lambda _: seconds, 1)))[1].how


def test_a_function_that_is_loaded_gets_the_mistake_and_keeps_its_name() -> None:
    source = Source("protocol/zones.py")
    mutant = next(m for m in source.mutants if m.function == "zone_id" and "==" in m.what)

    def attempt() -> bool:
        before = zones.zone_id("cheek")
        held = zones.zone_id
        try:
            with source.swapped(mutant):
                return held("cheek") != before
        except ValueError:
            return True

    assert source.can_swap(mutant)
    assert attempt()
    assert zones.zone_id("cheek") == 6  # and it has its own code again
    assert in_a_child(attempt) == children.KILLED


def test_what_loses_its_outer_variable_is_not_swapped() -> None:
    source = Source("protocol/codec.py")
    importlib.import_module("protocol.codec")
    mutants = [m for m in source.mutants if m.function == "FieldError.__init__"]
    assert {m.what for m in mutants if not source.can_swap(m)} == {
        "super().__init__('%s is %d, allowed is %d to %d' % (name, value, low, high)) -> pass"
    }


def test_what_is_defined_under_a_condition_is_not_swapped() -> None:
    source = Source("protocol/interpreter.py")
    importlib.import_module("protocol.interpreter")
    mutant = next(m for m in source.mutants if m.function == "const")
    assert not source.can_swap(mutant)
    with pytest.raises(LookupError), source.swapped(mutant):
        pass


def test_what_runs_at_import_is_changed_by_importing_it_anew() -> None:
    source = Source("firmware/modes.py")
    mutant = source.mutants[0]

    def attempt() -> bool:
        del sys.modules["firmware.modes"]
        keep_codes()
        with source.installed(mutant):
            wrong = importlib.import_module("firmware.modes").MODE_OFF
        del sys.modules["firmware.modes"]
        return bool(wrong) and importlib.import_module("firmware.modes").MODE_OFF == 0

    import firmware.modes

    assert in_a_child(attempt) == children.KILLED
    assert firmware.modes.MODE_OFF == 0


def test_the_projects_modules_are_found_and_no_others() -> None:
    for name in ("json", "json.decoder", "pytest"):
        assert Finder.find_spec(name, None) is None
    spec = Finder.find_spec("protocol.zones", [str(REPOSITORY / "protocol")])
    assert spec is not None
    assert spec.origin == str(REPOSITORY / "protocol/zones.py")
    assert isinstance(spec.loader, Kept)


def test_a_module_is_compiled_once() -> None:
    loader = Kept("protocol.zones", str(REPOSITORY / "protocol/zones.py"))
    try:
        assert loader.get_code("protocol.zones") is loader.get_code("protocol.zones")
    finally:
        del Kept.codes["protocol.zones"]


def test_a_method_gets_the_mistake_without_its_neighbours() -> None:
    source = Source("protocol/layout.py")
    from protocol.layout import Layout

    mutant = next(m for m in source.mutants if m.function == "Layout.fits" and "<=" in m.what)
    layout = Layout("struct", (("zone", "B", "", 0, 1),))

    def attempt() -> bool:
        with source.swapped(mutant):
            return not layout.fits(1)

    assert in_a_child(attempt) == children.KILLED
    assert layout.fits(1)


def test_a_function_in_a_function_is_known_as_such() -> None:
    source = Source("protocol/interpreter.py")
    nested = {mutant.function for mutant in source.mutants if mutant.nested}
    assert nested == {"unpacker"}


def tried_at_import(what: str, known: fresh.Known) -> str:
    """How a mutant of the zones' table ends."""
    source = Source("protocol/zones.py")
    mutant = next(m for m in source.mutants if m.what == what and not m.in_function)
    files = ["tests/protocol/test_zones.py"]

    def attempt(_job: int) -> str:
        keep_codes()
        return fresh.notices(source, mutant, files, known)

    return next(iter(children.each([0], attempt, bool, lambda _: 20.0, 1)))[1].how


def test_what_acts_at_import_is_noticed_with_and_without_pytest() -> None:
    plainly = fresh.Known({"tests/protocol/test_zones.py": {"": 0.0, NUMBERS: 0.0}})
    for known in (plainly, fresh.Known()):
        assert tried_at_import("3 -> 4", known) == children.KILLED


def test_pytest_lets_pass_what_changes_nothing() -> None:
    source = Source("protocol/zones.py")
    mutant = next(m for m in source.mutants if not m.in_function)
    mutant.after = ast.Constant(mutant.holder[mutant.place].value)  # no mistake at all
    ast.copy_location(mutant.after, mutant.holder[mutant.place])

    def attempt(_job: int) -> str:
        keep_codes()
        return fresh.notices(source, mutant, ["tests/protocol/test_zones.py"], fresh.Known())

    ended = next(iter(children.each([0], attempt, bool, lambda _: 20.0, 1)))[1]
    assert ended.how == children.SURVIVED


def test_every_source_has_tests_and_its_name() -> None:
    paths = modules()
    assert len(paths) > 40
    for path in paths:
        assert targets.tests_for(path, 0)
        for stage in range(targets.STAGES + 1):
            assert all((REPOSITORY / place).exists() for place in targets.tests_for(path, stage))
    assert dotted("protocol/cobs.py") == "protocol.cobs"
    assert dotted("firmware/safety/__init__.py") == "firmware.safety"
    assert mirror("firmware/safety/rules.py") == "tests/firmware/safety/test_rules.py"
