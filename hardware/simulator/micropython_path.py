"""Finds the MicroPython interpreter that runs the simulated pen's firmware.

Owner of the answer to "which interpreter": the variable PEN_MICROPYTHON, else `micropython` on
PATH, else the one that `install_micropython` put into the cache; each only if it is new enough.
Where 32-bit code runs, a second build with the board's 31-bit small integers stands beside it.
"""

import os
import shutil
import subprocess
from pathlib import Path

# The firmware is frozen for, and its types are checked against, the 1.25 line.
MINIMUM_VERSION = (1, 25)

# Printed instead of sys.version, whose text differs between builds.
_ASK_VERSION = "import sys; print(*sys.implementation[1][:3], sys.maxsize)"

_SMALL_WORD_MAX = 2**31 - 1


def cache_folder() -> Path:
    """Where the downloaded interpreters live: in a checkout its .cache, else the user's cache."""
    root = Path(__file__).resolve().parents[2]
    if (root / "pyproject.toml").is_file():
        return root / ".cache" / "micropython"
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "microneedling-pen" / "micropython"


def interpreter_version(program: Path) -> tuple[int, int, int] | None:
    """Version of the interpreter, for instance (1, 25, 0); None if it does not run."""
    answer = _ask(program)
    return None if answer is None else answer[0]


def find_micropython() -> Path | None:
    """Return the interpreter to use, or None if there is none that is new enough.

    `python -m hardware.simulator.install_micropython` gets one where this is None.
    """
    named = os.environ.get("PEN_MICROPYTHON")
    on_path = shutil.which("micropython")
    cached = cache_folder() / "bin" / "micropython"
    for program in (named, on_path, cached):
        if program and _new_enough(Path(program)):
            return Path(program)
    return None


def find_micropython32() -> Path | None:
    """Return a build whose small integers have 31 bits, as the board's have, or None."""
    program = cache_folder() / "bin" / "micropython32"
    if not program.is_file():
        return None
    answer = _ask(program)
    if answer is None or answer[0][:2] < MINIMUM_VERSION or answer[1] != _SMALL_WORD_MAX:
        return None
    return program


def has_small_words(program: Path) -> bool:
    """True for a 32-bit build, whose objects are as large as on the board."""
    answer = _ask(program)
    return answer is not None and answer[1] == _SMALL_WORD_MAX


def _new_enough(program: Path) -> bool:
    version = interpreter_version(program)
    return version is not None and version[:2] >= MINIMUM_VERSION


def _ask(program: Path) -> tuple[tuple[int, int, int], int] | None:
    """Version and largest word of the interpreter; None if it is missing or broken."""
    try:
        done = subprocess.run(
            [program, "-c", _ASK_VERSION], capture_output=True, text=True, timeout=20, check=True
        )
        major, minor, patch, word = (int(part) for part in done.stdout.split())
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return (major, minor, patch), word
