"""A short run of the campaign that `make evidence` runs a million times on each interpreter."""

import json
import subprocess
from pathlib import Path

from protocol import cobs
from protocol import decoder as decoder_module
from tests.conftest import SEED
from tests.protocol import mutation_campaign

ROOT = Path(__file__).resolve().parents[2]
CASES = 4200  # 300 of each kind


def test_no_damaged_frame_is_delivered() -> None:
    tally = mutation_campaign.run(CASES, SEED)
    assert (tally.cases, tally.wrong, tally.first_wrong) == (CASES, 0, "")
    assert tally.refused > CASES


def test_micropython_counts_the_same(each_micropython: Path) -> None:
    done = subprocess.run(
        [
            *(each_micropython, "-X", "heapsize=512k"),
            *("tests/protocol/mutation_campaign.py", str(CASES), str(SEED)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == vars(mutation_campaign.run(CASES, SEED))


def test_the_campaign_sees_a_decoder_without_check(monkeypatch) -> None:
    monkeypatch.setattr(decoder_module, "_crc32", lambda data: 0x2144DF1C)
    assert mutation_campaign.run(CASES, SEED).wrong > 100


def test_the_campaign_sees_a_decoder_that_loses_frames(monkeypatch) -> None:
    monkeypatch.setattr(
        decoder_module, "_unstuff", lambda data, size: size < 60 and real(data, size)
    )
    assert mutation_campaign.run(CASES, SEED).wrong > 100


real = cobs.decode
