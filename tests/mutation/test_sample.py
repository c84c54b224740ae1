"""The short form of `make mutation`: a sample that PEN_SEED chooses, and a list of today."""

import subprocess
import sys

import pytest

from tests.conftest import SEED
from tests.mutation.planting import Source
from tests.mutation.report import accepted
from tests.mutation.targets import REPOSITORY, modules

SAMPLE = 60
SAMPLED = "firmware/storage/"  # its tests take two seconds; the others are for `make mutation`


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_mutant_of_a_sample_goes_unnoticed() -> None:
    paths = [path for path in modules() if path.startswith(SAMPLED)]
    words = ["-m", "tests.mutation.report", "--sample", str(SAMPLE), "--seed", str(SEED), *paths]
    done = subprocess.run(
        [sys.executable, *words], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert f"{SAMPLE} mutants" in done.stdout


def test_every_mutant_on_the_list_still_exists_and_has_its_reason() -> None:
    known = accepted()
    there = {mutant.name for path in modules() for mutant in Source(path).mutants}
    assert set(known) - there == set()
    assert all(len(reason) > 10 for reason in known.values())
