"""Write docs/fault-matrix.md from the cases that `make faults` measured."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from protocol import codes

DOCS = Path(__file__).resolve().parent
REPORT = DOCS.parent / "build" / "evidence" / "faults.json"

Case = dict[str, Any]

HEAD = """# What the pen does when something breaks

Every fault was put into a simulated pen in every state it can meet, under three loads (in the air; 12 needles of 0.055 N; 36 of 0.15 N), and a stop watch on the plant saw what happened. Times are in ms, the worst of all cases of a fault; nothing here is typed in. Each single case is in `build/evidence/faults.json` after `make faults`.

* **seen**: from the fault to the tick in which the pen latched it, by its own history.
* **off**: from the fault to the end of the drive that was on. **still** and **in** count from there: the cam stands, no needle stands out any more.
* **strokes**: after the pen had seen it / after the fault.

A row that fails says **no**. A *residual* row is what no software can better, with the reason; it is not a pass.
"""


def worst(cases: list[Case], key: str) -> str:
    """Largest value of the cases, "-" where there is none, "never" where it did not come."""
    values = [case[key] for case in cases if case[key] is not None]
    return f"{max(values):.0f}" if values else "-"


def shown(case: Case) -> str:
    """State at the end and the words for it."""
    state = codes.STATE_NAMES[case["ended"]] if case["ended"] >= 0 else "no answer"
    if case["ended_by"] == "plug":
        state = "unplugged, after it had shown"
    return f"{state}: {case['sentence']}" if case["sentence"] else state


def verdict(cases: list[Case]) -> str:
    """Yes, residual or no."""
    if any(case["broken"] for case in cases):
        said = next(case["broken"][0] for case in cases if case["broken"])
        return f"**no**: {said}"
    if any(case["residual"] for case in cases):
        said = sorted({one for case in cases for one in case["residual"]})[0]
        reason = next(case["reason"] for case in cases if case["residual"])
        return f"*residual*: {said}: {reason}"
    return "yes"


def line(name: str, cases: list[Case]) -> str:
    """One row of a table."""
    ways = sorted({shown(case) for case in cases if case["state"] == "running"})
    strokes = f"{worst(cases, 'strokes_noticed')} / {worst(cases, 'strokes')}"
    cells = [
        name,
        str(len(cases)),
        worst(cases, "noticed_ms"),
        worst(cases, "off_ms"),
        worst(cases, "still_ms"),
        worst(cases, "in_ms"),
        strokes,
        "; or ".join(ways),
        verdict(cases),
    ]
    return f"| {' | '.join(cells)} |"


def groups(cases: list[Case], key: Callable[[Case], str]) -> dict[str, list[Case]]:
    """Cases by a key, in the order in which the keys come first."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(key(case), []).append(case)
    return found


def summary(report: dict[str, Any]) -> str:
    """Figures and where they come from."""
    rows = [
        f"Measured by `{report['made_by']}`.",
        "",
        "| figure | measured | unit | reach | holds | cases | at commit | note |",
        "|---|--:|---|---|---|--:|---|---|",
    ]
    for f in report["figures"]:
        holds = "yes" if f["holds"] else "**no**"
        rows.append(
            f"| `{f['id']}` | {f['value']:g} | {f['unit']} | {f['reach']} | {holds} "
            f"| {f['cases']:,} | {f['commit']} | {f['note']} |"
        )
    return "\n".join(rows) + "\n"


def text(report: dict[str, Any]) -> str:
    """The page."""
    by_fault = groups(report["cases"], lambda case: str(case["fault"]))
    rows = [
        "| fault | cases | seen | off | still | in | strokes | ends, while needles run | good |",
        "|---|--:|--:|--:|--:|--:|--:|---|---|",
        *(line(fault, cases) for fault, cases in by_fault.items()),
    ]
    return "\n".join([HEAD, summary(report), *rows]) + "\n"


def main() -> None:
    """Write the page; refuse to write an empty one."""
    if not REPORT.exists():
        raise SystemExit("no cases in build/evidence/faults.json: run `make faults` first")
    (DOCS / "fault-matrix.md").write_text(text(json.loads(REPORT.read_text())))


if __name__ == "__main__":
    main()
