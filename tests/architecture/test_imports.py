"""Imports follow the table in rules.py, and no module is imported by name that nobody may use."""

import sys

import pytest

from tests.architecture.rules import OUTSIDE, RULES, Rule
from tests.architecture.tree import PACKAGES, Import, imports, module_name, sources, within


def rule_for(module: str) -> Rule:
    matching = [rule for rule in RULES if within(module, rule.who)]
    return max(matching, key=lambda rule: len(rule.who))


def complaint(found: Import, rule: Rule) -> str | None:
    """What is wrong with an import under its rule, or None."""
    name = found.imported
    ours = name.split(".")[0] in (*PACKAGES, "tests", "docs")
    if ours:
        if any(within(name, allowed) for allowed in (rule.who, *rule.may)):
            return None
        # Python runs a package's (empty) __init__ on the way to a module in it.
        if any(allowed.startswith(name + ".") for allowed in rule.may):
            return None
        return f"may import only {', '.join((rule.who, *rule.may))}"
    library = name.split(".")[0]
    if library in OUTSIDE:
        if any(within(found.importer, place) for place in OUTSIDE[library]):
            return None
        return f"{library} belongs in {', '.join(OUTSIDE[library])}"
    if found.for_checker and library in sys.stdlib_module_names:
        return None
    if rule.libraries is None:
        return None if library in sys.stdlib_module_names else "not a dependency of this project"
    return None if library in rule.libraries else f"of libraries only {', '.join(rule.libraries)}"


@pytest.mark.parametrize("path", sources(*PACKAGES))
def test_imports_keep_the_rule_of_their_package(path: str) -> None:
    rule = rule_for(module_name(path))
    broken = [
        f"{path}:{found.line} imports {found.imported}\n"
        f"  rule of {rule.who} ({rule.why}): {problem}"
        for found in imports(path)
        if (problem := complaint(found, rule))
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    ("importer", "imported", "allowed"),
    [
        ("firmware.safety.supervisor", "protocol.codes", True),
        ("firmware.safety.supervisor", "firmware.drivers.tachometer", False),
        ("firmware.safety.supervisor", "firmware.control.motion", False),
        ("firmware.control.motion", "firmware.safety.limits", False),
        ("firmware.drivers.motor_bridge", "machine", False),
        ("firmware.hal.rp2040", "machine", True),
        ("firmware.app", "hardware.plant.motor", False),
        ("firmware.app", "firmware.safety.supervisor", True),
        ("hardware.plant.motor", "firmware.app", False),
        ("hardware.plant.motor", "numpy", False),
        ("hardware.simulator.bench", "host_controller.client", False),
        ("host_controller.client", "firmware.app", False),
        ("host_controller.client", "serial", False),
        ("host_controller.transport.serial_port", "serial", True),
        ("protocol.codec", "typing", False),
        ("protocol.codec", "tests.conftest", False),
    ],
)
def test_the_table_itself_says_what_is_meant(importer: str, imported: str, allowed: bool) -> None:
    problem = complaint(Import(importer, 1, imported), rule_for(importer))
    assert (problem is None) == allowed
