"""`make mutation`: every single mistake in what protects and speaks, and whether a test notices.

Survivors that are no mistakes at all, because nobody could tell the difference, stand in
`equivalent.toml` with the reason; any other survivor fails. Owns build/mutation.
"""

import argparse
import json
import os
import sys
import tomllib
from functools import partial
from pathlib import Path
from typing import Any

from tests.mutation import fresh

ACCEPTED = Path(__file__).with_name("equivalent.toml")
FOLDER = Path(__file__).resolve().parents[2] / "build" / "mutation"


def accepted() -> dict[str, str]:
    """Mutants that change nothing, and why, by name."""
    rows = tomllib.loads(ACCEPTED.read_text())["mutant"]
    return {name: row["reason"] for row in rows for name in row.get("names", [row.get("name", "")])}


def main(arguments: list[str]) -> int:
    """The command; 1 when a mutant survives that is not on the list."""
    parser = argparse.ArgumentParser(prog="make mutation")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--near", action="store_true", help="with the nearest tests first")
    parser.add_argument("--listed", action="store_true", help="try those on the list too")
    parser.add_argument("paths", nargs="*")
    given = parser.parse_args(arguments)
    fresh.warm_up()
    from tests.evidence import report
    from tests.evidence.figure import figure
    from tests.mutation.children import SURVIVED
    from tests.mutation.hunt import UNREACHED, hunt

    known = accepted()
    left_out = {} if given.listed else known
    says = partial(print, flush=True)
    found = hunt(given.paths or None, given.sample, given.seed, says, left_out, given.near)
    if found.sick:
        print("\n".join(found.sick[:10]))
        print("next step: repair these tests; they fail without any mutant")
        return 1
    alive = found.of(SURVIVED, UNREACHED)
    unexplained = [name for name in alive if name not in known]
    wrong = [name for name in found.ended if name in known and name not in alive]
    total = len(found.ended) + len(found.left_out)
    counted = total - len(found.left_out) - len(alive) + len(unexplained)
    noticed = counted - len(unexplained)
    percent = round(100.0 * noticed / counted, 2) if counted else 0.0
    for name in unexplained:
        print(f"{found.ended[name]}: {name}")
    for name in wrong:
        print(f"on the list of those that change nothing, but noticed: {name}")
    print(
        f"{total} mutants, {noticed} noticed, {total - counted} on the"
        f" list of those that change nothing, {len(unexplained)} others; {found.seconds:.0f} s"
    )
    if not given.sample and not given.paths and not given.listed:
        figures: list[dict[str, Any]] = [
            figure(
                "mutants_total",
                total,
                "",
                ">= 3000",
                total,
                f"{total - counted} change nothing (tests/mutation/equivalent.toml)",
            ),
            figure(
                "mutants_killed_pct",
                percent,
                "%",
                ">= 99.9",
                counted,
                f"of those that change something; {len(unexplained)} survive",
            ),
            figure(
                "mutation_s",
                round(found.seconds, 1),
                "s",
                "<= 300",
                counted,
                f"all of them, on {len(os.sched_getaffinity(0))} processors",
            ),
        ]
        report.put("safety", "make safety", figures)
        kept = {"mutants": found.ended, "unexplained": unexplained, "seconds": found.seconds}
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / "mutants.json").write_text(json.dumps(kept, indent=1) + "\n")
    return 1 if unexplained or wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
