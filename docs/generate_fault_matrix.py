"""Write docs/fault-matrix.md from the cases that `make faults` measured."""

import json
import re
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any

from protocol import codes

DOCS = Path(__file__).resolve().parent
REPORT = DOCS.parent / "build" / "evidence" / "faults.json"

Case = dict[str, Any]

HEAD = """# What the pen does when something breaks

Every fault was put into a simulated pen in every state it can meet, under three loads (in the air; 12 needles of 0.055 N; 36 of 0.15 N), and a stop watch on the plant saw what happened. Times are in ms, the worst of all cases of a fault; nothing here is typed in. Each single case is in `build/evidence/faults.json` after `make faults`.

The thumb stays down while the needles shall run, as a plan without a latch wants it. Rows that say *latched* are of a plan in which a press starts the needles and the next one stops them; there the fault is met in a run, and faults of button, cable and main loop in each state from the press to the park. A run that a fault leaves alone is ended by the operator, with the thumb, else from the host, else by pulling the plug.

* **seen**: from the fault to the tick in which the pen latched it, by its own history.
* **off**: from the fault to the end of the run that it met, and who ended it. What *thumb*, *host* or *plug* ended went on for as long as the operator waited, which says nothing of the pen; a time without a name is the pen's own. **still** and **in** count from there: the cam stands, no needle stands out any more.
* **strokes**: after the pen had seen it / after the fault, until that end.

A row that fails says **no**. A *residual* row breaks a rule in at least one of its cases, and says which and why; it is not a pass, and the figures say what they were with it. Most are physics: a shorted bridge, a motor wire that is off, no supply, no program. Those of the button are a choice: 5 ms of debounce let a worn contact be a press, and a longer one would stop later.
"""


def ended(cases: list[Case]) -> str:
    """Until the run was over, by who ended it: the pen's own time has no name."""
    by: dict[str, float] = {}
    for case in cases:
        if case["off_ms"] is not None:
            by[case["ended_by"]] = max(by.get(case["ended_by"], 0.0), case["off_ms"])
    return ", ".join(f"{by[who]:.0f} {who}".strip() for who in sorted(by)) or "-"


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
    """Yes, residual (in how many cases) or no."""
    if any(case["broken"] for case in cases):
        said = next(case["broken"][0] for case in cases if case["broken"])
        return f"**no**: {said}"
    residual = [case for case in cases if case["residual"]]
    if not residual:
        return "yes"
    said = "; ".join(worst_words([one for case in residual for one in case["residual"]]))
    reasons = "; ".join(sorted({case["reason"] for case in residual}))
    return f"*residual* in {len(residual)}: {said}. Why: {reasons}"


def worst_words(sentences: list[str]) -> list[str]:
    """Of sentences that differ in their numbers alone, the one with the largest, or "never"."""
    found: dict[str, str] = {}
    for one in sentences:
        kind = re.sub(r"[\d.]+|never.*|, more than.*", "", one)
        found[kind] = max(found.get(kind, one), one, key=_first_number)
    return sorted(found.values())


def _first_number(sentence: str) -> float:
    number = re.search(r"[\d.]+", sentence)
    return float(number.group()) if number else inf


def line(name: str, cases: list[Case]) -> str:
    """One row of a table."""
    ways = sorted({shown(case) for case in cases if case["state"] == "running"})
    strokes = f"{worst(cases, 'strokes_noticed')} / {worst(cases, 'strokes')}"
    cells = [
        name,
        str(len(cases)),
        worst(cases, "noticed_ms"),
        ended(cases),
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
    by_fault = groups(
        report["cases"],
        lambda case: case["fault"] + ", *latched*" * ("latched" in case["case"].split("/")),
    )
    rows = [
        "| fault | cases | seen | off, by | still | in | strokes | ends, while needles run | good |",
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
