"""The interpreter is the named one, else the one on PATH, else the cached one; never an old one."""

import subprocess
from pathlib import Path

import pytest

from hardware.simulator import install_micropython, micropython_path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any interpreter: folders `path` (PATH), `cache` and `other`."""
    for name in ("path", "cache/bin", "other"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.delenv("PEN_MICROPYTHON", raising=False)
    monkeypatch.setattr(micropython_path, "cache_folder", lambda: tmp_path / "cache")
    return tmp_path


def interpreter(path: Path, answer: str) -> Path:
    """A program that answers every call alike."""
    path.write_text(f"#!/bin/sh\necho '{answer}'\n")
    path.chmod(0o755)
    return path


WORD64, WORD32 = 2**63 - 1, 2**31 - 1


def test_nothing_there(machine: Path) -> None:
    assert micropython_path.find_micropython() is None
    assert micropython_path.find_micropython32() is None


def test_the_order_is_named_then_path_then_cache(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = interpreter(machine / "cache/bin/micropython", f"1 25 0 {WORD64}")
    assert micropython_path.find_micropython() == cached
    on_path = interpreter(machine / "path/micropython", f"1 26 1 {WORD64}")
    assert micropython_path.find_micropython() == on_path
    named = interpreter(machine / "other/mine", f"1 25 0 {WORD64}")
    monkeypatch.setenv("PEN_MICROPYTHON", str(named))
    assert micropython_path.find_micropython() == named


@pytest.mark.parametrize("answer", [f"1 24 1 {WORD64}", f"0 99 0 {WORD64}", "hello", ""])
def test_an_old_or_strange_one_is_passed_over(machine: Path, answer: str) -> None:
    interpreter(machine / "path/micropython", answer)
    cached = interpreter(machine / "cache/bin/micropython", f"1 25 0 {WORD64}")
    assert micropython_path.find_micropython() == cached


def test_one_that_does_not_start_is_passed_over(machine: Path) -> None:
    (machine / "cache/bin/micropython").write_text("not a program")
    assert micropython_path.find_micropython() is None


def test_the_32_bit_one_has_32_bit_words(machine: Path) -> None:
    program = interpreter(machine / "cache/bin/micropython32", f"1 25 0 {WORD64}")
    assert micropython_path.find_micropython32() is None
    interpreter(program, f"1 25 0 {WORD32}")
    assert micropython_path.find_micropython32() == program


def test_the_version_is_told(machine: Path) -> None:
    program = interpreter(machine / "other/mine", f"1 25 3 {WORD64}")
    assert micropython_path.interpreter_version(program) == (1, 25, 3)
    assert micropython_path.interpreter_version(machine / "other/none") is None


def test_without_apt_it_says_why_and_what_to_do(
    machine: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install_micropython, "cache_folder", lambda: machine / "cache")
    assert install_micropython.main() == 10
    said = capsys.readouterr().err
    assert said.startswith("error 10: no MicroPython: this system")
    assert "next step: install MicroPython 1.25 or newer" in said


def test_small_integers_of_the_32_bit_build_end_where_the_boards_do(micropython32: Path) -> None:
    # A small integer needs no heap; one bit more does, and the locked heap refuses it.
    code = (
        "import micropython\n"
        "def room(n):\n"
        "    micropython.heap_lock()\n"
        "    try:\n"
        "        n + 1\n"
        "        return True\n"
        "    except MemoryError:\n"
        "        return False\n"
        "    finally:\n"
        "        micropython.heap_unlock()\n"
        "print(room(2**30 - 2), room(2**30 - 1))"
    )
    done = subprocess.run([micropython32, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]
