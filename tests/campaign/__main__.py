"""`make campaign N=... FROM=...`, `make campaign ID=...` and `make campaign FILE=...`.

Many runs with their figures, one run again by its number, or a script that was kept. Owns no state.
"""

import argparse
import sys
from pathlib import Path

from tests.campaign.campaign import again, campaign, keep
from tests.campaign.draw import draw
from tests.campaign.script import Script
from tests.evidence import measure_campaign

SHORTENED = 5  # failures that are made short; more of them tell little new


def main(arguments: list[str]) -> int:
    """The command; returns 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="make campaign")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--id", type=int)
    parser.add_argument("--file", type=Path)
    given = parser.parse_args(arguments)
    if given.file:
        return again(Script.load(given.file.read_text()))
    if given.id is not None:
        code = again(draw(given.id))
        if code:
            keep(given.id)
        return code
    summary = campaign(range(given.first, given.first + given.runs), says=True)
    print(summary.told())
    measure_campaign.keep(summary, given.first)
    for result in summary.broken[:SHORTENED]:
        keep(result.id)
    return 1 if summary.broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
