"""Damaged frames by the million: what the decoder delivers that was never sent."""

import concurrent.futures
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from hardware.simulator.micropython_path import find_micropython
from tests.evidence.figure import figure

ROOT = Path(__file__).resolve().parents[2]
CASES = 1_000_000
SEED = 20260101


def campaign(command: list[str], cases: int, seed: int) -> dict[str, Any]:
    """Run the campaign in an interpreter of its own; its tally."""
    done = subprocess.run(
        [*command, str(cases), str(seed)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    tally: dict[str, Any] = json.loads(done.stdout)
    return tally


def decoder(cases: int = CASES) -> list[dict[str, Any]]:
    """The same damaged frames through CPython and unix MicroPython, both at once."""
    micropython = find_micropython()
    if micropython is None:
        raise RuntimeError("no MicroPython: python -m hardware.simulator.install_micropython")
    commands = {
        "CPython": [sys.executable, "-m", "tests.protocol.mutation_campaign"],
        "MicroPython": [
            *(str(micropython), "-X", "heapsize=512k"),
            "tests/protocol/mutation_campaign.py",
        ],
    }
    with concurrent.futures.ThreadPoolExecutor() as pool:
        runs = {
            name: pool.submit(campaign, command, cases, SEED) for name, command in commands.items()
        }
        tallies = {name: run.result() for name, run in runs.items()}
    first, second = tallies.values()
    note = (
        f"{cases:,} damaged frames on each of {' and '.join(tallies)}, {first['refused']:,} pieces "
        f"refused, every whole frame after a delimiter delivered"
    )
    if first != second:
        note += "; the interpreters DISAGREE"
    wrong = first["wrong"] + second["wrong"] + (first != second)
    return [figure("decoder_wrong", wrong, "frames", "== 0", 2 * first["cases"], note)]


if __name__ == "__main__":
    print(json.dumps(decoder(), indent=1))
