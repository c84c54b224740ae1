"""Keep measured figures in `build/evidence/NAME.json`, print their table, run what is missing.

Each row says at which commit it was measured. It stands as long as nothing that it depends on has
changed since; afterwards it is kept, told as old, and measured again by the next run. A figure of
the report "safety" gets there whichever report it was measured for.
"""

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

from tests.evidence import safety_figures
from tests.evidence.depends import PRODUCT, folders

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / "build" / "evidence"

CHANGES = "+changes"

Measure = Callable[[], Iterable[dict[str, Any]]]


def _git(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *words], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )


def commit() -> str:
    """Short id of the commit that is measured, with CHANGES when files of the product differ."""
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", *PRODUCT).stdout
    return _git("rev-parse", "--short=12", "HEAD").stdout.strip() + (CHANGES if changed else "")


def stands(row: dict[str, Any]) -> bool:
    """Whether the row was measured on the product as it is now, by the tests as they are."""
    measured, now = str(row["commit"]), commit()
    if measured == now:
        return True
    if measured.endswith(CHANGES) or now.endswith(CHANGES):
        return False
    wanted = folders(row["id"])
    return not _git("diff", "--quiet", measured, "HEAD", "--", *wanted).returncode


def load(name: str) -> dict[str, Any]:
    """The report NAME with all that was ever measured for it, or an empty one."""
    path = FOLDER / f"{name}.json"
    if not path.exists():
        return {"name": name, "made_by": "", "figures": []}
    report: dict[str, Any] = json.loads(path.read_text())
    return report


def save(report: dict[str, Any]) -> Path:
    """Write the report and return its path."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{report['name']}.json"
    path.write_text(json.dumps(report, indent=1) + "\n")
    return path


def put(name: str, made_by: str, rows: Iterable[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """Put figures measured now into the report NAME, beside its others; `more` beside those."""
    now = commit()
    rows = list(rows)
    fresh = {row["id"]: row | {"commit": now} for row in rows}
    report = load(name) | more
    report["made_by"] = made_by
    kept = [fresh.pop(row["id"], row) for row in report["figures"]]
    report["figures"] = [*kept, *fresh.values()]
    if name == safety_figures.REPORT:
        report["figures"].sort(key=_safety_order)
    save(report)
    shared = [row for row in rows if row["id"] in safety_figures.FIGURES]
    if shared and name != safety_figures.REPORT:
        put(safety_figures.REPORT, safety_figures.MADE_BY, shared)
    return report


def _safety_order(row: dict[str, Any]) -> int:
    known = safety_figures.FIGURES
    return known.index(row["id"]) if row["id"] in known else len(known)


def run_missing(
    name: str,
    made_by: str,
    measures: dict[tuple[str, ...], Measure],
    side_by_side: Sequence[Measure] = (),
) -> int:
    """Measure every figure that the report lacks or that stands no more, and print the table.

    `measures` maps the ids a measurement yields to the function that yields them. One is run after
    the other, but those `side_by_side`, which do not look at this machine's clock, are run first,
    on all processors. A measurement that raises is reported and leaves its figures as they were.
    Returns the number of figures that are missing, old or do not hold.
    """
    console = Console()
    order = [identity for ids in measures for identity in ids]
    report = load(name)
    have = {row["id"] for row in report["figures"] if stands(row)}
    lacking = {measure: ids for ids, measure in measures.items() if not have.issuperset(ids)}
    with contextlib.ExitStack() as stack:
        together = [measure for measure in side_by_side if measure in lacking]
        if together:
            pool = stack.enter_context(ProcessPoolExecutor(os.cpu_count()))
            begun = {measure: pool.submit(_rows, measure) for measure in together}
        for measure in sorted(lacking, key=lambda one: one not in together):
            console.print(f"measuring {', '.join(lacking[measure])} …", style="dim")
            try:
                fresh = begun[measure].result() if measure in together else _rows(measure)
            except Exception as error:
                console.print(
                    f"  could not be measured: {type(error).__name__}: {error}", style="red"
                )
                continue
            report = put(name, made_by, fresh)
    wanted = [row for row in report["figures"] if row["id"] in order]
    report["figures"] = sorted(wanted, key=lambda row: order.index(row["id"]))
    save(report)
    console.print(table(report))
    missing = set(order) - {row["id"] for row in report["figures"]}
    for identity in sorted(missing):
        console.print(f"missing: {identity}", style="red")
    good = [row for row in report["figures"] if row["holds"] and stands(row)]
    return len(order) - len(good)


def _rows(measure: Measure) -> list[dict[str, Any]]:
    return list(measure())


def table(report: dict[str, Any]) -> Table:
    """The report as a table for the terminal."""
    grid = Table(title=str(report["name"]), title_justify="left")
    for heading in ("figure", "value", "unit", "reach", "holds", "cases", "commit", "note"):
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
            row["commit"] if stands(row) else f"[yellow]{row['commit']}, old[/yellow]",
            row["note"],
        )
    return grid
