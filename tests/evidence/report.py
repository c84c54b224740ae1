"""Keep measured figures in `build/evidence/NAME.json`, print their table, run what is missing."""

import contextlib
import json
import os
import subprocess
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / "build" / "evidence"

Measure = Callable[[], Iterable[dict[str, Any]]]


def commit() -> str:
    """Short id of the commit that is measured, with "+changes" when files differ from it."""

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=REPOSITORY, capture_output=True, text=True, check=True
        ).stdout.strip()

    return git("rev-parse", "--short=12", "HEAD") + (
        "+changes" if git("status", "--porcelain", "--untracked-files=no") else ""
    )


def load(name: str) -> dict[str, Any]:
    """The report NAME, or an empty one when it was never made or is of another commit."""
    path = FOLDER / f"{name}.json"
    empty: dict[str, Any] = {"name": name, "commit": commit(), "made_by": "", "figures": []}
    if not path.exists():
        return empty
    report: dict[str, Any] = json.loads(path.read_text())
    return report if report["commit"] == empty["commit"] else empty


def save(report: dict[str, Any]) -> Path:
    """Write the report and return its path."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{report['name']}.json"
    path.write_text(json.dumps(report, indent=1) + "\n")
    return path


def put(name: str, made_by: str, rows: Iterable[dict[str, Any]]) -> None:
    """Put figures into the report NAME beside those that others have measured at this commit."""
    fresh = list(rows)
    ids = {row["id"] for row in fresh}
    report = load(name)
    report["made_by"] = made_by
    report["figures"] = [row for row in report["figures"] if row["id"] not in ids] + fresh
    save(report)


def run_missing(
    name: str,
    made_by: str,
    measures: dict[tuple[str, ...], Measure],
    side_by_side: Sequence[Measure] = (),
) -> int:
    """Measure every figure the report lacks, and print the table.

    `measures` maps the ids a measurement yields to the function that yields them. One is run after
    the other, but those `side_by_side`, which do not look at this machine's clock, are run first,
    on all processors. A measurement that raises is reported and leaves its figures missing.
    Returns the number of figures that are missing or do not hold.
    """
    console = Console()
    report = load(name)
    report["made_by"] = made_by
    order = [identity for ids in measures for identity in ids]
    have = {row["id"] for row in report["figures"]}
    lacking = {measure: ids for ids, measure in measures.items() if not have.issuperset(ids)}
    with contextlib.ExitStack() as stack:
        together = [measure for measure in side_by_side if measure in lacking]
        if together:
            pool = stack.enter_context(ProcessPoolExecutor(os.cpu_count()))
            begun = {measure: pool.submit(_rows, measure) for measure in together}
        for measure in sorted(lacking, key=lambda one: one not in together):
            ids = lacking[measure]
            console.print(f"measuring {', '.join(ids)} …", style="dim")
            try:
                fresh = begun[measure].result() if measure in together else _rows(measure)
            except Exception as error:
                console.print(
                    f"  could not be measured: {type(error).__name__}: {error}", style="red"
                )
                continue
            names = {row["id"] for row in fresh}
            report["figures"] = [row for row in report["figures"] if row["id"] not in names] + fresh
            report["figures"].sort(key=lambda row: order.index(row["id"]))
            save(report)
    console.print(table(report))
    missing = [
        identity for identity in order if identity not in {r["id"] for r in report["figures"]}
    ]
    for identity in missing:
        console.print(f"missing: {identity}", style="red")
    return len(missing) + sum(not row["holds"] for row in report["figures"])


def _rows(measure: Measure) -> list[dict[str, Any]]:
    return list(measure())


def table(report: dict[str, Any]) -> Table:
    """The report as a table for the terminal."""
    grid = Table(title=f"{report['name']} at {report['commit']}", title_justify="left")
    for heading in ("figure", "value", "unit", "reach", "holds", "cases", "note"):
        right = heading in ("value", "cases")
        grid.add_column(heading, justify="right" if right else "left", overflow="fold")
    for row in report["figures"]:
        grid.add_row(
            row["id"],
            f"{row['value']:g}",
            row["unit"],
            row["reach"],
            "yes" if row["holds"] else "[red]NO[/red]",
            f"{row['cases']:,}",
            row["note"],
        )
    return grid
