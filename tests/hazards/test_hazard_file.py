"""The hazard file is whole: every hazard has a control, every control a test, every limit a hazard.

What it names must exist: in the code, in the tests, and on both sides with the same hazard ids.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from docs import generate_hazards
from docs.hazard_file import (
    CODE,
    HAZARD_IDS,
    KINDS,
    ROOT,
    STATUSES,
    Hazard,
    exists,
    limits,
    load,
)
from protocol import codes
from tests.firmware.safety import restated as restated_limits

FILE = load()
HAZARDS = FILE.hazards
NUMBERS = [f"H{number:02}" for number in range(1, 45)]
PREFIX = "firmware.safety.limits."
ACCEPT = ("yes", "with reason", "no")


@cache
def functions(path: str) -> set[str]:
    """Names of tests in a file, with their class where they have one."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ClassDef):
            names |= {f"{node.name}::{i.name}" for i in node.body if isinstance(i, ast.FunctionDef)}
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names.add(f"{node.targets[0].id}::runTest")  # a state machine's TestCase
    return names


@cache
def sources(folder: str, without: str) -> str:
    """All of a folder's Python in one piece, comments and strings included."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    return "\n".join(p.read_text(encoding="utf-8") for p in paths if p.name != without)


def test_every_hazard_is_there_once() -> None:
    assert [hazard.number for hazard in HAZARDS] == NUMBERS


@pytest.mark.parametrize("hazard", HAZARDS, ids=NUMBERS)
def test_a_hazard_says_everything(hazard: Hazard) -> None:
    assert hazard.title
    assert hazard.severity in FILE.severity
    assert {hazard.before, hazard.after} <= set(FILE.probability)
    assert hazard.after <= hazard.before
    assert hazard.status in STATUSES
    for text in (hazard.sequence, hazard.harm, hazard.residual):
        assert text.endswith(".")
    assert bool(hazard.later and hazard.place) == (hazard.status != "controlled")


@pytest.mark.parametrize("hazard", HAZARDS, ids=NUMBERS)
def test_a_hazard_has_a_control_or_a_place_where_it_will_have_one(hazard: Hazard) -> None:
    assert hazard.controls or hazard.status == "later"
    if hazard.status != "later":
        assert FILE.accepted(hazard.severity, hazard.after) != "no"


@pytest.mark.parametrize("hazard", HAZARDS, ids=NUMBERS)
def test_a_control_has_a_kind_names_and_tests(hazard: Hazard) -> None:
    for control in hazard.controls:
        assert control.kind in KINDS
        assert control.names, control.does
        assert control.tests, control.does
        assert control.does.endswith(".")
        assert len(set(control.tests)) == len(control.tests)


def test_every_named_test_exists() -> None:
    missing = []
    for test in FILE.tests():
        path, _, name = test.partition("::")
        if not (ROOT / path).is_file() or name not in functions(path):
            missing.append(test)
    assert not missing


@pytest.mark.parametrize("hazard", HAZARDS, ids=NUMBERS)
def test_every_test_that_bears_the_number_of_a_hazard_stands_there(hazard: Hazard) -> None:
    number = hazard.number.lower() + "_"
    named = {test for control in hazard.controls for test in control.tests}
    for path in (ROOT / "tests" / "hazards").glob("test_*.py"):
        place = path.relative_to(ROOT).as_posix()
        bears = {name for name in functions(place) if number in name}
        assert {f"{place}::{name}" for name in bears} <= named


@pytest.mark.parametrize("name", sorted({n for h in HAZARDS for n in h.names()}))
def test_every_name_of_a_control_is_in_the_code(name: str) -> None:
    assert exists(name)


def test_the_scale_is_whole() -> None:
    for severity in FILE.severity:
        assert set(FILE.accept[severity]) == set(FILE.probability)
        assert set(FILE.accept[severity].values()) <= set(ACCEPT)
        ranks = [ACCEPT.index(FILE.accept[severity][p]) for p in sorted(FILE.probability)]
        assert ranks == sorted(ranks)


# --- both directions between limits, codes and hazards --------------------------------------------


@pytest.mark.parametrize("name", limits())
def test_a_limit_names_the_hazards_that_name_it(name: str) -> None:
    here = FILE.named_by(PREFIX + name)
    there = limits()[name]
    assert there, f"{name} stands in limits.py without a hazard"
    assert there <= here, f"{name}: limits.py names {sorted(there - here)}, hazards.toml does not"
    beyond = here - there
    assert not beyond or name in ("ZONE_LIMITS", "SESSION_MS"), f"{name}: {sorted(beyond)}"


@pytest.mark.parametrize(
    "name", [n for n in dir(codes) if re.match("(FAULT|STOP)_", n) and n not in ("STOP_NAMES",)]
)
def test_every_fault_and_stop_is_the_control_of_a_hazard(name: str) -> None:
    if getattr(codes, name) == 0:
        return  # FAULT_NONE, STOP_NONE
    assert FILE.named_by(name)


def test_hazards_beside_the_faults_are_those_of_the_file() -> None:
    table = (ROOT / "firmware/safety/faults.py").read_text(encoding="utf-8")
    for line in table.splitlines():
        fault = re.match(r"    \(codes\.(FAULT_\w+), PARK_\w+, BY_\w+\),\s+# (.*)", line)
        if fault:
            assert set(HAZARD_IDS.findall(fault[2])) <= FILE.named_by(fault[1]), fault[1]


def test_hazards_named_anywhere_in_the_sources_exist() -> None:
    for folder in ("firmware", "protocol", "hardware", "host_controller"):
        assert set(HAZARD_IDS.findall(sources(folder, ""))) <= set(NUMBERS)


def open_names() -> set[str]:
    return {name for point in FILE.open_points for name in point.names}


@pytest.mark.parametrize("name", limits())
def test_a_limit_is_used_or_an_open_point(name: str) -> None:
    used = (
        bool(re.search(rf"\b{name}\b", sources("firmware", "limits.py")))
        or name in restated_limits.names()
    )
    by_the_table = name in ("ZONE_LIMITS", "CARTRIDGE_LIMITS", "RATE_FLOOR_CHZ")
    assert (used or by_the_table) != (PREFIX + name in open_names()), (
        "used by nothing: an open point" if not used else "in use: no open point any more"
    )


@pytest.mark.parametrize("name", [n for n in dir(codes) if n.startswith("FAULT_")])
def test_a_fault_can_happen_or_is_an_open_point(name: str) -> None:
    happens = bool(re.search(rf"\b_?{name}\b", sources("firmware", "faults.py")))
    assert happens != (name in open_names())


def test_open_points_are_of_hazards_and_their_tests_are_expected_to_fail() -> None:
    for point in FILE.open_points:
        assert set(point.hazards) <= set(NUMBERS)
        assert point.what.endswith(".")
        for test in point.tests:
            path, _, name = test.partition("::")
            text = (ROOT / path).read_text(encoding="utf-8")
            before, _, _ = text.partition(f"def {name}(")
            assert "pytest.mark.xfail" in before.rpartition("\n\n\n")[2], test
        assert all(CODE.fullmatch(n) or n.startswith(PREFIX) for n in point.names)


def test_the_page_is_current() -> None:
    page = Path(generate_hazards.PAGE)
    assert page.read_text(encoding="utf-8") == generate_hazards.text(FILE), "next step: make docs"
