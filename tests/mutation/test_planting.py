"""A mutant is in force where it was put, and how its process ended is told."""

import importlib
import os
import sys
import time

import pytest

from protocol import zones
from tests.mutation import children, targets
from tests.mutation.planting import Finder, Source
from tests.mutation.targets import REPOSITORY, dotted, mirror, modules


def in_a_child(attempt: object, seconds: float = 5.0) -> str:
    jobs = children.each([0], lambda _: attempt(), lambda _: seconds, 1)  # type: ignore[operator]
    return next(iter(jobs))[1]


def test_a_function_that_is_loaded_gets_the_mistake_and_keeps_its_name() -> None:
    source = Source("protocol/zones.py")
    mutant = next(m for m in source.mutants if m.function == "zone_id" and "==" in m.what)

    def attempt() -> bool:
        before = zones.zone_id("cheek")
        held = zones.zone_id
        source.swap(mutant)
        try:
            return held("cheek") != before
        except ValueError:
            return True

    assert in_a_child(attempt) == children.KILLED
    assert zones.zone_id("cheek") == 6


def test_what_runs_at_import_is_changed_by_importing_it_anew() -> None:
    source = Source("firmware/modes.py")
    mutant = source.mutants[0]

    def attempt() -> bool:
        del sys.modules["firmware.modes"]
        source.install(mutant)
        return bool(importlib.import_module("firmware.modes").MODE_OFF)

    import firmware.modes

    assert in_a_child(attempt) == children.KILLED
    assert firmware.modes.MODE_OFF == 0


def test_one_module_is_found_and_no_other() -> None:
    finder = Finder("a.b", "a/b.py", compile("C = 1", "a/b.py", "exec"))
    assert finder.find_spec("a", None) is None
    assert finder.find_spec("a.b", None) is not None


def loops() -> bool:
    while True:
        pass


@pytest.mark.parametrize(
    ("attempt", "ending"),
    [
        (lambda: True, children.KILLED),
        (lambda: False, children.SURVIVED),
        (lambda: 1 // 0, children.KILLED),
        (lambda: os._exit(3), children.STOPPED),
        (loops, children.STOPPED),
        (lambda: bool(bytearray(children.MEMORY)), children.KILLED),
    ],
    ids=["noticed", "unnoticed", "raises", "crashes", "loops", "eats memory"],
)
def test_how_a_child_ends_is_told(attempt: object, ending: str) -> None:
    begin = time.process_time()
    assert in_a_child(attempt, 0.3) == ending
    assert time.process_time() - begin < 5.0


def test_children_run_side_by_side_and_each_is_told_once() -> None:
    jobs = list(range(20))
    ended = dict(children.each(jobs, lambda job: job % 3 == 0, lambda _: 5.0, 4))
    assert ended == {job: children.SURVIVED if job % 3 else children.KILLED for job in jobs}


def test_every_source_has_tests_and_its_name() -> None:
    paths = modules()
    assert len(paths) > 40
    for path in paths:
        assert all((REPOSITORY / folder).is_dir() for folder in targets.tests_for(path))
    assert dotted("protocol/cobs.py") == "protocol.cobs"
    assert dotted("firmware/safety/__init__.py") == "firmware.safety"
    assert mirror("firmware/safety/rules.py") == "tests/firmware/safety/test_rules.py"
