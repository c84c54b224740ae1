"""The table of use scenarios: each row's test exists, each test of a scenario has its row."""

import ast
import re
from pathlib import Path

TABLE = Path("docs/use-scenarios.md")
SCENARIOS = Path("tests/browser/test_use_scenarios.py")
HAZARDS = Path("docs/hazards.md")


def rows() -> list[list[str]]:
    """Cells of each scenario."""
    lines = [line for line in TABLE.read_text().splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return {name for name in names if name.startswith("test_")}


def named() -> list[tuple[Path, str]]:
    """File and function of each row's test."""
    found = []
    for row in rows():
        path, _, name = row[-1].strip("`").partition("::")
        found.append((Path(path), name))
    return found


def test_every_scenario_has_a_test_that_exists() -> None:
    assert len(rows()) >= 7
    for path, name in named():
        assert name in functions_of(path), f"{path}::{name}"


def test_every_test_of_a_scenario_stands_in_the_table() -> None:
    assert functions_of(SCENARIOS) <= {name for path, name in named() if path == SCENARIOS}


def test_every_scenario_names_a_hazard_that_there_is() -> None:
    known = set(re.findall(r"\| \[(H\d\d)\]", HAZARDS.read_text()))
    assert known
    for row in rows():
        assert row[-2] in known, row[0]


def test_the_scenarios_that_were_asked_for_are_there() -> None:
    scenarios = {row[0] for row in rows()}
    assert {
        "wrong zone selected",
        "0.5 read as 5",
        "old library",
        "used cartridge",
        "page frozen while armed",
        "laptop asleep while armed",
        "two windows",
    } <= scenarios
