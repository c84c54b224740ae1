"""Makes the source tree that the image is built from, and builds it.

Owns the folders it is given. The tree is always a copy, because one line of it is changed: nobody's
checkout is touched. Nothing of the machine gets into the image: no path, no time, no git.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from firmware.boards.image import FROZEN
from firmware.boards.packages import BuildError, complaint, run

BOARD = "firmware/boards/PEN_REV_A"
LIBRARIES = ("pico-sdk", "tinyusb", "mbedtls")
_UNUSED = (".git", "tests", "docs", "examples", "logo", "build", "build-*")
_OTHER_PORTS = ("alif", "cc3200", "esp*", "mimxrt", "nrf", "renesas-ra", "samd", "stm32", "zephyr")

# mpy-tool aligns frozen machine code of this core to 2 bytes; code that loads a 32-bit constant
# relative to the program counter needs 4 and reads rubbish otherwise.
_TOOL = "tools/mpy-tool.py"
_ALIGN_2 = "__attribute__ ((aligned (2)))"
_ALIGN_4 = "__attribute__ ((aligned (4)))"

_COMPUTED = "SCHEMA_ID = schema_id()\n"  # the last line of protocol/version.py

# Where each part states its version: file, expression.
_VERSIONS = {
    "micropython": ("py/mpconfig.h", r"#define MICROPY_VERSION_M\w+ +(\d+)"),
    "pico-sdk": (
        "lib/pico-sdk/pico_sdk_version.cmake",
        r"set\(PICO_SDK_VERSION_(?:M\w+|REVISION) (\d+)\)",
    ),
    "tinyusb": (
        "lib/tinyusb/src/tusb_option.h",
        r"#define TUSB_VERSION_(?:M\w+|REVISION) +(\d+)",
    ),
    "mbedtls": (
        "lib/mbedtls/include/mbedtls/build_info.h",
        r"#define MBEDTLS_VERSION_(?:M\w+|PATCH) +(\d+)",
    ),
}


def from_packages(sources: Path, tree: Path) -> None:
    """Make the tree from the unpacked packages."""
    _copy(sources / "micropython", tree)
    for name in LIBRARIES:
        place = tree / "lib" / name
        shutil.rmtree(place, ignore_errors=True)
        place.symlink_to((sources / name).resolve())
    # The build looks whether this library is there; nothing of it is used.
    (tree / "lib" / "micropython-lib").mkdir(exist_ok=True)
    (tree / "lib" / "micropython-lib" / "README.md").touch()
    _align(tree)


def from_checkout(checkout: Path, tree: Path) -> None:
    """Make the tree from someone's checkout of MicroPython; raises BuildError."""
    absent = [
        name
        for name, place in {
            "ports/rp2": "ports/rp2/CMakeLists.txt",
            **{f"lib/{name}": _VERSIONS[name][0] for name in LIBRARIES},
            "lib/micropython-lib": "lib/micropython-lib/README.md",
        }.items()
        if not (checkout / place).is_file()
    ]
    if absent:
        reason = f"{checkout} lacks {', '.join(absent)}"
        raise BuildError(24, reason, "run `make -C ports/rp2 submodules` in that checkout")
    _copy(checkout, tree)
    _align(tree)


def copy_of_ours(root: Path, pen: Path) -> None:
    """Copy what is frozen, so that no edit during a build gets half into the image."""
    shutil.rmtree(pen, ignore_errors=True)
    for name in FROZEN:
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(root / name, pen / name, ignore=ignore)


def put_schema_id(pen: Path, identity: str) -> None:
    """Write into the copy what `protocol.version` would compute for 0.4 s at every start."""
    path = pen / "protocol" / "version.py"
    text = path.read_text(encoding="utf-8")
    if text.count(_COMPUTED) != 1:
        raise BuildError(29, f"{path.name} does not end as expected", f"look for {_COMPUTED!r}")
    path.write_text(text.replace(_COMPUTED, f'SCHEMA_ID = "{identity}"\n'), encoding="utf-8")


def versions(tree: Path) -> dict[str, str]:
    """Return what each part of the tree says of its version."""
    found = {}
    for name, (place, expression) in _VERSIONS.items():
        text = (tree / place).read_text(encoding="utf-8")
        found[name] = ".".join(re.findall(expression, text)[:3])
    return found


def build(tree: Path, pen: Path, folder: Path, epoch: int, *, clean: bool) -> Path:
    """Build mpy-cross and the image of `pen`; return the folder with firmware.bin."""
    # Freezing goes by the files' dates, which may be older than what was frozen before; and a list
    # of the interpreter's names is not made anew when the board's options have changed.
    options = _options(pen)
    kept_options = folder / "options.txt"
    clean = clean or not kept_options.is_file() or kept_options.read_text("utf-8") != options
    shutil.rmtree(folder if clean else folder / "frozen_mpy", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    kept_options.write_text(options, encoding="utf-8")
    places = {folder: "/build", tree: "/micropython", tree.parent / "sources": "/sources"}
    maps = " ".join(f"-ffile-prefix-map={one}={name}" for one, name in places.items())
    kept = ("PATH", "HOME", "LANG", "TMPDIR")
    env = {name: os.environ[name] for name in kept if name in os.environ} | {
        "SOURCE_DATE_EPOCH": str(epoch),
        "MICROPY_GIT_TAG": f"v{versions(tree)['micropython']}",
        "MICROPY_GIT_HASH": "pen",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C",
        "TZ": "UTC",
    }
    jobs = str(os.cpu_count() or 1)
    cross = folder / "mpy-cross"
    configure = [
        *("cmake", "-S", str(tree / "ports" / "rp2"), "-B", str(folder), "-G", "Ninja"),
        *("-DMICROPY_BOARD=PEN_REV_A", f"-DMICROPY_BOARD_DIR={pen / BOARD}"),
        *("-DPICO_NO_PICOTOOL=1", "-DCMAKE_BUILD_TYPE=MinSizeRel"),
    ]
    image_env = dict.fromkeys(("CFLAGS", "CXXFLAGS", "ASMFLAGS"), maps) | {
        "MICROPY_MPYCROSS": str(cross / "mpy-cross")
    }
    try:
        run(["make", "-C", str(tree / "mpy-cross"), f"-j{jobs}", f"BUILD={cross}"], env=env)
        run(configure, env=env | image_env)
        run(["ninja", "-C", str(folder), f"-j{jobs}"], env=env | image_env)
    except subprocess.CalledProcessError as error:
        log = folder / "build.log"
        log.write_text(f"{error.stdout}\n{error.stderr}", encoding="utf-8")
        raise BuildError(25, f"it does not build ({complaint(error)})", f"read {log}") from error
    return folder


def _options(pen: Path) -> str:
    """What the interpreter is built with: the board's files for its compiler."""
    board = pen / BOARD
    files = [file for kind in ("h", "c", "cmake") for file in sorted(board.glob(f"*.{kind}"))]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def _copy(source: Path, tree: Path) -> None:
    shutil.rmtree(tree, ignore_errors=True)
    ignore = shutil.ignore_patterns(*_UNUSED)
    other_ports = shutil.ignore_patterns(*_OTHER_PORTS)

    def left_out(folder: str, names: list[str]) -> set[str]:
        if Path(folder) == source / "ports":
            return set(other_ports(folder, names))
        return set(ignore(folder, names)) if Path(folder) == source else {".git"} & set(names)

    shutil.copytree(source, tree, symlinks=True, ignore=left_out)


def _align(tree: Path) -> None:
    tool = tree / _TOOL
    text = tool.read_text(encoding="utf-8")
    if _ALIGN_2 not in text and _ALIGN_4 not in text:
        raise BuildError(26, f"{_TOOL} is not the one this build knows", "use MicroPython 1.25")
    tool.write_text(text.replace(_ALIGN_2, _ALIGN_4), encoding="utf-8")
