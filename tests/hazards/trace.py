"""`make trace`: hazard, control, limit, test, last result, as IEC 62304 asks for; one row per test.

Runs every test that the hazard file names (with --keep it uses the results of the last run), then
prints one line per hazard and writes build/trace.md and build/trace.json, and the figure of covered
hazards to build/evidence/hazards.json. Returns 1 when a hazard is not covered.
"""

import json
import subprocess
import sys
from collections import Counter
from typing import Any

from rich.console import Console
from rich.table import Table

from docs.hazard_file import ROOT, Control, Hazard, HazardFile, load
from firmware.safety import limits
from tests.evidence.figure import figure
from tests.evidence.report import commit, put
from tests.evidence.report import table as figures_table
from tests.hazards import results

PREFIX = "firmware.safety.limits."
BUILD = ROOT / "build"


def run_tests(tests: list[str]) -> None:
    """Run the named tests; their outcomes are kept by the plug-in, whatever they are."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.hazards.results", "--tb=line"]
    subprocess.run([*command, *tests], cwd=ROOT, check=False)


def rows(file: HazardFile, outcomes: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """One row per hazard, control and test."""
    found = []
    for hazard in file.hazards:
        for control in hazard.controls:
            for test in control.tests:
                kept = outcomes.get(test, {"outcome": "not run", "cases": 0})
                found.append(
                    {
                        "hazard": hazard.number,
                        "severity": hazard.severity,
                        "before": hazard.before,
                        "after": hazard.after,
                        "control": control.does,
                        "kind": control.kind,
                        "names": list(control.names),
                        "limits": limits_of(control),
                        "test": test,
                        "result": kept["outcome"],
                        "cases": kept["cases"],
                        "commit": kept.get("commit", ""),
                    }
                )
    return found


def limits_of(control: Control) -> list[str]:
    """The limits that a control uses, with their values where they are numbers."""
    found = []
    for name in control.names:
        if name.startswith(PREFIX):
            short = name.removeprefix(PREFIX)
            value = getattr(limits, short)
            found.append(f"{short} = {value}" if isinstance(value, int) else short)
    return found


def verdict(file: HazardFile, hazard: Hazard, trace: list[dict[str, Any]]) -> str:
    """How a hazard stands: "covered", "place: ..." (left to a later part) or what is wrong."""
    here = [row for row in trace if row["hazard"] == hazard.number]
    bad = sorted({str(row["result"]) for row in here} - {"passed"})
    if bad:
        return "WRONG: " + ", ".join(bad)
    if hazard.status == "later":
        return f"place: {hazard.place}"
    if not here:
        return "WRONG: no control"
    points = len(file.open_for(hazard.number))
    return f"covered, open: {points}" if points else "covered"


def markdown(file: HazardFile, trace: list[dict[str, Any]], made_at: str) -> str:
    """The report for people: hazard, control, limit, test, last result."""
    lines = [
        "# Trace",
        "",
        f"From hazards to controls, limits, tests and their last results, at commit `{made_at}`.",
        "Made by `make trace`.",
        "",
        "| hazard | S | P before, after | verdict |",
        "|---|---|---|---|",
    ]
    for hazard in file.hazards:
        risk = f"{hazard.severity} | {hazard.before}, {hazard.after}"
        lines.append(
            f"| {hazard.number} {hazard.title} | {risk} | {verdict(file, hazard, trace)} |"
        )
    lines += [
        "",
        "| hazard | control | limit | test | result | cases |",
        "|---|---|---|---|---|--:|",
    ]
    before = ("", "")
    for row in trace:
        key = (row["hazard"], row["control"])
        named = (*key, "<br>".join(row["limits"])) if key != before else ("", "", "")
        before = key
        cells = (*named, f"`{row['test']}`", row["result"], str(row["cases"]), row["commit"])
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "## Open points", ""]
    for point in file.open_points:
        expected = f" (expected to fail: {', '.join(f'`{t}`' for t in point.tests)})"
        lines.append(f"- {' '.join(point.hazards)}: {point.what}{expected if point.tests else ''}")
    return "\n".join(lines) + "\n"


def counts(file: HazardFile) -> str:
    """What stands behind the number of covered hazards: it counts also what is not whole yet."""
    by = Counter(hazard.status for hazard in file.hazards)
    return (
        f"{by['controlled']} controlled, {by['partly']} partly (controls and tests, the rest at a "
        f"stated place), {by['later']} by a stated place alone; {len(file.open_points)} open points"
    )


def report(file: HazardFile, console: Console) -> int:
    """Write and print; the number of hazards that are neither covered nor left to a place."""
    outcomes: dict[str, dict[str, Any]] = dict(results.load())
    trace = rows(file, outcomes)
    made_at = commit()
    BUILD.mkdir(exist_ok=True)
    (BUILD / "trace.md").write_text(markdown(file, trace, made_at), encoding="utf-8")
    whole = {"commit": made_at, "made_by": "make trace", "rows": trace}
    (BUILD / "trace.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    grid = Table(title=f"trace at {made_at}", title_justify="left")
    grid.add_column("hazard", no_wrap=True, max_width=36)
    grid.add_column("risk", no_wrap=True, min_width=8)
    grid.add_column("tests", no_wrap=True, min_width=5, justify="right")
    grid.add_column("verdict")
    covered = 0
    for hazard in file.hazards:
        here = [row for row in trace if row["hazard"] == hazard.number]
        said = verdict(file, hazard, trace)
        good = not said.startswith("WRONG")
        covered += good
        grid.add_row(
            f"{hazard.number} {hazard.title}",
            f"{hazard.severity} {hazard.before}>{hazard.after}",
            str(len({row["test"] for row in here})),
            said if good else f"[red]{said}[/red]",
        )
    console.print(grid)
    console.print(f"{len(trace)} rows in build/trace.md and build/trace.json")
    cases = sum(int(outcomes.get(test, {}).get("cases", 0)) for test in file.tests())
    note = counts(file)
    hazards = figure("hazards_covered", covered, "hazards", f"== {len(file.hazards)}", cases, note)
    evidence = put("hazards", "make trace", [hazards])
    console.print(figures_table(evidence))
    return len(file.hazards) - covered


def main(arguments: list[str]) -> int:
    """Run what is named, or with --keep use the last results; 0 when every hazard is covered."""
    file = load()
    if "--keep" not in arguments:
        run_tests(file.tests())
    return 1 if report(file, Console()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
