"""Write docs/evidence.md from the figures measured into build/evidence/*.json."""

import json
import re
import subprocess
from functools import cache
from pathlib import Path

from tests.evidence.depends import folders

DOCS = Path(__file__).resolve().parent
REPORTS = DOCS.parent / "build" / "evidence"

HEAD = """# Evidence

Every figure here was measured by the command named beside it; none is typed in. A figure that falls short stays, marked **no**.
Ratios are taken within one run, because machines differ. The commit beside a figure is the one it was measured at; what follows it in brackets are the parts of the product, or the tests that judge the figure, that were changed between that commit and this page. Make a part again with the command that stands under its heading, then `make docs`. What the faults came to one by one stands in [fault-matrix.md](fault-matrix.md), what the proofs are in [proof.md](proof.md).
"""


@cache
def changed_since(commit: str, identity: str) -> str:
    """What the figure depends on and now differs from what was measured, in brackets, or ""."""
    known = "([0-9a-f]{7,40})"
    if not re.fullmatch(f"{known}( and {known})*", commit):
        return " (with changes)"
    commits = commit.split(" and ")
    differ = [
        folder for folder in folders(identity) if any(_differs(one, folder) for one in commits)
    ]
    return f" ({', '.join(differ)})" if differ else ""


def _differs(commit: str, folder: str) -> bool:
    words = ["git", "diff", "--quiet", commit, "HEAD", "--", folder]
    return bool(subprocess.run(words, cwd=DOCS.parent, check=False).returncode)


def number(value: float) -> str:
    """Four significant digits, whole numbers with thousands separators."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4g}"


def section(report: dict[str, object]) -> str:
    """One report as a heading and a table."""
    figures = report["figures"]
    assert isinstance(figures, list)
    rows = [
        f"## {report['name']}",
        "",
        f"Measured by `{report['made_by']}`.",
        "",
        "| figure | measured | unit | reach | holds | cases | at commit | note |",
        "|---|--:|---|---|---|--:|---|---|",
    ]
    for f in figures:
        holds = "yes" if f["holds"] else "**no**"
        rows.append(
            f"| `{f['id']}` | {number(f['value'])} | {f['unit']} | {f['reach']} | {holds} "
            f"| {f['cases']:,} | {f['commit']}{changed_since(f['commit'], f['id'])} | {f['note']} |"
        )
    return "\n".join(rows) + "\n"


def main() -> None:
    """Write the page; refuse to write an empty one."""
    paths = sorted(REPORTS.glob("*.json"))
    if not paths:
        raise SystemExit("no figures in build/evidence: run `make evidence` first")
    sections = [section(json.loads(path.read_text())) for path in paths]
    (DOCS / "evidence.md").write_text("\n".join([HEAD, *sections]))


if __name__ == "__main__":
    main()
