"""The golden vectors are what the generator makes, and both interpreters reproduce them."""

import subprocess
from pathlib import Path

import pytest

from tests.protocol import check_vectors, make_vectors

ROOT = Path(__file__).resolve().parents[2]
FILES = make_vectors.files()


@pytest.mark.parametrize("name", FILES)
def test_the_committed_file_is_what_the_generator_makes(name: str) -> None:
    committed = (make_vectors.FOLDER / name).read_text()
    assert committed == make_vectors.rendered(FILES[name]), (
        "the wire changed: python -m tests.protocol.make_vectors, if that was meant"
    )


def test_there_are_no_other_vectors() -> None:
    assert {path.name for path in make_vectors.FOLDER.iterdir()} == set(FILES)


def test_cpython_reproduces_all(monkeypatch) -> None:
    monkeypatch.chdir(ROOT)
    assert check_vectors.run() > 60


def test_micropython_reproduces_all(each_micropython: Path) -> None:
    done = subprocess.run(
        [each_micropython, "-X", "heapsize=192k", "tests/protocol/check_vectors.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    count = sum(len(content) if isinstance(content, list) else 1 for content in FILES.values())
    assert done.stdout.split() == [str(count), "vectors"]
