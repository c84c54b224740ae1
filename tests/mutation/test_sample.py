"""The short form of `make mutation`: a sample that PEN_SEED chooses, and a list of today.

One source of each area, with the few tests that notice whatever is wrong in it; what these let pass
is tried with all others, as ever.
"""

import subprocess
import sys
from random import Random

import pytest

from tests.conftest import SEED
from tests.mutation.planting import Source
from tests.mutation.report import accepted
from tests.mutation.targets import AREAS, NEAREST, REPOSITORY, modules

SAMPLE = 40


def drawn(seed: int) -> list[str]:
    """One source of each area."""
    random = Random(seed)
    return [random.choice([path for path in NEAREST if path.startswith(area)]) for area in AREAS]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_mutant_of_a_sample_goes_unnoticed() -> None:
    words = ["--near", "--sample", str(SAMPLE), "--seed", str(SEED), *drawn(SEED)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.mutation.report", *words],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert f"{SAMPLE} mutants" in done.stdout


def test_seeds_reach_every_source_that_can_be_drawn() -> None:
    assert {path for seed in range(100) for path in drawn(seed)} == set(NEAREST)
    assert set(NEAREST) <= set(modules())
    for tests in NEAREST.values():
        assert all((REPOSITORY / place).exists() for place in tests)


def test_every_mutant_on_the_list_still_exists_and_has_its_reason() -> None:
    known = accepted()
    there = {mutant.name for path in modules() for mutant in Source(path).mutants}
    assert set(known) - there == set()
    assert all(len(reason) > 10 for reason in known.values())
