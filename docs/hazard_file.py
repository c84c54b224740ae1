"""Reads docs/hazards/hazards.toml: hazards, their controls and tests, what is accepted, what is open.

Read by the page (`generate_hazards.py`), the trace report and the tests of tests/hazards. Also knows
the limits of `firmware/safety/limits.py` with the hazards named beside them. Owns no state.
"""

import ast
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from protocol import codes

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "docs" / "hazards" / "hazards.toml"
LIMITS = ROOT / "firmware" / "safety" / "limits.py"

KINDS = ("limit", "condition", "fault", "stop", "refusal", "hardware", "workflow")
STATUSES = ("controlled", "partly", "later")
CODE = re.compile(r"(FAULT|STOP|COND|RESULT)_[A-Z0-9_]+")
HAZARD_IDS = re.compile(r"\bH\d\d\b")
LIMIT = re.compile(r"^([A-Z][A-Z0-9_]*) = ")


@dataclass(frozen=True)
class Control:
    """One thing that is done about a hazard."""

    kind: str
    names: tuple[str, ...]
    does: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Hazard:
    """One hazard; probabilities before and after its controls."""

    number: str
    title: str
    sequence: str
    harm: str
    severity: str
    before: str
    after: str
    status: str
    residual: str
    later: str
    place: str
    controls: tuple[Control, ...]

    def names(self) -> set[str]:
        """Names in the code of all its controls."""
        return {name for control in self.controls for name in control.names}


@dataclass(frozen=True)
class OpenPoint:
    """Something found and not yet closed; its tests are expected to fail."""

    hazards: tuple[str, ...]
    what: str
    names: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True)
class HazardFile:
    """The whole file."""

    severity: dict[str, str]
    probability: dict[str, str]
    accept: dict[str, dict[str, str]]
    hazards: tuple[Hazard, ...]
    open_points: tuple[OpenPoint, ...]

    def accepted(self, severity: str, probability: str) -> str:
        """How a risk is judged: accepted "yes", "with reason" or "no"; never another word."""
        return self.accept[severity][probability]

    def open_for(self, number: str) -> list[OpenPoint]:
        """Open points of a hazard."""
        return [point for point in self.open_points if number in point.hazards]

    def named_by(self, name: str) -> set[str]:
        """Hazards that name something in the code, by a control or as an open point."""
        found = {hazard.number for hazard in self.hazards if name in hazard.names()}
        for point in self.open_points:
            if name in point.names:
                found |= set(point.hazards)
        return found

    def tests(self) -> list[str]:
        """Every test that is named, once, in order; those of open points last."""
        named = [t for h in self.hazards for c in h.controls for t in c.tests]
        named += [t for point in self.open_points for t in point.tests]
        return list(dict.fromkeys(named))


def load(path: Path = FILE) -> HazardFile:
    """Read the file; KeyError or ValueError for what is missing or unknown in it."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return HazardFile(
        data["severity"],
        data["probability"],
        data["accept"],
        tuple(_hazard(entry) for entry in data["hazard"]),
        tuple(
            OpenPoint(tuple(p["hazards"]), p["what"], tuple(p["names"]), tuple(p["tests"]))
            for p in data.get("open", [])
        ),
    )


def _hazard(entry: dict[str, Any]) -> Hazard:
    controls = tuple(
        Control(c["kind"], tuple(c["names"]), c["does"], tuple(c["tests"]))
        for c in entry.get("control", ())
    )
    fields = ("title", "sequence", "harm", "severity", "before", "after", "status", "residual")
    return Hazard(
        entry["id"],
        *(entry[field] for field in fields),
        entry.get("later", ""),
        entry.get("place", ""),
        controls,
    )


def exists(name: str) -> bool:
    """Whether a name of a control stands for something: a code, a module, or what a module defines.

    Sources are read, not run: files of the board cannot be imported on a computer.
    """
    if CODE.fullmatch(name):
        return hasattr(codes, name)
    path = ROOT / name.replace(".", "/")
    if path.with_suffix(".py").is_file():
        return True
    module, _, attribute = name.rpartition(".")
    source = (ROOT / module.replace(".", "/")).with_suffix(".py")
    return source.is_file() and attribute in _defined(source)


def _defined(source: Path) -> set[str]:
    """Names that a module defines at its top."""
    names: set[str] = set()
    for node in ast.parse(source.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def limits() -> dict[str, set[str]]:
    """Limits of the firmware with the hazard ids beside them, or in the comment right above."""
    found: dict[str, set[str]] = {}
    above: set[str] = set()
    for line in LIMITS.read_text(encoding="utf-8").splitlines():
        match = LIMIT.match(line)
        if match:
            found[match[1]] = set(HAZARD_IDS.findall(line)) or above
        above = above | set(HAZARD_IDS.findall(line)) if line.startswith("#") else set()
    return found
