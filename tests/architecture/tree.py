"""The repository as the architecture tests see it: which files there are and what they import."""

import ast
import dataclasses
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("protocol", "firmware", "hardware", "host_controller")

# These run on CPython, unix MicroPython and the board, from one source.
SHARED = ("protocol", "firmware", "hardware/board")
BOARD_ONLY = "firmware/hal/rp2040"  # a file or a folder
BUILD_ONLY = ("firmware/manifest.py", "firmware/boards/")  # files and folders


@dataclasses.dataclass(frozen=True)
class Import:
    """One import: who, at which line, what, and whether only a type checker sees it."""

    importer: str
    line: int
    imported: str
    for_checker: bool = False


def files() -> list[Path]:
    """Every file that is, or would be, in the repository, as paths from its root."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    names = sorted(set(listing.split("\0")) - {""})
    return [Path(name) for name in names if (ROOT / name).is_file()]


def sources(*folders: str) -> list[str]:
    """Python files below the folders, as text such as 'firmware/app.py'."""
    return [
        path.as_posix()
        for path in files()
        if path.suffix == ".py" and path.as_posix().startswith(tuple(f"{f}/" for f in folders))
    ]


def module_name(path: str) -> str:
    """Import path of a file: 'firmware/hal/ports.py' is firmware.hal.ports."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def parse(path: str) -> ast.Module:
    """Syntax tree of a file of the repository."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), path)


def imports(path: str) -> Iterator[Import]:
    """Every import in the file, wherever it stands, by the most exact name that is a module.

    `from firmware.hal import ports` names firmware.hal.ports, because that is a file;
    `from firmware.hal.ports import Clock` names firmware.hal.ports.
    """
    importer = module_name(path)
    package = importer if path.endswith("/__init__.py") else importer.rpartition(".")[0]
    tree = parse(path)
    unseen = {
        inner
        for guard in ast.walk(tree)
        if isinstance(guard, ast.If) and ast.unparse(guard.test) == "TYPE_CHECKING"
        for statement in guard.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(importer, node.lineno, alias.name, node in unseen)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")
                base = ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [base])])
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                named = whole if _is_module(whole) else base
                yield Import(importer, node.lineno, named, node in unseen)


def within(module: str, prefix: str) -> bool:
    """Whether a module is the named one or inside it."""
    return module == prefix or module.startswith(prefix + ".")


def _is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()
