"""Plans, cartridges and stored settings end alike on the pen's interpreter and on this one."""

import subprocess
import sys
from pathlib import Path
from random import Random

from tests.conftest import SEED
from tests.fuzz.corpus import inputs

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = "tests/fuzz/readers_on_micropython.py"
DRAWN = 1500


def lines() -> list[str]:
    """The kept inputs of each reader, and damaged ones."""
    random = Random(f"readers {SEED}")
    found = []
    for reader in ("plan", "cartridge", "settings"):
        kept = list(inputs(reader).values())
        damaged = []
        for _ in range(DRAWN):
            data = bytearray(random.choice(kept))
            for _ in range(random.randrange(4)):
                data[random.randrange(len(data))] = random.choice((0, 255, random.randrange(256)))
            damaged.append(bytes(data[: random.choice((len(data), random.randrange(len(data))))]))
        found += [f"{reader} {data.hex()}" for data in (*kept, *damaged)]
    return found


def outcomes(sent: list[str], *interpreter: str) -> list[str]:
    done = subprocess.run(
        [*interpreter, SCRIPT],
        cwd=ROOT,
        input="\n".join(sent) + "\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_they_end_alike(each_micropython: Path) -> None:
    sent = lines()
    here = outcomes(sent, sys.executable)
    there = outcomes(sent, str(each_micropython), "-X", "heapsize=512k")
    assert len(here) == len(sent)
    assert [case for case in zip(sent, here, there, strict=True) if case[1] != case[2]] == []
    assert sum(said.startswith("(0, ") for said in here) > 20  # plans that are accepted
    assert sum(said.startswith("12 2500") for said in here) > 100
